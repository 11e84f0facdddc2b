import { normalizeLine } from './normalize.ts'

/** The form in which people's words are searched: normalized, lower case, ё as е (domain guide, section 11). */
export function searchKey(text: string): string {
  return normalizeLine(text.toLocaleLowerCase('ru')).replaceAll('ё', 'е').normalize('NFC')
}
