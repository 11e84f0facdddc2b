const latin = 'ABCEHKMOPTXY'
const cyrillic = 'АВСЕНКМОРТХУ'

/** Latin capitals that look like Cyrillic ones replaced by those (domain guide, section 11); the rest stays. */
export function cyrillicLookAlikes(text: string): string {
  return text.replace(/[ABCEHKMOPTXY]/g, (letter) => cyrillic[latin.indexOf(letter)]!)
}
