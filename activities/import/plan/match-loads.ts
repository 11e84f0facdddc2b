import { searchKey } from '../../../school/validation/search-key.ts'

/**
 * Who of the staff a load names: by the full name, without the patronymic, or «Мамедов В. Р.». Initials that fit
 * several people name all of them.
 */
export function matchTeacher(text: string, staff: readonly { id: string; searchKey: string }[]): string[] {
  const words = searchKey(text).replace(/\./g, ' ').split(' ').filter(Boolean)
  const whole = words.join(' ')
  const exact = staff.filter((person) => person.searchKey === whole)
  if (exact.length > 0) return exact.map(({ id }) => id)
  const fits = (person: string[]) => {
    // The last name may be of several words: initials are counted from the end.
    const lead = words.findIndex((word, at) => at > 0 && word.length === 1)
    const names = lead < 0 ? words.length : lead
    return words.every((word, at) => (at < names ? person[at] === word : person[at]?.startsWith(word)))
  }
  return words.length < 2 ? [] : staff.filter((person) => fits(person.searchKey.split(' '))).map(({ id }) => id)
}
