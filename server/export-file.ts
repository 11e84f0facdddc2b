import { Readable } from 'node:stream'
import { inSchool, type Database } from '../db/connection.ts'
import type { ExportRow } from '../db/exports.ts'
import { readRegister, type RegisterRow } from '../db/register-rows.ts'
import { tableKinds, type Field, type TableKind } from '../school/roster/kinds.ts'
import { csv } from '../school/roster/write/csv.ts'
import { workbook } from '../school/roster/write/workbook.ts'
import { zip } from '../school/roster/write/zip.ts'
import { writtenColumns } from '../school/roster/written-columns.ts'
import { fileKindLabel } from '../school/texts/import-labels.ts'
import { maskEmail } from '../school/texts/mask-email.ts'
import { formatPhone, maskPhone } from '../school/validation/phone.ts'

export const mime = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
} as const

const pageRows = 1_000

/** The file of an export: the registers as they are while it is written, a thousand lines at a time. */
export function exportFile(db: Database, orgId: string, { register, format, academicYear, fullContacts }: ExportRow): { name: string; type: string; content: Readable } {
  const kinds = register === 'all' ? tableKinds : [register as TableKind]
  const rowsOf = (kind: TableKind) => rows(db, orgId, kind, academicYear, fullContacts)
  if (format === 'xlsx') {
    const sheets = kinds.map((kind) => ({ name: fileKindLabel(kind), columns: writtenColumns[kind].length, rows: rowsOf(kind) }))
    return { name: `${register}.xlsx`, type: mime.xlsx, content: workbook(sheets) }
  }
  if (register !== 'all') return { name: `${register}.csv`, type: mime.csv, content: Readable.from(csv(rowsOf(kinds[0]!))) }
  return { name: 'all.zip', type: mime.zip, content: zip(kinds.map((kind) => [`${kind}.csv`, () => Readable.from(csv(rowsOf(kind)))])) }
}

async function* rows(db: Database, orgId: string, kind: TableKind, academicYear: string, fullContacts: boolean): AsyncGenerator<string[]> {
  const columns = writtenColumns[kind]
  yield columns.map(({ title }) => title)
  for (let after: RegisterRow | undefined; ; ) {
    const page = await inSchool(db, orgId, (tx) => readRegister(tx, kind, { academicYear, after, limit: pageRows }))
    for (const row of page) yield columns.map(({ field }) => cellOf(field, row[field] ?? null, fullContacts))
    after = page.at(-1)
    if (page.length < pageRows) return
  }
}

/** A value as people write it. A contact that is masked says nothing when it is read again, so it changes nothing. */
function cellOf(field: Field, value: string | boolean | null, fullContacts: boolean): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'да' : field === 'foreignName' ? '' : 'нет'
  if (field === 'phone') return fullContacts ? formatPhone(value) : maskPhone(value)
  if (field === 'email') return fullContacts ? value : maskEmail(value)
  return field === 'startsOn' ? value.split('-').reverse().join('.') : value
}
