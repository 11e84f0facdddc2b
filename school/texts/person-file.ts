/** Words of the file that a person gets about themself (domain guide, section 13). */

/** Parts of the file, in their order: title, and the columns with theirs. */
export const personFileParts = {
  person: ['Человек', { name: 'ФИО', phone: 'Телефон', email: 'Электронная почта', enteredAt: 'Внесён' }],
  memberships: [
    'Места в школе',
    {
      kind: 'Кто', position: 'Должность', roles: 'Роли в сервисе', className: 'Класс', academicYear: 'Учебный год', child: 'Представитель обучающегося', startsOn: 'С', endsOn: 'По', enteredAt: 'Внесено',
      endedAt: 'Закончено', platformStatus: 'На платформе', waivedReason: 'Почему статус не подтверждается',
    },
  ],
  guardians: ['Представители', { name: 'ФИО' }],
  orders: ['Приказы о человеке', { kind: 'Вид', number: 'Номер', date: 'Дата', title: 'Название', status: 'Состояние' }],
  signedOrders: ['Приказы, подписанные человеком', { kind: 'Вид', number: 'Номер', date: 'Дата', status: 'Состояние' }],
  applications: ['Заявки на регистрацию школы, где человек назван администратором', { number: 'Номер', frozenAt: 'Отправлена', fullName: 'ФИО', position: 'Должность', email: 'Почта', phone: 'Телефон' }],
  movements: ['Движение', { number: 'Номер', kind: 'Вид', effectiveOn: 'Дата', fromClass: 'Из класса', toClass: 'В класс', position: 'Должность', reason: 'Причина', state: 'Состояние', enteredAt: 'Внесено' }],
  decisions: ['Решения о переводе', { fromYear: 'Из года', toYear: 'В год', fromClass: 'Из класса', toClass: 'В класс', decision: 'Решение', reason: 'Пояснение' }],
  assignments: ['Права и классное руководство', { kind: 'Что', className: 'Класс', state: 'Состояние' }],
  loads: ['Учебная нагрузка', { subject: 'Предмет', className: 'Класс', academicYear: 'Учебный год', classGroup: 'Группа', endedAt: 'Закончено' }],
  places: ['Чаты и классы на платформе', { name: 'Название', standing: 'Отметка', since: 'С' }],
  owned: ['Чаты и классы, где человек — владелец', { name: 'Название', kind: 'Вид', state: 'Состояние' }],
  invitations: ['Приглашения', { number: 'Ссылка', target: 'Куда', role: 'Роль', state: 'Состояние', delivery: 'Доставка', issuedAt: 'Выдана', expiresAt: 'Действует до' }],
  answers: ['Ответы на приглашения', { type: 'Ответ', reason: 'Пояснение', at: 'Когда' }],
  joinings: ['Раздача ссылок классу', { name: 'Чат', audience: 'Кому', state: 'Состояние' }],
  letters: ['Письма человеку', { code: 'Письмо', state: 'Состояние', queuedAt: 'Создано', settledAt: 'Исход', address: 'Адрес', subject: 'Тема', body: 'Текст' }],
  messages: ['Ответы и возвраты писем', { receivedAt: 'Получено', from: 'От кого', subject: 'Тема', text: 'Текст' }],
  tasks: ['Задачи о человеке', { kind: 'Задача', state: 'Состояние', openedAt: 'Открыта', closedAt: 'Закрыта', comment: 'Пояснение' }],
  timeline: ['История', { at: 'Когда', who: 'Кто', about: 'О чём', what: 'Что', to: 'Состояние после', why: 'Почему' }],
  codes: ['Коды в других системах', { code: 'Код' }],
  importRows: [
    'Строки загруженных файлов',
    { at: 'Загрузка', source: 'Лист или файл', line: 'Строка', action: 'Что сделано', lastName: 'Фамилия', firstName: 'Имя', patronymic: 'Отчество', phone: 'Телефон', email: 'Почта', position: 'Должность', startsOn: 'С' },
  ],
  foundMovements: ['Найдено загрузками, ждёт приказа', { kind: 'Что', foundAt: 'Когда' }],
  keys: ['Ключи доступа', { name: 'Название', roles: 'Роли', createdAt: 'Выдан', lastUsedAt: 'Использован', revokedAt: 'Отозван' }],
  looks: ['Кто смотрел и получал данные', { at: 'Когда', who: 'Кто', what: 'Что' }],
  ownLooks: ['Что смотрел сам человек', { at: 'Когда', what: 'Что' }],
} as const satisfies Record<string, readonly [string, Readonly<Record<string, string>>]>

export type PersonFilePart = keyof typeof personFileParts

const codes: Readonly<Record<string, string>> = {
  staff: 'Сотрудник', student: 'Обучающийся', guardian: 'Родитель (представитель)', teacher: 'Учитель',
  absent: 'Не вступал', invited: 'Приглашён', requested: 'Подал заявку', joined: 'Вступил', verified: 'Вступил, статус подтверждён', removed: 'Удалён', declined: 'Отказался',
  expected: 'Предполагается', there: 'Подтверждено',
  draft: 'Проект', registered: 'Зарегистрирован', cancelled: 'Отменён', main: 'По основной деятельности', students: 'По контингенту обучающихся',
  extraAdmin: 'Права дополнительного администратора', classTeacher: 'Классное руководство',
}
const orderKinds: Readonly<Record<string, string>> = { staff: 'По личному составу' }
const looks: Readonly<Record<string, string>> = {
  phoneShown: 'Телефон и адрес почты целиком', linkShown: 'Адрес ссылки', pageShown: 'Личная страница приглашения', sheetPrinted: 'Лист с полосками', registerTaken: 'Список школы, контакты скрыты',
  registerTakenInFull: 'Список школы с контактами', personTaken: 'Всё о человеке, этот же файл', personErased: 'Удаление данных',
}

export const personFileWord = (code: string): string => codes[code] ?? code
export const orderKindLabel = (kind: string): string => orderKinds[kind] ?? personFileWord(kind)
/** What was looked at; data on a task's card is one of many. */
export const lookLabel = (action: string): string => looks[action] ?? 'Данные в карточке задачи'

export const personFileTitle = 'Что сервис хранит о человеке'
export const personFileNotes = [
  'Здесь всё, что есть о человеке в реестрах, процессах, письмах и журналах сервиса. Файлы приказов хранит школа; из них здесь номера, даты и названия.',
  'Пояснения записаны словами сотрудников: перед выдачей проверьте, что в них не названы другие люди.',
]
