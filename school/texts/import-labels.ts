/** Words for imports and exports: what files, rows and changes are called. */

const fileKinds: Readonly<Record<string, string>> = {
  students: 'Обучающиеся',
  staff: 'Сотрудники',
  guardians: 'Родители (представители)',
  classes: 'Классы',
  subjects: 'Предметы',
  loads: 'Учебная нагрузка',
  oneRoster: 'Архив OneRoster',
  all: 'Все списки',
}

const rowKinds: Readonly<Record<string, string>> = {
  class: 'Класс',
  subject: 'Предмет',
  staff: 'Сотрудник',
  student: 'Обучающийся',
  guardian: 'Родитель (законный представитель)',
  load: 'Учебная нагрузка',
}

const actions: Readonly<Record<string, string>> = {
  create: 'Будет внесено',
  change: 'Изменится',
  move: 'Нужен перевод приказом',
  leave: 'В списке нет: нужно выбытие приказом',
  same: 'Без изменений',
  ask: 'Нужен ответ',
  problem: 'Ошибка',
  skip: 'Пропускается',
}

const movements: Readonly<Record<string, string>> = {
  classTransfer: 'Перевод в другой класс',
  departure: 'Выбытие',
  readmission: 'Возвращение',
  staffDeparture: 'Увольнение',
  yearEnd: 'Перевод на следующий учебный год',
}

const confirmations: Readonly<Record<string, string>> = {
  nameSplit: 'Фамилии, имена и отчества были в одном столбце: проверьте, верно ли они разделены',
  manyLeaving: 'Необычно много выбывших: возможно, в файле не все',
  manyChanged: 'Необычно много изменений: возможно, сдвинулся столбец',
  manyMoved: 'Необычно много переводов: возможно, выбран не тот учебный год',
}

const phases: Readonly<Record<string, string>> = { reading: 'Читается файл', comparing: 'Сравнивается с реестром', writing: 'Вносится в реестр' }

const decisions: Readonly<Record<string, string>> = { same: 'Это тот же человек', new: 'Это новый человек', skip: 'Строка пропускается' }

const fields: Readonly<Record<string, string>> = {
  lastName: 'Фамилия', firstName: 'Имя', patronymic: 'Отчество', fullName: 'ФИО', foreignName: 'Имя латиницей', className: 'Класс', grade: 'Параллель', letter: 'Литера',
  startsOn: 'Дата зачисления или приёма', phone: 'Телефон', email: 'Электронная почта', position: 'Должность', teachingStaff: 'Педагогический работник', ref: 'Код',
  child: 'Обучающийся', childLastName: 'Фамилия обучающегося', childFirstName: 'Имя обучающегося', childPatronymic: 'Отчество обучающегося', childRef: 'Код обучающегося',
  subject: 'Предмет', teacher: 'Учитель', teacherRef: 'Код учителя', group: 'Группа',
}

const word = (words: Readonly<Record<string, string>>) => (code: string): string => words[code] ?? code

export const fileKindLabel = word(fileKinds)
export const rowKindLabel = word(rowKinds)
export const importActionLabel = word(actions)
export const foundMovementLabel = word(movements)
export const confirmationLabel = word(confirmations)
export const importPhaseLabel = word(phases)
export const rowDecisionLabel = word(decisions)
export const rosterFieldLabel = word(fields)
