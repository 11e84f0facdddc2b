import type { Language, ProblemParams } from './validation.ts'

/** What is wrong with the shape of a field, before its meaning is looked at. */
const fieldTexts = {
  fieldRequired: { ru: 'Поле нужно заполнить', en: 'The field is required' },
  fieldUnknown: { ru: 'Такого поля нет', en: 'There is no such field' },
  fieldType: { ru: 'Неверный тип: нужно {type}', en: 'Wrong type: {type} is needed' },
  fieldChoice: { ru: 'Допустимые значения: {values}', en: 'Allowed values: {values}' },
  fieldFormat: { ru: 'Неверный формат: нужно {format}', en: 'Wrong format: {format} is needed' },
  fieldPattern: { ru: 'Недопустимые символы', en: 'Characters that are not allowed' },
  fieldTooShort: { ru: 'Не меньше {limit} символов', en: 'At least {limit} characters' },
  fieldTooLong: { ru: 'Не больше {limit} символов', en: 'At most {limit} characters' },
  fieldTooSmall: { ru: 'Не меньше {limit}', en: 'At least {limit}' },
  fieldTooBig: { ru: 'Не больше {limit}', en: 'At most {limit}' },
  listTooShort: { ru: 'Нужно не меньше {limit}', en: 'At least {limit} needed' },
  listTooLong: { ru: 'Можно не больше {limit}', en: 'At most {limit} allowed' },
  fieldShape: { ru: 'Значение не подходит', en: 'The value does not fit' },
  personUnknown: { ru: 'Такого человека в школе нет', en: 'The school has no such person' },
  personNotStaff: { ru: 'Этот человек не работает в школе', en: 'This person is not on the staff' },
  childUnknown: { ru: 'Такого обучающегося в школе нет', en: 'The school has no such pupil' },
  pupilNotInList: { ru: 'Этого ученика в списке нет: он выбыл или список составлен до него', en: 'This pupil is not in the list' },
  classNotOfNextYear: { ru: 'Это не класс следующего учебного года', en: 'This is not a class of the next academic year' },
  invitationClosed: { ru: 'Этого приглашения в ссылке нет, или по нему уже нельзя вступить', en: 'There is no such invitation, or nobody can join by it any more' },
  orderUnknown: { ru: 'Такого приказа в школе нет', en: 'The school has no such order' },
  processUnknown: { ru: 'Такого процесса в школе нет', en: 'The school has no such process' },
  schoolUnknown: { ru: 'Такой школы нет', en: 'There is no such school' },
  classUnknown: { ru: 'Такого класса в школе нет', en: 'The school has no such class' },
  classOtherYear: { ru: 'Это класс другого учебного года', en: 'This is a class of another academic year' },
  classSame: { ru: 'Обучающийся уже в этом классе', en: 'The pupil is in this class already' },
  personNotPupil: { ru: 'Этот человек сейчас не обучается в школе', en: 'This person is no pupil of the school now' },
  alreadyHere: { ru: 'Этот человек уже числится в школе: сначала внесите выбытие или увольнение', en: 'This person is at the school already: enter the departure first' },
  effectiveFar: { ru: 'Дата движения — не дальше года назад и года вперёд', en: 'The date of a movement is at most a year back or ahead' },
  untilBefore: { ru: 'Последний день отсутствия должен быть позже первого', en: 'The last day of the leave comes after the first' },
  successorSame: { ru: 'Выберите другого человека: самому себе передать нельзя', en: 'Choose another person' },
  changeEmpty: { ru: 'Укажите, какие классы или нагрузка добавляются или снимаются', en: 'Say which classes or loads are given or taken' },
  loadUnknown: { ru: 'Такой нагрузки у этого человека нет', en: 'This person has no such load' },
  classTaken: { ru: 'Класс с таким названием в этом учебном году уже есть', en: 'A class of this name exists in this academic year' },
  subjectUnknown: { ru: 'Такого предмета в школе нет', en: 'The school has no such subject' },
  rowSame: { ru: 'То же самое уже есть в строке {row}', en: 'Row {row} says the same' },
  spaceTaken: { ru: 'Такой класс или чат уже есть или создаётся', en: 'Such a class or chat is there or on its way' },
  spaceUnknown: { ru: 'Такого чата в школе нет', en: 'The school has no such chat' },
  spaceGiven: { ru: 'Это появляется с регистрацией школы, создавать его не нужно', en: 'This comes with the registration of the school' },
  ownerRequired: { ru: 'Укажите владельца из сотрудников', en: 'Name an owner from the staff' },
  ownerNotYou: { ru: 'Создать можно только свой чат', en: 'You may only create chats of your own' },
  targetNotThere: { ru: 'На платформе этого ещё нет или уже нет: приглашать некуда', en: 'It is not on the platform: there is nowhere to invite to' },
  audienceOther: { ru: 'Сюда приглашают только в роли: {values}', en: 'People are invited here only as: {values}' },
  roleNotTheirs: { ru: 'Этот человек в школе не в этой роли: {role}', en: 'This person is not at the school as {role}' },
  ownerTeaches: { ru: 'Владелец этого чата — педагогический работник', en: 'The owner of this chat belongs to teaching staff' },
  pupilsByTeacher: { ru: 'Ссылку для учеников выдаёт учитель или классный руководитель', en: 'A link for pupils comes from a teacher or the class teacher' },
  guardiansByStaff: { ru: 'Ссылку для родителей выдаёт педагогический работник или администрация', en: 'A link for guardians comes from teaching staff or the administration' },
  guardianDeclined: { ru: 'Этот родитель отказался: отказ окончательный, снова не приглашают (BR-19)', en: 'This guardian has declined: that is final' },
  alreadyThere: { ru: 'Этот человек уже в чате', en: 'This person is in the chat already' },
  chatMissing: { ru: 'Такого чата на платформе ещё нет: сначала создайте его', en: 'There is no such chat on the platform yet: create it first' },
  chatOfNoClass: { ru: 'Этот чат не для учеников или родителей одного класса', en: 'This is no chat of one class with its pupils or guardians' },
  chatNotYours: { ru: 'Приглашать сюда может только владелец чата или администратор', en: 'Only its owner or an administrator may invite people here' },
  joiningLive: { ru: 'В этот чат уже вступают по ссылке {number}', en: 'People are joining this chat by link {number} already' },
  nobodyLeft: { ru: 'Приглашать некого', en: 'There is nobody to invite' },
  oneOfThese: { ru: 'Укажите одно из: {values}', en: 'Give one of: {values}' },
  foundUnknown: { ru: 'Загрузка такого не находила, или это уже оформлено', en: 'No import found this, or it has been taken up already' },
  importUnknown: { ru: 'Такой внесённой загрузки нет', en: 'There is no such import that was carried out' },
  joiningUnknown: { ru: 'Такого списка вступающих в школе нет', en: 'The school has no such joining' },
  rowRepeated: { ru: 'Этот человек уже есть в строке {row}', en: 'Row {row} has this person already' },
  onboardingLive: { ru: 'Подключение этого человека уже идёт', en: 'This person is being onboarded already' },
  invitationLive: { ru: 'У этого человека уже есть действующее приглашение: {number}', en: 'This person has a live invitation: {number}' },
  alreadyConnected: { ru: 'Этот человек уже подключён', en: 'This person is connected already' },
  instantPast: { ru: 'Этот момент уже прошёл', en: 'This moment has passed' },
  instantFar: { ru: 'Это слишком далеко: не больше 10 лет вперёд', en: 'This is too far ahead: 10 years at most' },
  termTooLong: { ru: 'Ссылка действует не дольше {days} дней', en: 'A link lives at most {days} days' },
  roleNotYours: { ru: 'Эту роль даёт только руководитель', en: 'Only the head gives this role' },
  roleNotHeld: { ru: 'У этого человека нет такой роли: {roles}', en: 'This person does not hold the role: {roles}' },
  membershipRoles: { ru: 'Роли бывают только у сотрудников', en: 'Only staff have roles' },
  guardianOfRequired: { ru: 'Укажите, чей это родитель (законный представитель)', en: 'Say whose guardian this is' },
  staffOnce: { ru: 'Этот человек уже числится сотрудником', en: 'This person is on the staff already' },
  fileRequired: { ru: 'Приложите файл', en: 'Attach a file' },
  timeFuture: { ru: 'Эта дата ещё не наступила', en: 'This date lies in the future' },
} as const satisfies Record<string, Record<Language, string>>

export type FieldCode = keyof typeof fieldTexts

export function isFieldCode(code: string): code is FieldCode {
  return code in fieldTexts
}

/** The sentence for a code in the language, with the parameters filled in. */
export function fieldText(code: FieldCode, lang: Language, params: ProblemParams = {}): string {
  return fieldTexts[code][lang].replace(/\{(\w+)\}/g, (gap, name: string) => String(params[name] ?? gap))
}

/** Names of JSON types and string formats as people read them. */
export const shapeNames: Readonly<Record<string, Record<Language, string>>> = {
  string: { ru: 'текст', en: 'text' },
  number: { ru: 'число', en: 'a number' },
  integer: { ru: 'целое число', en: 'an integer' },
  boolean: { ru: 'да или нет (true, false)', en: 'true or false' },
  object: { ru: 'объект', en: 'an object' },
  array: { ru: 'список', en: 'a list' },
  null: { ru: 'пусто (null)', en: 'null' },
  date: { ru: 'дата ГГГГ-ММ-ДД', en: 'a date YYYY-MM-DD' },
  'date-time': { ru: 'дата и время со смещением, 2026-09-22T18:00:00+04:00', en: 'a date and time with offset, 2026-09-22T18:00:00+04:00' },
}
