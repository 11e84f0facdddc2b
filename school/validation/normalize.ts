/**
 * One line in the form everything is checked, stored and compared in (domain guide, section 11): Unicode NFC,
 * trimmed, single plain spaces, look-alike dashes as '-' and apostrophes as "'", nothing invisible. Idempotent.
 */
export function normalizeLine(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\s+/gu, ' ')
      // Removed before NFC: an invisible character may stand between a letter and its accent.
      .replace(/[\p{Cc}\p{Cf}]/gu, '')
      .normalize('NFC')
      .replace(/[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]/g, '-')
      .replace(/[`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032\uff07]/g, "'")
      .replace(/\s+/gu, ' ')
      .trim()
  )
}

/**
 * A text of several lines: NFC, '\n' line ends, no control characters, no spaces at line ends or around the whole.
 * Dashes, quotes and inner spaces stay as the author set them. Idempotent.
 */
export function normalizeText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|[\u2028\u2029]/g, '\n')
      // The zero-width joiner holds emoji together; every other invisible character only hides something.
      .replace(/[\p{Cc}\p{Cf}]/gu, (character) => (/[\n\t\u200d]/.test(character) ? character : ''))
      .normalize('NFC')
      .replace(/[^\S\n]+$/gmu, '')
      .trim()
  )
}
