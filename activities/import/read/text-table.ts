import { parse as parseStream, type Options } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import { Readable } from 'node:stream'
import { findHeader, searchedRows, type Header } from '../../../school/roster/header.ts'
import type { TableKind, TableRow } from '../../../school/roster/kinds.ts'
import { decode, encodings, markedEncoding, type Encoding } from './encoding.ts'
import { limits } from '../../../school/roster/limits.ts'
import { storable } from '../../../school/roster/storable.ts'
import { Unreadable } from '../../../school/roster/unreadable.ts'

/** How a text is a table. */
export interface TextLayout {
  encoding: Encoding
  delimiter: string
}

const delimiters = [';', ',', '\t'] as const
const sampleBytes = 256 * 1024

const options = (delimiter: string) => ({ delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_quotes: true, relax_column_count: true, skip_empty_lines: true, max_record_size: limits.rowBytes, info: true }) satisfies Options

interface ParsedRow {
  record: string[]
  info: { lines: number }
}

const toRow = ({ record, info }: ParsedRow): TableRow => ({ line: info.lines, cells: record.map((text) => ({ text: storable(text) })) })

/**
 * Finds how the bytes are a table: the encoding and the delimiter under which the titles of the columns can be read.
 * A wrong encoding never spells «Фамилия», so nothing is guessed from letter frequencies.
 */
export function findLayout(bytes: Uint8Array, wanted?: TableKind): (TextLayout & { header: Header }) | undefined {
  const marked = markedEncoding(bytes)
  let best: (TextLayout & { header: Header }) | undefined
  for (const encoding of marked ? [marked] : encodings) {
    const sample = new TextDecoder(encoding).decode(bytes.subarray(0, sampleBytes))
    for (const delimiter of delimiters) {
      const rows = sampleRows(sample, delimiter)
      const header = findHeader(rows.map(({ cells }) => cells), wanted)
      if (header && (!best || header.columns.size > best.header.columns.size)) best = { encoding, delimiter, header }
    }
  }
  return best
}

/** The first rows, as far as they can be read this way. */
function sampleRows(sample: string, delimiter: string): TableRow[] {
  const rows: TableRow[] = []
  try {
    parse(sample, {
      ...options(delimiter),
      to: searchedRows,
      on_record: (row) => {
        rows.push(toRow(row as unknown as ParsedRow))
        return null
      },
    })
  } catch {
    // Read another way it may be a table; what was read so far still counts.
  }
  return rows
}

/** Every row of the text. @throws Unreadable for a quote that never closes and for rows of a size no table has */
export async function* textRows(bytes: Uint8Array, { encoding, delimiter }: TextLayout): AsyncGenerator<TableRow> {
  const parser = Readable.from(decode(bytes, encoding)).pipe(parseStream({ ...options(delimiter), bom: true }))
  try {
    for await (const row of parser) yield toRow(row as ParsedRow)
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number }
    if (code === 'CSV_MAX_RECORD_SIZE') throw new Unreadable('fileManyColumns', { max: limits.columns })
    if (code === 'CSV_QUOTE_NOT_CLOSED') throw new Unreadable('fileQuote', { row: lines ?? 0 })
    throw error
  }
}
