import { problem, valid, type Checked, type Problem } from './checked.ts'
import { normalizeLine } from './normalize.ts'

const maxLength = 60
const noBreakSpace = '\u00a0'

/** ФИО. The patronymic is null where there is none («при наличии»). */
export type PersonName = { lastName: string; firstName: string; patronymic: string | null }

/** ФИО as typed; `foreignName` allows Latin letters. */
export type PersonNameInput = {
  lastName: string
  firstName: string
  patronymic?: string | null | undefined
  foreignName?: boolean | undefined
}

/**
 * ФИО, normalized but with its own capitals and ё kept (domain guide, section 11). Problem paths are `lastName`,
 * `firstName`, `patronymic`; positions count characters of the normalized field from 1.
 */
export function checkPersonName(input: PersonNameInput): Checked<PersonName> {
  const foreign = input.foreignName === true
  const lastName = normalizeLine(input.lastName)
  const firstName = normalizeLine(input.firstName)
  const patronymic = normalizeLine(input.patronymic ?? '') || null
  const problems = [
    ...partProblems(lastName, 'lastName', foreign),
    ...partProblems(firstName, 'firstName', foreign),
    ...(patronymic === null ? [] : partProblems(patronymic, 'patronymic', foreign)),
  ]
  return problems.length > 0 ? { ok: false, problems } : valid({ lastName, firstName, patronymic })
}

/** «Иванова М. П.» with no-break spaces, «Ким А.» without a patronymic. */
export function initials({ lastName, firstName, patronymic }: PersonName): string {
  const letters = [firstName, patronymic].flatMap((part) => (part ? [`${[...part][0]}.`] : []))
  return [lastName, ...letters].join(noBreakSpace)
}

/** «Мамедов Вагиф Расим оглы»: last name, first name, patronymic if any. */
export function fullName({ lastName, firstName, patronymic }: PersonName): string {
  return [lastName, firstName, patronymic].filter(Boolean).join(' ')
}

function partProblems(text: string, path: string, foreign: boolean): Problem[] {
  if (text === '') return [problem('nameRequired', {}, path)]
  const characters = [...text]
  if (characters.length > maxLength) return [problem('nameTooLong', { max: maxLength }, path)]

  const strange = characters.findIndex((character) => !/[ \-'.]/.test(character) && !isCyrillic(character) && !isLatin(character))
  if (strange >= 0) return [problem('nameCharacter', { character: characters[strange]!, position: strange + 1 }, path)]
  if (!/^\p{L}/u.test(text)) return [problem('nameStart', {}, path)]
  return alphabetProblems(characters, path, foreign)
}

function alphabetProblems(characters: readonly string[], path: string, foreign: boolean): Problem[] {
  let start = 0
  for (const word of characters.join('').split(/[ \-'.]/)) {
    const letters = [...word]
    const latin = letters.filter(isLatin).length
    const cyrillic = letters.length - latin
    if (latin > 0 && cyrillic > 0) {
      // In a foreign name the rarer alphabet slipped in; in a Russian one it can only be the Latin.
      const slipped = foreign && cyrillic < latin ? isCyrillic : isLatin
      const index = letters.findIndex(slipped)
      const code = slipped === isLatin ? 'nameMixedLatin' : 'nameMixedCyrillic'
      return [problem(code, { letter: letters[index]!, position: start + index + 1 }, path)]
    }
    if (latin > 0 && !foreign) return [problem('nameLatin', {}, path)]
    start += letters.length + 1
  }
  return []
}

function isCyrillic(character: string): boolean {
  return /^[\p{L}&&\p{Script=Cyrillic}]$/v.test(character)
}

function isLatin(character: string): boolean {
  return /^[\p{L}&&\p{Script=Latin}]$/v.test(character)
}
