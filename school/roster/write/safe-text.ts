/**
 * A text that no spreadsheet takes for a formula (ASVS 1.2.10): one that begins like a formula gets a quote before it,
 * which reading takes off again (cells.ts). What no cell may hold is left out.
 */
export function safeText(text: string): string {
  const plain = text.toWellFormed().replace(/(?![\t\r\n])\p{Cc}/gu, '')
  return /^[=+\-@\t\r\n]/.test(plain) ? `'${plain}` : plain
}
