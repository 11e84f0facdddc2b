import type { Language, ProblemParams } from './validation.ts'

type FailureText = { title: Record<Language, string>; detail: Record<Language, string> }

const text = (ru: [title: string, detail: string], en: [title: string, detail: string]): FailureText => ({
  title: { ru: ru[0], en: en[0] },
  detail: { ru: ru[1], en: en[1] },
})

/** What the HTTP service says when it refuses, by code. `{name}` is replaced by a parameter. */
export const failureTexts = {
  malformedBody: text(
    ['Запрос не читается', 'Тело запроса — не JSON или испорчено. Проверьте скобки, кавычки, повторы полей и кодировку UTF-8.'],
    ['Malformed request', 'The body is not JSON or is damaged. Check brackets, quotes, repeated members and the UTF-8 encoding.'],
  ),
  malformedRequest: text(
    ['Запрос не читается', 'Адрес или заголовки испорчены либо слишком длинны. Проверьте их и отправьте запрос снова.'],
    ['Malformed request', 'The address or the headers are damaged or too long. Check them and send the request again.'],
  ),
  invalidRequest: text(
    ['Неверный запрос', 'Проверьте адрес, параметры и заголовки: что не так, перечислено в problems.'],
    ['Invalid request', 'Check the address, parameters and headers: problems lists what is wrong.'],
  ),
  invalid: text(
    ['Данные не приняты', 'Исправьте поля, перечисленные в problems, и отправьте снова. Ничего не изменено.'],
    ['Invalid data', 'Correct the fields listed in problems and send again. Nothing was changed.'],
  ),
  unsupportedMedia: text(
    ['Этот тип содержимого не принимается', 'Укажите Content-Type, который принимает этот адрес.'],
    ['Unsupported content type', 'Use a Content-Type that this address accepts.'],
  ),
  tooLarge: text(
    ['Слишком большой запрос', 'Уменьшите запрос или разделите его на части.'],
    ['Request too large', 'Make the request smaller or split it.'],
  ),
  unauthorized: text(
    ['Нужен ключ доступа', 'Передайте действующий ключ: Authorization: Bearer sf_…'],
    ['Access key required', 'Send a valid key: Authorization: Bearer sf_…'],
  ),
  forbidden: text(
    ['Нет прав', 'Это действие вашей роли не разрешено. Обратитесь к администратору платформы или руководителю.'],
    ['Not permitted', 'Your role may not do this. Ask the platform administrator or the head.'],
  ),
  fourEyes: text(
    ['Нужен другой человек', 'Тот, о чьих правах идёт речь, не может подтверждать это сам. Пусть подтвердит другой сотрудник.'],
    ['Another person is needed', 'The person concerned may not confirm this. Let a colleague do it.'],
  ),
  notFound: text(
    ['Не найдено', 'Такого адреса или записи нет, либо она принадлежит другой школе.'],
    ['Not found', 'No such address or record, or it belongs to another school.'],
  ),
  methodNotAllowed: text(
    ['Метод не подходит', 'Этот адрес есть, но с другим методом: допустимые перечислены в заголовке Allow.'],
    ['Method not allowed', 'The address exists with another method: the Allow header lists them.'],
  ),
  tooManyRequests: text(
    ['Слишком много запросов', 'Подождите {seconds} с и повторите.'],
    ['Too many requests', 'Wait {seconds} s and try again.'],
  ),
  idempotencyKeyMissing: text(
    ['Нужен заголовок Idempotency-Key', 'Передайте с каждым POST свой уникальный ключ до 255 знаков: по нему повтор не выполнит действие дважды.'],
    ['Idempotency-Key required', 'Send a unique key of at most 255 characters with every POST: a repeat will then not act twice.'],
  ),
  idempotencyKeyRunning: text(
    ['Запрос с этим ключом ещё выполняется', 'Повторите через {seconds} с с тем же ключом: вы получите тот же ответ.'],
    ['A request with this key is still running', 'Repeat in {seconds} s with the same key: you will get the same answer.'],
  ),
  idempotencyKeyReused: text(
    ['Ключ уже использован для другого запроса', 'Для нового действия возьмите новый Idempotency-Key.'],
    ['The key was used for another request', 'Use a new Idempotency-Key for a new action.'],
  ),
  unknownEvent: text(
    ['Неизвестное событие', 'У этого процесса нет события «{event}». Разрешённые сейчас перечислены в allowed.'],
    ['Unknown event', 'This process has no event "{event}". allowed lists what can be sent now.'],
  ),
  illegalEvent: text(
    ['Сейчас это невозможно', 'В состоянии «{state}» событие «{event}» не принимается. Разрешённые сейчас перечислены в allowed.'],
    ['Not possible now', 'State "{state}" does not accept "{event}". allowed lists what can be sent now.'],
  ),
  guardRefused: text(
    ['Условия не выполнены', 'Что мешает, перечислено в problems. Ничего не изменено.'],
    ['Conditions are not met', 'problems lists what is in the way. Nothing was changed.'],
  ),
  processEnded: text(
    ['Процесс завершён', 'Процесс закончился в состоянии «{state}» и событий больше не принимает.'],
    ['The process has ended', 'The process ended in state "{state}" and takes no more events.'],
  ),
  taskClosed: text(
    ['Задача уже закрыта', 'Задача закрыта: {who}, {when}.'],
    ['The task is closed already', 'The task was closed by {who} at {when}.'],
  ),
  taskTaken: text(
    ['Задача уже в работе', 'Задачу взял другой человек: {who}. Попросите его вернуть задачу или переназначьте её.'],
    ['The task is taken', '{who} has taken the task. Ask for its release or reassign it.'],
  ),
  alreadyLive: text(
    ['Уже выполняется', 'Такой процесс уже идёт: {number}. Новый можно начать, когда он закончится.'],
    ['Already running', 'Such a process is running: {number}. A new one can start when it ends.'],
  ),
  staffRoomMissing: text(
    ['Сначала нужна «Учительская»', 'Ссылки для сотрудников создаются после класса «Учительская» (п. 2.1, абз. 4). Завершите регистрацию школы.'],
    ['«Учительская» comes first', 'Staff links need the class «Учительская» (R2.1-04). Finish the registration of the school.'],
  ),
  duplicateOrder: text(
    ['Такой приказ уже есть', 'Приказ этого вида с этим номером и годом уже внесён.'],
    ['The order exists already', 'An order of this kind, number and year is in the register.'],
  ),
  orderCancelled: text(
    ['Приказ уже отменён', 'Отменённый приказ нельзя изменить.'],
    ['The order is cancelled', 'A cancelled order cannot be changed.'],
  ),
  promotionClosed: text(
    ['Список сейчас не меняют', 'Перевод в состоянии «{state}»: чтобы изменить решения, верните список на доработку.'],
    ['The list is closed', 'The promotion is in state «{state}»: return the list before changing decisions.'],
  ),
  lastAdministrator: text(
    ['Школа останется без администратора', 'Сначала назначьте другого администратора платформы (BR-12).'],
    ['The school would have no administrator', 'Appoint another platform administrator first (BR-12).'],
  ),
  notOwner: text(
    ['Это не ваш чат', 'Приглашать сюда может только владелец чата или администратор.'],
    ['Not your chat', 'Only its owner or an administrator may invite people here.'],
  ),
  classNotEmpty: text(
    ['Класс ещё не пуст', 'В классе есть обучающиеся ({pupils}) или незакрытые чаты ({spaces}). Сначала переведите обучающихся и закройте чаты.'],
    ['The class is not empty', 'The class has pupils ({pupils}) or chats that are not closed ({spaces}). Move the pupils and close the chats first.'],
  ),
  letterSettled: text(
    ['По этому письму решать нечего', 'Решение человека нужно только письму, исход которого неизвестен.'],
    ['Nothing to decide about this letter', 'Only a letter of unknown outcome waits for a decision.'],
  ),
  messageFiled: text(
    ['Письмо уже отнесено к процессу', 'Это письмо уже отнесено к процессу.'],
    ['The message is filed already', 'The message belongs to a process already.'],
  ),
  linkNotLive: text(
    ['Ссылка не действует', 'Её ещё не создали на платформе, срок истёк или она закрыта: раздавать нечего.'],
    ['The link is not live', 'It is not made on the platform yet, past its term, or closed: there is nothing to hand out.'],
  ),
  urlErased: text(
    ['Адрес ссылки не хранится', 'Ссылка ещё не создана или её адрес уже удалён по сроку хранения.'],
    ['No address is kept', 'The link is not created yet, or its address was erased after its term.'],
  ),
  personHeld: text(
    ['Удалить данные пока нельзя', 'Сначала завершите: {holds}.'],
    ['The data cannot be erased yet', 'End these first: {holds}.'],
  ),
  personErased: text(
    ['Данные этого человека удалены', 'Вместо имени у него псевдоним, вернуть имя нельзя. Если человек пришёл снова, внесите его заново.'],
    ['The data of this person was erased', 'A pseudonym stands for the name, which cannot be brought back. Enter the person anew.'],
  ),
  unavailable: text(
    ['Служба временно недоступна', 'Повторите через {seconds} с с тем же Idempotency-Key: дважды действие не выполнится.'],
    ['Temporarily unavailable', 'Repeat in {seconds} s with the same Idempotency-Key: nothing will happen twice.'],
  ),
  internal: text(
    ['Ошибка службы', 'Мы уже записали, что случилось. Повторите позже и назовите номер запроса {request}.'],
    ['Internal error', 'The error was recorded. Try again later and quote request {request}.'],
  ),
} as const satisfies Record<string, FailureText>

export type FailureCode = keyof typeof failureTexts

/** Title and explanation of a failure, with the parameters filled in. */
export function failureText(code: FailureCode, lang: Language, params: ProblemParams = {}): { title: string; detail: string } {
  const { title, detail } = failureTexts[code]
  return { title: title[lang], detail: detail[lang].replace(/\{(\w+)\}/g, (gap, name: string) => String(params[name] ?? gap)) }
}
