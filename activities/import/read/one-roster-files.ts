import { parse } from 'csv-parse'
import { Readable } from 'node:stream'
import type { Archive } from '../../../school/roster/archive.ts'
import { limits } from '../../../school/roster/limits.ts'
import { storable } from '../../../school/roster/storable.ts'
import { Unreadable } from '../../../school/roster/unreadable.ts'

/** A line of one of the files of a OneRoster archive (1EdTech OneRoster 1.1 and 1.2, CSV binding). */
export interface OneRosterRecord {
  line: number
  /** The value of a column; empty for one the file does not have. */
  get: (column: string) => string
  /** Where the file is a delta: the other system has dropped the record. */
  gone: boolean
}

/** What the manifest says. */
export interface Manifest {
  version: '1.1' | '1.2'
  /** `bulk`: the file has everything there is; `delta`: what has changed; `absent`. */
  mode: (file: string) => string
}

const baseName = (name: string) => name.slice(name.lastIndexOf('/') + 1)

/** Whether an archive is OneRoster: it has the manifest. */
export const isOneRoster = ({ names }: Archive): boolean => names.some((name) => baseName(name) === 'manifest.csv')

export async function readManifest(archive: Archive): Promise<Manifest> {
  const values = new Map<string, string>()
  for await (const { get } of records(archive, 'manifest.csv', ['propertyName', 'value'])) values.set(get('propertyName'), get('value'))
  const version = values.get('oneroster.version') ?? ''
  if (version !== '1.1' && version !== '1.2') throw new Unreadable('oneRosterVersion', { version: version || '—' })
  return { version, mode: (file) => values.get(`file.${file}`) ?? 'absent' }
}

/**
 * The records of a file, of the columns that are asked for only: a password column is never so much as looked at.
 * @throws Unreadable where the file or one of its required columns is missing
 */
export async function* records(archive: Archive, file: string, required: readonly string[]): AsyncGenerator<OneRosterRecord> {
  const name = archive.names.find((one) => baseName(one) === file)
  if (name === undefined) throw new Unreadable('oneRosterFile', { file })
  const parser = Readable.from(archive.open(name)).pipe(parse({ bom: true, relax_column_count: true, skip_empty_lines: true, max_record_size: limits.rowBytes, info: true }))
  let columns: Map<string, number> | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (!columns) {
        columns = new Map(record.map((title, at) => [title.trim(), at]))
        const missing = required.find((column) => !columns!.has(column))
        if (missing !== undefined) throw new Unreadable('oneRosterColumn', { file, column: missing })
        continue
      }
      const at = columns
      const get = (column: string) => storable(record[at.get(column) ?? -1]?.trim() ?? '')
      yield { line: info.lines, get, gone: get('status').toLowerCase() === 'tobedeleted' }
    }
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number }
    if (code === 'CSV_MAX_RECORD_SIZE') throw new Unreadable('fileManyColumns', { max: limits.columns })
    if (code?.startsWith('CSV_')) throw new Unreadable('fileQuote', { row: lines ?? 0 })
    throw error
  }
}

/** Ids in one field: «a,b». */
export const listOf = (value: string): string[] => value.split(',').map((id) => id.trim()).filter(Boolean)
