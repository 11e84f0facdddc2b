/** Names of processes and of their states, keyed by the machines' identifiers (domain guide, sections 6 and 7). */
interface ProcessText {
  title: string
  states: Readonly<Record<string, string>>
}

const movementStates: Readonly<Record<string, string>> = {
  draft: 'Черновик',
  awaitingOrder: 'Ожидает приказа',
  scheduled: 'Запланировано',
  platformWork: 'Выполняется на платформе',
  completed: 'Завершено',
  partiallyDone: 'Выполнено частично',
  reversing: 'Возвращается на платформе',
  reversed: 'Возвращено',
  cancelled: 'Отменено',
}

export const processTexts: Readonly<Record<string, ProcessText>> = {
  organizationRegistration: {
    title: 'Регистрация организации',
    states: {
      draft: 'Черновик',
      awaitingOrder: 'Ожидает приказа',
      readyToSend: 'Готова к отправке',
      sending: 'Отправляется',
      deliveryProblem: 'Проблема с доставкой',
      awaitingReply: 'Ожидает ответа',
      clarification: 'Нужны уточнения',
      adminSignIn: 'Вход администратора',
      rightsMissing: 'Права не появились',
      profileSetup: 'Сведения об организации',
      staffRoomSetup: 'Класс «Учительская»',
      completed: 'Завершена',
      rejected: 'Отказано',
      cancelled: 'Отменена',
    },
  },
  inviteLink: {
    title: 'Ссылка-приглашение',
    states: {
      requested: 'Запрошена',
      creating: 'Создаётся на платформе',
      active: 'Действует',
      creationFailed: 'Не удалось создать',
      closing: 'Закрывается (нужно аннулировать на платформе)',
      revocationOverdue: 'Аннулирование просрочено',
      revoked: 'Аннулирована',
      cancelled: 'Отменена',
    },
  },
  invitation: {
    title: 'Приглашение',
    states: {
      planned: 'Подготовлено',
      sent: 'Отправлено',
      joined: 'Вступил',
      declined: 'Отказался',
      expired: 'Срок истёк',
      superseded: 'Заменено',
      cancelled: 'Отменено',
      joinedLate: 'Вступил после срока',
      lateChecked: 'Вступил после срока, проверено',
    },
  },
  teacherOnboarding: {
    title: 'Подключение педагога',
    states: {
      registered: 'Внесён в список',
      inviting: 'Готовится приглашение',
      invited: 'Приглашён',
      joinRequested: 'Подал заявку',
      inviteExpired: 'Ссылка истекла',
      identityDoubt: 'Нужно уточнить личность',
      wrongRole: 'Не та роль',
      joined: 'Вступил',
      verifying: 'Подтверждает статус «учитель»',
      verificationProblem: 'Статус не подтверждён',
      active: 'Подключён',
      declined: 'Отказался',
      cancelled: 'Отменено',
    },
  },
  staffAssignment: {
    title: 'Права и классы сотрудника',
    states: {
      draft: 'Черновик',
      platformWork: 'Выполняется на платформе',
      active: 'Действует',
      removing: 'Снимается на платформе',
      removed: 'Снято',
      failed: 'Не удалось',
      cancelled: 'Отменено',
    },
  },
  communicationSpace: {
    title: 'Класс или чат на платформе',
    states: {
      planned: 'Запланирован',
      creating: 'Создаётся на платформе',
      creationFailed: 'Не удалось создать',
      active: 'Действует',
      handover: 'Передаётся другому владельцу',
      archiving: 'Закрывается на платформе',
      archived: 'В архиве',
      cancelled: 'Отменён',
    },
  },
  studentMovement: { title: 'Движение обучающегося', states: movementStates },
  staffMovement: { title: 'Кадровое движение', states: movementStates },
  yearEndPromotion: {
    title: 'Перевод на следующий учебный год',
    states: {
      preparing: 'Подготовка',
      drafting: 'Составляется список',
      classReview: 'Проверка по классам',
      headApproval: 'На утверждении',
      scheduled: 'Утверждён, ждёт даты',
      applying: 'Применяется',
      platformWork: 'Выполняется на платформе',
      completed: 'Завершён',
      completedWithRemarks: 'Завершён с замечаниями',
      rollingBack: 'Возвращается',
      cancelled: 'Отменён',
    },
  },
  linkSweep: {
    title: 'Проверка ссылок',
    states: { idle: 'Замечаний нет', attention: 'Есть замечания' },
  },
  humanTask: {
    title: 'Задача',
    states: { open: 'Открыта', claimed: 'В работе', completed: 'Выполнена', failed: 'Не удалось', cancelled: 'Снята' },
  },
  letter: {
    title: 'Письмо',
    states: {
      queued: 'В очереди',
      rendered: 'Подготовлено',
      sending: 'Отправляется',
      accepted: 'Принято сервером',
      failed: 'Не отправлено',
      unknownOutcome: 'Исход неизвестен',
      bounced: 'Вернулось',
      cancelled: 'Отменено',
    },
  },
}
