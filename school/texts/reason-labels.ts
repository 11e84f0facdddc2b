/** Words for the small lists: roles, reasons, deliveries, letters; keyed by the machines' identifiers. */

export const roleLabels: Readonly<Record<string, string>> = {
  head: 'Руководитель',
  deputy: 'Заместитель руководителя',
  platformAdmin: 'Администратор ИКОП',
  extraAdmin: 'Дополнительный администратор',
  classTeacher: 'Классный руководитель',
  teacher: 'Педагогический работник',
  registrar: 'Секретарь',
  auditor: 'Проверяющий',
  operator: 'Технический оператор',
}

export const closeReasonLabels: Readonly<Record<string, string>> = {
  unclaimed: 'Не востребована',
  completed: 'Вступили все приглашённые',
  leaked: 'Ссылка попала к посторонним',
  wrongRole: 'Неверная роль',
  targetClosed: 'Класса или чата больше нет',
  personLeft: 'Приглашённый выбыл',
  superseded: 'Заменена новой ссылкой',
}

/** Reasons for «Не удалось» (domain guide, section 8), the same for every kind of task. */
export const failReasonLabels: Readonly<Record<string, string>> = {
  noAccess: 'Нет доступа или прав на платформе',
  platformError: 'Платформа не работает или выдаёт ошибку',
  dataWrong: 'Данные в задаче неверны',
  personUnknown: 'Человек неизвестен или не найден',
  other: 'Другая причина',
}

/** Reasons that machines give by themselves. */
export const ownReasonLabels: Readonly<Record<string, string>> = {
  noReply: 'Нет ответа платформы',
  setting: 'По настройке школы или сотрудника',
  overtaken: 'Началось следующее движение этого человека, оставшиеся шаги вошли в него',
  // Why a movement cannot begin.
  orderNotInForce: 'Приказ отменён или ещё не зарегистрирован',
  lastAdministrator: 'Это последний администратор с подтверждёнными правами: сначала назначьте другого',
  lastHead: 'Это единственный руководитель: сначала назначьте другого',
  notOnLeave: 'Человек не в длительном отсутствии: внесите сначала его или отмените выход',
  notThere: 'На эту дату человек не числится: внесите сначала приём или зачисление',
  alreadyThere: 'На эту дату человек уже числится: внесите сначала выбытие или увольнение',
  laterMovement: 'Более позднее движение этого человека после этого потеряет смысл: сначала верните его',
  classClosed: 'Класса больше нет: выберите другой',
}

export const deliveryLabels: Readonly<Record<string, string>> = {
  notSent: 'Не отправлено',
  accepted: 'Принято почтовым сервером',
  bounced: 'Вернулось',
  handed: 'Передано лично',
}

export const platformStateLabels: Readonly<Record<string, string>> = {
  none: 'На платформе не создана',
  live: 'Действует на платформе',
  revoked: 'Аннулирована на платформе',
}

export const sweepProblemLabels: Readonly<Record<string, string>> = {
  aliveAfterTerm: 'Срок истёк, ссылка ещё не аннулирована на платформе',
  noProcess: 'Ссылка действует на платформе без присмотра',
  targetGone: 'Класса или чата больше нет, ссылка ещё действует',
}

export const letterLabels: Readonly<Record<string, string>> = {
  'L-REG-APPLY': 'Заявка на регистрацию организации',
  'L-REG-FOLLOWUP': 'Напоминание о заявке',
  'L-REG-CLARIFY': 'Уточнение по заявке',
  'L-REG-STATUS': 'Сообщение руководителю о заявке',
  'L-INV-TEACHER': 'Приглашение',
  'L-INV-CHAT': 'Приглашение в чат класса',
  'L-INV-REMIND': 'Напоминание о приглашении',
  'L-INV-EXPIRED': 'Срок приглашения истёк',
  'L-VERIFY': 'Подтверждение статуса «учитель»',
  'L-MOVE-NOTICE': 'Изменения в классе',
  'L-TASKS-DIGEST': 'Задачи на день',
  'L-TASK-URGENT': 'Срочная задача',
  'L-SIGN-IN': 'Ссылка для входа',
  'L-TEST': 'Проверочное письмо',
}
