/** A text without what no register can hold: the character nought, and halves of pairs that spreadsheets may spell out. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '')
