import { rosterProblemTexts } from './roster-problems.ts'

/** What is wrong with a value, for people. `{name}` is replaced by a parameter of the problem. */
type ProblemText = { ru: string; en: string; hint?: { ru: string; en: string } }

export type Language = 'ru' | 'en'
export type ProblemParams = Readonly<Record<string, string | number>>

/** Every validation problem and warning (domain guide, section 11), keyed by its stable code. */
export const validationTexts = {
  nameRequired: { ru: 'Поле нужно заполнить', en: 'The field is required' },
  nameTooLong: { ru: 'Не больше {max} символов', en: 'At most {max} characters' },
  nameStart: { ru: 'Должно начинаться с буквы', en: 'Must start with a letter' },
  nameCharacter: {
    ru: 'Символ {position} («{character}») здесь недопустим',
    en: 'Character {position} ("{character}") is not allowed here',
    hint: { ru: 'Допустимы буквы, пробел, дефис, апостроф и точка', en: 'Letters, space, hyphen, apostrophe and dot are allowed' },
  },
  nameLatin: {
    ru: 'Написано латинскими буквами',
    en: 'Written in Latin letters',
    hint: { ru: 'Напишите русскими буквами или отметьте, что имя иностранное', en: 'Write it in Cyrillic or mark the name as foreign' },
  },
  nameMixedLatin: {
    ru: 'Буква {position} («{letter}») — латинская, а слово русское',
    en: 'Letter {position} ("{letter}") is Latin in a Cyrillic word',
    hint: { ru: 'Наберите эту букву в русской раскладке', en: 'Type this letter in the Russian layout' },
  },
  nameMixedCyrillic: {
    ru: 'Буква {position} («{letter}») — русская, а слово латинское',
    en: 'Letter {position} ("{letter}") is Cyrillic in a Latin word',
    hint: { ru: 'Наберите эту букву в латинской раскладке', en: 'Type this letter in the Latin layout' },
  },

  phoneFormat: {
    ru: 'Это не номер телефона',
    en: 'Not a phone number',
    hint: { ru: 'Например, +7 (900) 000-00-01', en: 'For example, +7 (900) 000-00-01' },
  },
  phoneNotRussianMobile: {
    ru: 'Нужен мобильный номер РФ',
    en: 'A Russian mobile number is needed',
    hint: { ru: 'Номер вида +7 (9XX) XXX-XX-XX', en: 'A number like +7 (9XX) XXX-XX-XX' },
  },
  phoneNotRussian: {
    ru: 'Нужен номер РФ с кодом города или мобильный',
    en: 'A Russian number with its area code is needed',
    hint: { ru: '10 цифр после +7', en: '10 digits after +7' },
  },
  phoneCountry: {
    ru: 'Номера этой страны не принимаются',
    en: 'Numbers of this country are not accepted',
    hint: { ru: 'Коды стран: {codes}', en: 'Country codes: {codes}' },
  },
  phoneShared: { ru: 'Этот номер уже указан у другого человека', en: 'Another person has this number already' },
  phoneSharedWithPupil: {
    ru: 'Один номер указан и у обучающегося, и у родителя (законного представителя)',
    en: 'A pupil and a guardian have the same number',
    hint: { ru: 'Проверьте, чей это номер: приглашение получит не тот человек', en: 'Check whose it is: the wrong person would be invited' },
  },

  emailControl: { ru: 'В адресе есть перенос строки или управляющий символ', en: 'The address has a line break or a control character' },
  emailMany: { ru: 'Укажите один адрес', en: 'Give one address' },
  emailTooLong: { ru: 'Адрес длиннее {max} символов', en: 'The address is longer than {max} characters' },
  emailFormat: {
    ru: 'Это не адрес электронной почты',
    en: 'Not an e-mail address',
    hint: { ru: 'Например, name@school.example', en: 'For example, name@school.example' },
  },
  emailDomain: { ru: 'В адресе неверно указан домен (часть после @)', en: 'The domain (after @) is wrong' },
  emailTypo: {
    ru: 'В адресе возможна опечатка',
    en: 'The address may have a typo',
    hint: { ru: 'Возможно, имелось в виду «{domain}»', en: 'Perhaps "{domain}" was meant' },
  },

  innDigits: { ru: 'ИНН состоит только из цифр', en: 'An INN has digits only' },
  innLength: { ru: 'В ИНН организации 10 цифр', en: 'The INN of an organization has 10 digits' },
  innPersonal: {
    ru: 'Это ИНН физического лица',
    en: 'This is the INN of a person',
    hint: { ru: 'Нужен ИНН организации, 10 цифр', en: 'The INN of the organization is needed, 10 digits' },
  },
  innZeros: { ru: 'ИНН не может состоять из нулей', en: 'An INN is not all zeros' },
  innChecksum: { ru: 'Контрольная цифра ИНН не сходится', en: 'The check digit of the INN is wrong', hint: { ru: 'Проверьте, нет ли опечатки', en: 'Look for a typo' } },
  ogrnDigits: { ru: 'ОГРН состоит только из цифр', en: 'An OGRN has digits only' },
  ogrnLength: { ru: 'В ОГРН 13 цифр', en: 'An OGRN has 13 digits' },
  ogrnZeros: { ru: 'ОГРН не может состоять из нулей', en: 'An OGRN is not all zeros' },
  ogrnChecksum: { ru: 'Контрольная цифра ОГРН не сходится', en: 'The check digit of the OGRN is wrong', hint: { ru: 'Проверьте, нет ли опечатки', en: 'Look for a typo' } },
  kppFormat: {
    ru: 'Неверный КПП',
    en: 'Wrong KPP',
    hint: { ru: '9 знаков: цифры, пятый и шестой могут быть латинскими заглавными буквами', en: '9 characters: digits, the fifth and sixth may be Latin capitals' },
  },
  kppZeros: { ru: 'КПП не может состоять из нулей', en: 'A KPP is not all zeros' },

  classNameFormat: { ru: 'Название класса начинается с номера: «5А»', en: 'A class name starts with the grade: «5А»' },
  classGrade: { ru: 'Класс должен быть от 1 до {max}', en: 'The grade must be from 1 to {max}' },
  classGradesFew: { ru: 'В классе-комплекте не меньше двух параллелей', en: 'A combined class has at least two grades' },
  classLetterLatin: {
    ru: 'Латинская буква «{letter}» в названии класса',
    en: 'Latin letter "{letter}" in the class name',
    hint: { ru: 'Нужна русская буква', en: 'A Russian letter is needed' },
  },
  classLetterCharacter: {
    ru: 'Символ «{character}» в названии класса недопустим',
    en: 'Character "{character}" is not allowed in a class name',
    hint: { ru: 'Допустимы русские буквы, цифры и дефис', en: 'Russian letters, digits and hyphen are allowed' },
  },
  classLetterTooLong: { ru: 'Литера класса длиннее {max} символов', en: 'The letter part is longer than {max} characters' },

  orderNumberRequired: { ru: 'Укажите номер приказа', en: 'Give the number of the order' },
  orderNumberTooLong: { ru: 'Номер приказа длиннее {max} символов', en: 'The number of the order is longer than {max} characters' },
  orderNumberCharacter: {
    ru: 'Символ «{character}» в номере приказа недопустим',
    en: 'Character "{character}" is not allowed in the number of an order',
    hint: { ru: 'Допустимы буквы, цифры, дефис, косая черта, точка и пробел', en: 'Letters, digits, hyphen, slash, dot and space are allowed' },
  },
  orderDateFormat: { ru: 'Такой даты нет', en: 'No such date', hint: { ru: 'Дата в виде ГГГГ-ММ-ДД', en: 'A date as YYYY-MM-DD' } },
  orderDateFuture: { ru: 'Дата приказа ещё не наступила', en: 'The date of the order lies in the future' },
  orderDateTooEarly: { ru: 'Дата приказа раньше 01.01.2000', en: 'The date of the order is before 2000-01-01' },
  orderDateOld: { ru: 'Приказу больше года, проверьте дату', en: 'The order is older than a year, check the date' },

  fileEmpty: { ru: 'Файл пустой', en: 'The file is empty' },
  fileTooBig: { ru: 'Файл больше {max} МБ', en: 'The file is bigger than {max} MB' },
  fileTypeUnknown: { ru: 'Это не PDF, JPEG или PNG', en: 'Not a PDF, JPEG or PNG', hint: { ru: 'Проверяется содержимое файла, а не его имя', en: 'The content counts, not the name' } },
  fileTypeMismatch: {
    ru: 'Файл назван «{declared}», а внутри {actual}',
    en: 'The file calls itself "{declared}", but it is {actual}',
    hint: { ru: 'Сохраните файл с верным расширением и загрузите ещё раз', en: 'Save the file with the right extension and upload it again' },
  },

  linkUrlFormat: { ru: 'Это не ссылка', en: 'Not a link', hint: { ru: 'Скопируйте ссылку с платформы целиком', en: 'Copy the whole link from the platform' } },
  linkUrlTooLong: { ru: 'Ссылка длиннее {max} символов', en: 'The link is longer than {max} characters' },
  linkUrlNotHttps: { ru: 'Ссылка должна начинаться с https://', en: 'The link must start with https://' },
  linkUrlCredentials: { ru: 'В ссылке не должно быть имени и пароля', en: 'The link must not carry a user name or password' },
  linkUrlHost: { ru: 'Ссылка ведёт на посторонний сайт', en: 'The link leads to a foreign site', hint: { ru: 'Разрешены: {hosts}', en: 'Allowed: {hosts}' } },

  textRequired: { ru: 'Напишите текст', en: 'Write a text' },
  textTooLong: { ru: 'Текст длиннее {max} символов', en: 'The text is longer than {max} characters' },
  textHtml: {
    ru: 'В тексте не должно быть HTML',
    en: 'The text must not contain HTML',
    hint: { ru: 'Уберите знак «<» или поставьте после него пробел', en: 'Remove "<" or put a space after it' },
  },

  timezoneUnknown: { ru: 'Неизвестный часовой пояс', en: 'Unknown time zone', hint: { ru: 'Например, Europe/Samara', en: 'For example, Europe/Samara' } },
  ...rosterProblemTexts,
} as const satisfies Record<string, ProblemText>

export type ValidationCode = keyof typeof validationTexts

/** The sentence for a code in the language, with the parameters filled in. */
export function problemText(code: ValidationCode, lang: Language, params: ProblemParams = {}): string {
  return fill(validationTexts[code][lang], params)
}

/** What to do about it, where there is something to say beyond the sentence. */
export function problemHint(code: ValidationCode, lang: Language, params: ProblemParams = {}): string | undefined {
  const { hint }: ProblemText = validationTexts[code]
  return hint && fill(hint[lang], params)
}

function fill(text: string, params: ProblemParams): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(params[name] ?? placeholder))
}
