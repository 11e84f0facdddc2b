import type { Language } from './validation.ts'

const text = (ru: string, en: string): Record<Language, string> => ({ ru, en })

const orderStands = text('Приказ заявки действует: после отправки его не меняют.', 'The application has an order in force: it stays as it is once sent.')

/** Why a condition of a machine says no, and what to do about it: keyed by the guard's name. */
export const guardTexts: Readonly<Record<string, Record<Language, string>>> = {
  // Host
  deadlineIsLive: text('Этот срок сейчас не действует: обновите карточку процесса.', 'This deadline is not live: reload the process.'),
  deadlineMovesByEvent: text('Этот срок меняется только своим действием: для ссылки это «Продлить срок».', 'This deadline is moved by an event of its own: for a link, EXTEND.'),

  noLiveRegistration: text('Заявка на регистрацию школы уже ведётся: откройте её карточку.', 'A registration of the school is running: open it.'),
  spaceIsNew: text('Такой класс или чат уже есть или создаётся: откройте его карточку.', 'Such a class or chat is there or on its way: open it.'),

  // Registration
  applicationComplete: text('Не все данные заявки заполнены: проверьте сведения о школе и администраторе.', 'The application is incomplete: check the data of the school and of the administrator.'),
  adminIsTeachingStaff: text('Администратор должен работать в школе и быть из числа педагогических работников (п. 2.2 Положения): внесите другого администратора или исправьте его должность.', 'The administrator must work at the school and belong to teaching staff: choose another person or correct the position.'),
  adminPhoneIsMobile: text('У администратора не указан личный мобильный номер РФ: внесите номер вида +7 9XX XXX-XX-XX.', 'The administrator has no Russian mobile number: enter one.'),
  orderIsMain: text('Нужен приказ по основной деятельности: выберите приказ вида «осн.».', 'An order of kind «main» is needed.'),
  orderIsRegistered: text('Приказ не зарегистрирован или отменён: приложите действующий приказ.', 'The order is not registered or was cancelled: attach one that is in force.'),
  orderHasFile: text('К приказу не приложен файл: приложите скан (PDF, JPEG или PNG).', 'The order has no file: attach a scan (PDF, JPEG or PNG).'),
  orderIsInForce: text('Дата приказа ещё не наступила: приложите действующий приказ.', 'The order is not in force yet: attach one that is.'),
  orderIsMissing: orderStands,
  orderMayChange: orderStands,
  orderIsOurs: text('К этой заявке приложен другой приказ: ничего менять не нужно.', 'Another order is attached to this application: nothing to change.'),
  sendsByItself: text('В настройках школы включена проверка перед отправкой: отправьте заявку кнопкой «Проверить и отправить».', 'The school confirms before sending: send the application with CONFIRM_SEND.'),
  notAtPlatform: text('Заявка уже у платформы, её данные не меняются. Если они устарели, сообщите об этом платформе в той же переписке.', 'The platform has the application, its data stay as they are. Tell the platform in the same thread what changed.'),
  outcomeKnown: text('Неизвестно, дошло ли письмо с заявкой: сначала решите это. До тех пор данные отправленного письма не меняются.', 'Nobody knows whether the application arrived: decide that first. Until then its data stay as they are.'),
  letterInTrouble: text('Сейчас ни одно письмо не ждёт решения.', 'No letter waits for a decision now.'),
  letterInDoubt: text('Исход этого письма известен: если оно не отправлено или вернулось, устраните причину и отправьте снова.', 'The outcome of this letter is known: if it failed or came back, correct the cause and send again.'),
  troubledLetter: text('Решения ждёт другое письмо.', 'Another letter waits for a decision.'),
  hasText: text('Напишите текст письма: уточнение составляет человек.', 'Write the text of the letter: a clarification is a person’s own words.'),
  outcomeOfMail: text('Исход этой отправки сообщает почта, отметить его вручную пока нельзя.', 'Mail reports this outcome itself; it cannot be set by hand now.'),

  // Invite link
  staffRoomExists: text('Сначала создайте на платформе класс «Учительская» и завершите регистрацию школы: без него педагогов пригласить некуда.', 'Create the class «Учительская» on the platform first: there is nowhere to invite teachers.'),
  roleFitsTarget: text('В «Учительскую» приглашают только в роли «учитель»: запросите ссылку с этой ролью.', 'Staff links have the role «teacher»: ask for a link with it.'),
  someoneCanBeWritten: text('Сейчас писать некому: одному человеку — не чаще раза в час и не больше пяти писем, и у него есть адрес почты. Личную страницу можно передать из карточки ссылки.', 'Nobody can be written to now: one letter an hour and five in all to a person, who has an address. A personal page can be handed over from the link.'),
  noLiveInvitation: text('У этого человека уже есть действующее приглашение: отправьте его ещё раз или замените.', 'This person has a live invitation: send it again or replace it.'),
  onboardingWaits: text('Ссылка уже закрывается, добавить человека нельзя: запросите новую ссылку.', 'The link is closing, nobody can be added: ask for a new one.'),
  linkTermNotOver: text('Срок ссылки истёк: отправьте письма вместе с продлением срока.', 'The link is past its term: resend with an extension.'),
  laterThanBefore: text('Новый срок должен быть позже прежнего и позже текущего времени.', 'The new term must be later than the old one and than now.'),
  withinTotalLife: text('Ссылка может действовать не больше 60 дней с создания: запросите новую.', 'A link lives 60 days at most: ask for a new one.'),
  recipientsMayJoin: text('Среди выбранных есть те, кто уже вступил, отказался или приглашён по другой ссылке: обновите список.', 'Some of the chosen have joined, declined or have another link: reload the list.'),
  someoneWaits: text('По этой ссылке больше никого не ждут: писать некому.', 'Nobody is expected by this link any more.'),
  someoneJoined: text('По этой ссылке ещё никто не вступил.', 'Nobody has joined by this link yet.'),
  notLeakedYet: text('Об утечке этой ссылки уже сообщено: аннулируйте её на платформе.', 'The leak is reported already: annul the link on the platform.'),

  // Invitation
  hasEmail: text('У человека не указана почта: исправьте адрес или передайте приглашение лично.', 'The person has no e-mail address: correct it or hand the invitation over.'),
  linkIsReady: text('Ссылка на платформе ещё не создана: передавать пока нечего.', 'The link does not exist on the platform yet: there is nothing to hand over.'),
  lettersLeft: text('По этому приглашению отправлено 5 писем, больше нельзя: передайте приглашение лично или подготовьте новое.', 'Five letters were sent: hand the invitation over or make a new one.'),
  coolDownPassed: text('Этому человеку писали меньше часа назад: повторите позже.', 'This person was written to less than an hour ago: try later.'),
  reachable: text('Письма до этого человека не доходят: исправьте адрес.', 'Letters do not reach this person: correct the address.'),
  requestNotSent: text('Человек сообщил, что заявка отправлена: рассмотрите её.', 'The person has sent the request: consider it.'),
  requestSentOnce: text('О заявке уже сообщено, повторять не нужно.', 'The request is reported already.'),
  newTrouble: text('Об этом письме уже сообщено.', 'This letter is reported already.'),
  noNewLinkPending: text('Новую ссылку уже попросили, администратор увидит просьбу.', 'A new link is asked for already.'),
  newLinkPending: text('Новую ссылку сейчас не просят: отвечать не на что.', 'Nobody asks for a new link now.'),
  closesAsDeclined: text('Приглашение закрывается не отказом.', 'The invitation does not close as declined.'),
  closesAsSuperseded: text('Приглашение закрывается не заменой.', 'The invitation does not close as superseded.'),
  linkUnclaimed: text('Ссылка закрыта по другой причине.', 'The link closed for another reason.'),
  linkSuperseded: text('Ссылка закрыта не заменой.', 'The link did not close as superseded.'),
  lateOneIsRemoved: text('Решение другое: участник остаётся.', 'The decision is to keep the person.'),

  // Onboarding
  inviteIsClosed: text('Приглашение ещё действует.', 'The invitation is still live.'),

  // Rights and classes of staff
  personHasJoined: text('Человек ещё не вступил на платформе: назначить можно только вступившего педагога.', 'The person has not joined on the platform yet.'),
  orderDistributesClass: text('Нет зарегистрированного приказа о распределении классного руководства: сначала внесите приказ.', 'There is no registered order that distributes the class: enter it first.'),
  notLastAdministrator: text('Это последний администратор с подтверждёнными правами: сначала назначьте другого.', 'This is the last administrator with confirmed rights: appoint another first.'),
  requestWaits: text('Сначала человек подаёт заявку на вступление.', 'First the person asks to join.'),
  nobodyExtra: text('В чате больше людей, чем приглашено.', 'More people are in the chat than were invited.'),
  isLeave: text('Продлевают только длительное отсутствие.', 'Only a long leave is extended.'),
  notOwnRights: text('Снятие своих прав подтверждает другой человек: передайте задачу.', 'Another person confirms that your rights were removed: hand the task over.'),
  failedAtRemoval: text('Не удалось назначение, а не снятие.', 'Giving failed, not taking away.'),
  failedAtGrant: text('Права ещё не сняты на платформе, отменить нельзя: повторите снятие.', 'The rights are still there on the platform: repeat the removal.'),

  // Spaces
  schoolIsRegistered: text('Школа ещё не зарегистрирована на платформе: сначала завершите регистрацию (класс «Учительская»).', 'The school is not registered on the platform yet: finish its registration first.'),
  chatHasAddress: text('Укажите ссылку на чат: скопируйте её на платформе.', 'Give the address of the chat: copy it on the platform.'),
  hasOwner: text('Класс ведут администраторы: передавать его некому и незачем.', 'A class belongs to the administrators: it is not handed over.'),
  newOwnerWorks: text('Новый владелец не работает в школе: выберите сотрудника.', 'The new owner is not on the staff: choose another person.'),
  nobodyWaitsForIt: text('Прежний владелец уходит, передачу отменить нельзя: выберите другого нового владельца.', 'The owner is leaving, so the hand-over cannot be called off: choose another new owner.'),
  anotherOwner: text('Этот человек уже владелец или ему уже передают: выберите другого.', 'This person has it or is about to: choose another.'),

  // Pupils and guardians
  givenByHand: text('Это приглашение отправляется письмом.', 'This invitation goes by letter.'),
  everybodyWritten: text('Есть те, кому ссылку передают лично.', 'Some get the link by hand.'),
  countsOnly: text('Школа ведёт вступление поимённо: отметьте вступивших и отказавшихся в списке.', 'The school keeps lists by name: mark who joined and who declined.'),
  listsByName: text('Школа ведёт только количество: внесите, сколько вступило.', 'The school keeps counts only: enter how many joined.'),
  markedAreOurs: text('Среди отмеченных есть приглашения из другого списка: обновите его.', 'Some of the marked are invited by another list: reload it.'),
  joiningLinkOver: text('Ссылка ещё действует.', 'The link is still live.'),
  isBeingClosed: text('Ссылку закрыли не отсюда.', 'The link was not closed from here.'),

  // Movement
  movementOrderKind: text('Приказ другого вида: для обучающихся нужен приказ по контингенту, для сотрудников — кадровый или по основной деятельности.', 'The order is of another kind: pupils need one of kind «students», staff one of kind «staff» or «main».'),
  administratorRemains: text('Это последний администратор с подтверждёнными правами: сначала назначьте дополнительного администратора (BR-12). Замещение прав на платформе не даёт.', 'This is the last administrator with confirmed rights: appoint an additional one first. A substitute has no rights on the platform.'),
  nothingRestsOnIt: text('Более позднее движение этого человека без этого теряет смысл: сначала верните его.', 'A later movement of this person makes no sense without this one: take that back first.'),
  movementOrderIsOurs: text('Это движение основано на другом приказе: ничего менять не нужно.', 'This movement rests on another order: nothing to change.'),
  movementOrderIsMissing: text('Приказ этого движения действует: другой не нужен.', 'The order of this movement is in force: no other is needed.'),
  movementBlocked: text('Движение ничто не задерживает: оно начнётся в свою дату.', 'Nothing holds the movement up: it begins on its date.'),
  registerChanged: text('Списки ещё не изменены: подождите немного и повторите.', 'The register is not changed yet: wait a moment and try again.'),
  registerRestored: text('Списки ещё не возвращены: подождите немного и повторите.', 'The register is not changed back yet: wait a moment and try again.'),
  planIsForward: text('Это ответ на прежний вопрос: он уже не нужен.', 'This answers an earlier question.'),
  planIsBackward: text('Это ответ на прежний вопрос: он уже не нужен.', 'This answers an earlier question.'),
  orderIsGone: text('Движение задерживает не приказ.', 'It is not the order that holds the movement up.'),
  stepsWait: text('Среди указанных шагов есть уже выполненные или ненужные: обновите список шагов.', 'Some of the steps are done or void already: reload the list.'),
  stepsAreDue: text('Сначала закончите шаги, которые идут раньше: снять права, затем добавить, затем передать чаты и только потом удалять.', 'Finish what comes first: rights, then what adds, then hand-overs, and only then what removes.'),
  workLeft: text('Невыполненных шагов нет.', 'No step is left.'),
  noWorkLeft: text('Ещё есть невыполненные шаги.', 'Some steps are left.'),

  // Sweep
  nothingFound: text('При проверке есть замечания.', 'The sweep found something.'),
  isFound: text('Этой ссылки среди замечаний нет: обновите список.', 'This link is not among the findings: reload the list.'),
  isLastFound: text('Есть и другие замечания.', 'There are other findings.'),

  // Tasks
  claimedBySender: text('Задачу взял другой человек: вернуть её может только он.', 'Another person has claimed the task.'),
  failureHasBranch: text('После неудачи эта задача открывается снова.', 'This task opens again after a failure.'),

  // Letters
  personOrInside: text('Письмо наружу с неизвестным исходом повторяет только человек.', 'Only a person repeats an outside letter of unknown outcome.'),
  saidByPerson: text('Подтвердить, что письмо дошло, может только человек.', 'Only a person may say that the letter arrived.'),

  // Import
  planIsSeen: text('С тех пор загрузка сравнена с реестром заново: посмотрите изменения и передайте их версию (version).', 'The import was compared anew since: look at the changes and send their version.'),
  everyRowReady: text('Есть строки с ошибками или вопросами: исправьте их, ответьте на вопросы или внесите остальные строки (rows: «ready»).', 'Some rows have problems or open questions: settle them, or commit the others with rows «ready».'),
  consequencesConfirmed: text('Эти изменения нужно подтвердить отдельно: перечислите их в confirm (список — в карточке загрузки).', 'These consequences need a confirmation: list them in confirm as the import names them.'),

  // Year's end
  promotionWindowOpen: text('Список к переводу составляют с 10 мая (или с дня из настроек школы): дождитесь этого дня.', 'The list is drawn up from 10 May, or the day in the settings: wait for it.'),
  nextYearHasClasses: text('У следующего учебного года ещё нет классов: сначала заведите их.', 'The next academic year has no classes yet: open them first.'),
  draftMade: text('Список ещё составляется: подождите немного и повторите.', 'The list is being drawn up: wait a moment and try again.'),
  everyPupilDecided: text('Не по каждому ученику есть решение: отберите «Не решено» и решите.', 'Not every pupil has a decision: look for «undecided».'),
  everyTargetExists: text('Не у каждого ученика есть класс в следующем году: заведите класс или выберите другой.', 'Not every pupil has a class of the next year: open it or choose another.'),
  classWaits: text('Этот класс уже подтверждён.', 'This class has been confirmed.'),
  promotionOrder: text('Нужен зарегистрированный приказ по контингенту с файлом.', 'A registered order of kind «students» with a file is needed.'),
  approvedByHead: text('Перевод утверждает руководитель или его заместитель.', 'The head or a deputy approves.'),
  notPreparer: text('Список утверждает не тот, кто его подготовил: пусть это сделает другой руководитель.', 'Whoever prepared the list does not approve it: another one does.'),
  unusualConfirmed: text('Не переводится больше 30 % класса или 15 % школы: проверьте список и подтвердите это отдельно (confirmedUnusual).', 'More than 30 % of a class or 15 % of the school is not simply promoted: confirm it with confirmedUnusual.'),
  stillDecided: text('После проверки в списке появились ученики без решения: верните его на доработку.', 'Pupils without a decision have come into the list: return it.'),
  applyDateInWindow: text('День применения — с 1 июля по 31 августа (или дни из настроек школы): выберите другой.', 'It is applied from 1 July to 31 August, or the days in the settings: choose another.'),
  promotionOrderIsOurs: text('Перевод утверждён другим приказом: ничего менять не нужно.', 'Another order approved this: nothing to change.'),
  stepIsOpen: text('Этот шаг уже отмечен или больше не нужен.', 'This step is done or no longer needed.'),
  nothingLeft: text('На платформе ещё не всё сделано.', 'Not everything is done on the platform.'),
  rollbackOpen: text('Вернуть перевод можно было до 20 сентября (или дня из настроек школы): исправляйте отдельными движениями.', 'It could be rolled back until 20 September, or the day in the settings: use single movements.'),
}
