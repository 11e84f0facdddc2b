import { openArchive } from '../../../school/roster/archive.ts'
import { fileTypeOf } from '../../../school/roster/file-type.ts'
import type { FileKind, TableKind } from '../../../school/roster/kinds.ts'
import { limits } from '../../../school/roster/limits.ts'
import type { RowRules } from '../../../school/roster/read-row.ts'
import type { RosterRow } from '../../../school/roster/row.ts'
import { Unreadable } from '../../../school/roster/unreadable.ts'
import { oneRosterRows, type FoundArchive } from './one-roster.ts'
import { isOneRoster } from './one-roster-files.ts'
import { isRegisters, registersIn, textRegisters, type RegisterPart } from './registers.ts'
import type { OwnSchool } from './one-roster-structure.ts'
import { sheetRows } from './sheet.ts'
import { tableRows, type FoundTable, type TablePart } from './table.ts'
import { findLayout, textRows, type TextLayout } from './text-table.ts'
import { isWorkbook, readWorkbook } from './workbook.ts'

/** How a file was read. */
export interface FoundFile {
  kind: FileKind
  tables: FoundTable[]
  /** Sheets without a table of this kind. */
  skipped: string[]
  text?: TextLayout
  archive?: FoundArchive
}
type Finding = Omit<FoundFile, 'kind'> & { kind?: FileKind }

export interface ReadSettings {
  /** What the person says the file is; absent: what its titles say. */
  wanted?: FileKind
  rules: RowRules
  school: OwnSchool
}

/**
 * Every row of a file, checked on its own; it returns how the file was read.
 * @throws Unreadable for a reason a person can act on
 */
export async function* readFile(bytes: Buffer, settings: ReadSettings): AsyncGenerator<RosterRow, FoundFile> {
  const finding: Finding = { tables: [], skipped: [] }
  let count = 0
  for await (const row of rowsIn(bytes, settings, finding)) {
    if ((count += 1) > limits.rows) throw new Unreadable('fileManyRows', { max: limits.rows })
    yield row
  }
  if (count === 0 || finding.kind === undefined) throw new Unreadable('fileNoRows')
  return { ...finding, kind: finding.kind }
}

async function* rowsIn(bytes: Buffer, { wanted, rules, school }: ReadSettings, finding: Finding): AsyncGenerator<RosterRow> {
  const table = wanted === 'oneRoster' || wanted === 'all' ? undefined : wanted
  if (fileTypeOf(bytes) === 'text') {
    if (wanted === 'oneRoster' || wanted === 'all') throw new Unreadable('archiveUnknown')
    const layout = findLayout(bytes, table)
    // Text never has these bytes, in none of the encodings.
    if (!layout) throw new Unreadable(bytes.subarray(0, 4096).some((byte) => byte < 8) ? 'fileNotTable' : 'fileHeaderMissing')
    finding.text = { encoding: layout.encoding, delimiter: layout.delimiter }
    return yield* tables([{ source: '', rows: textRows(bytes, layout) }], table, rules, finding)
  }
  const archive = await openArchive(bytes)
  try {
    if (isOneRoster(archive) && table === undefined && wanted !== 'all') {
      finding.kind = 'oneRoster'
      return yield* oneRosterRows(archive, school, rules, (said) => (finding.archive = said))
    }
    if (wanted !== 'oneRoster' && table === undefined && isRegisters(archive)) return yield* registers(textRegisters(archive), rules, finding)
    if (wanted === 'oneRoster' || !isWorkbook(archive)) throw new Unreadable('archiveUnknown')
    const book = await readWorkbook(archive)
    const several = table === undefined ? registersIn(archive, book) : undefined
    if (several) return yield* registers(several, rules, finding)
    if (wanted === 'all') throw new Unreadable('archiveUnknown')
    yield* tables(book.sheets.map(({ name, part }) => ({ source: name, rows: sheetRows(archive, book, part) })), table, rules, finding)
  } finally {
    archive.close()
  }
}

/** Every register of a file that has all of them, each of its own kind. */
async function* registers(parts: Iterable<RegisterPart> | AsyncIterable<RegisterPart>, rules: RowRules, finding: Finding): AsyncGenerator<RosterRow> {
  for await (const part of parts) yield* tableRows(part, part.kind, rules, (table) => finding.tables.push(table))
  finding.kind = 'all'
}

/** The tables of a file, all of the kind of the first one. */
async function* tables(parts: TablePart[], wanted: TableKind | undefined, rules: RowRules, finding: Finding): AsyncGenerator<RosterRow> {
  let kind = wanted
  for (const part of parts) {
    const before = finding.tables.length
    yield* tableRows(part, kind, rules, (table) => {
      finding.kind = kind = table.kind
      finding.tables.push(table)
    })
    if (finding.tables.length === before) finding.skipped.push(part.source)
  }
  if (finding.tables.length === 0) throw new Unreadable('fileHeaderMissing')
}
