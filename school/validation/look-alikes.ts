const latin = 'ABCEHKMOPTXY'
const cyrillic = 'АВСЕНКМОРТХУ'

/** Latin capitals that look like Cyrillic ones replaced by those (domain guide, section 11); the rest stays. */
export function cyrillicLookAlikes(text: string): string {
  return text.replace(/[ABCEHKMOPTXY]/g, (letter) => cyrillic[latin.indexOf(letter)]!)
}

const alsoSmall = { latin: `${latin}aceopxyk`, cyrillic: `${cyrillic}асеорхук` }

/** The same with small letters, for names: what was probably meant by a letter of the wrong layout. */
export function cyrillicLetters(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => alsoSmall.cyrillic[alsoSmall.latin.indexOf(letter)] ?? letter)
}
