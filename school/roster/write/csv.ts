import { safeText } from './safe-text.ts'

/** Rows of a table, from memory or a thousand at a time from elsewhere. */
export type WrittenRows = Iterable<readonly string[]> | AsyncIterable<readonly string[]>

const quoted = (cell: string): string => (/[";\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/**
 * A text table as Excel in Russia opens it by a double click: UTF-8 with its mark, «;», CRLF (RFC 4180). In pieces, as the
 * rows come.
 */
export async function* csv(rows: WrittenRows): AsyncGenerator<Buffer> {
  let text = '\ufeff'
  for await (const row of rows) {
    text += `${row.map((cell) => quoted(safeText(cell))).join(';')}\r\n`
    if (text.length < pieceCharacters) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

const pieceCharacters = 32 * 1024
