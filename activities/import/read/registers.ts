import { buffer } from 'node:stream/consumers'
import type { Archive } from '../../../school/roster/archive.ts'
import { tableKinds, type TableKind } from '../../../school/roster/kinds.ts'
import { fileKindLabel } from '../../../school/texts/import-labels.ts'
import { sheetRows } from './sheet.ts'
import type { TablePart } from './table.ts'
import { findLayout, textRows } from './text-table.ts'
import type { Workbook } from './workbook.ts'

/** A register within a file of several. */
export interface RegisterPart extends TablePart {
  kind: TableKind
}

const bySheet = new Map(tableKinds.map((kind) => [fileKindLabel(kind), kind]))
const byFile = new Map(tableKinds.map((kind) => [`${kind}.csv`, kind]))

/**
 * The registers of a workbook whose sheets are all called as our own export calls them. Undefined for any other: a list
 * with a second sheet beside it is one list.
 */
export function registersIn(archive: Archive, book: Workbook): RegisterPart[] | undefined {
  const parts = book.sheets.flatMap(({ name, part }) => (bySheet.has(name) ? [{ kind: bySheet.get(name)!, source: name, rows: sheetRows(archive, book, part) }] : []))
  return parts.length > 1 && parts.length === book.sheets.length ? parts : undefined
}

/** Whether an archive is our export of all registers as texts: these files and no other. */
export const isRegisters = ({ names }: Archive): boolean => names.length > 1 && names.every((name) => byFile.has(name))

/** Its registers, one after the other; what has no titles of its kind has no rows. */
export async function* textRegisters(archive: Archive): AsyncGenerator<RegisterPart> {
  for (const name of archive.names) {
    const kind = byFile.get(name)!
    const bytes = await buffer(archive.open(name))
    const layout = findLayout(bytes, kind)
    if (layout) yield { kind, source: name, rows: textRows(bytes, layout) }
  }
}
