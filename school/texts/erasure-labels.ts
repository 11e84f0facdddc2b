import { processLabel, stateLabel, taskTitle } from './labels.ts'

/** Words for the erasure of personal data (domain guide, section 13): acts, and what keeps somebody from being forgotten. */

const rules: Readonly<Record<string, string>> = {
  leavers: 'Прошёл год после окончания последнего места в школе',
  demand: 'Требование человека или его представителя',
  importTerm: 'Загрузка завершена, срок хранения её строк и файла вышел',
  linkTerm: 'Прошло 90 дней после закрытия ссылки или завершения работы',
}

const kinds: Readonly<Record<string, string>> = {
  names: 'ФИО, телефоны, адреса почты: заменены псевдонимом',
  memberships: 'Должности и пояснения к местам в школе',
  keys: 'Ключи доступа: отозваны, названия стёрты',
  codes: 'Коды из других систем',
  places: 'Отметки о чатах и классах на платформе',
  pages: 'Личные страницы приглашённых',
  answers: 'Ответы приглашённых своими словами',
  letters: 'Письма этим людям: адрес, тема, текст',
  messages: 'Ответы и возвраты писем: отправитель, тема, текст',
  tasks: 'Пояснения в задачах',
  timeline: 'Пояснения в истории процессов',
  processes: 'Пояснения в завершённых процессах',
  steps: 'Записи шагов завершённых процессов',
  movements: 'Должности в движениях',
  decisions: 'Пояснения к решениям о переводе',
  found: 'Найденное загрузками, что ждало приказа',
  importRows: 'Строки загрузок',
  importFiles: 'Части загруженных файлов',
  importNames: 'Названия загруженных файлов',
  linkAddresses: 'Адреса ссылок',
}

const memberships: Readonly<Record<string, string>> = { staff: 'работает в школе', student: 'учится в школе', guardian: 'представитель обучающегося' }

export const erasureRuleLabel = (rule: string): string => rules[rule] ?? rule
export const erasedKindLabel = (kind: string): string => kinds[kind] ?? kind

/** How it was destroyed, the same for every act. */
export const erasureMethod = 'Данные стёрты в информационной системе без возможности восстановления в ней, имена заменены псевдонимами'

/** What holds, in words: «Движение обучающегося ДВ-2026-000001: Назначено». */
export function holdLabel({ kind, name, state, number }: { kind: string; name: string; state: string | null; number: string | null }): string {
  switch (kind) {
    case 'membership':
      return memberships[name] ?? name
    case 'process':
      return [[processLabel(name), number].filter(Boolean).join(' '), state && stateLabel(name, state)].filter(Boolean).join(': ')
    case 'task':
      return `задача «${taskTitle(name)}»`
    case 'import':
      return 'загрузка, которую ещё не внесли и не отменили'
    case 'place':
      return `ещё на платформе: «${name}»`
    case 'space':
      return `владелец чата или класса «${name}»`
    default:
      return 'процесс, который сейчас начинается'
  }
}
