/** Words for the movement of pupils and staff (domain guide, 7.6), keyed by the machines' identifiers. */

const kinds: Readonly<Record<string, string>> = {
  enrollment: 'Зачисление',
  classTransfer: 'Перевод в другой класс',
  departure: 'Отчисление, выбытие',
  readmission: 'Восстановление, возврат',
  hire: 'Приём на работу',
  assignmentChange: 'Смена нагрузки, классного руководства',
  longLeave: 'Длительное отсутствие',
  leaveReturn: 'Выход из длительного отсутствия',
  staffDeparture: 'Увольнение',
}

const departureReasons: Readonly<Record<string, string>> = {
  otherSchool: 'В другую школу',
  familyEducation: 'На семейное образование',
  graduation: 'Окончание школы',
  relocation: 'Переезд',
  expulsion: 'Отчисление как мера взыскания',
  other: 'Другая причина',
}

const stepActions: Readonly<Record<string, string>> = {
  rights: 'Снять права',
  add: 'Добавить',
  handover: 'Передать другому владельцу',
  remove: 'Удалить',
}

const stepStates: Readonly<Record<string, string>> = {
  open: 'Предстоит',
  done: 'Сделано',
  alreadyDone: 'Уже было сделано',
  failed: 'Не удалось',
  void: 'Больше не нужно',
}

const duties: Readonly<Record<string, string>> = {
  platformAdmin: 'права администратора',
  extraAdmin: 'права дополнительного администратора',
  classTeacher: 'классное руководство',
}

export const movementKindLabel = (kind: string): string => kinds[kind] ?? kind
export const departureReasonLabel = (reason: string): string => departureReasons[reason] ?? reason
export const stepActionLabel = (action: string): string => stepActions[action] ?? action
export const stepStateLabel = (state: string): string => stepStates[state] ?? state
export const dutyLabel = (duty: string): string => duties[duty] ?? duty
