import type { Queryable } from './connection.ts'
import type { ErasedCounts } from './erasure-certificates.ts'

/** What an import is called when its file's own name is forgotten: people write names into those. */
const forgotten = 'Файл'
/** How long a file is kept that nobody has managed to read, and the name of one whose import is over, days. */
const keptDays = 30

/** Erases what these imports keep of their files. */
export async function eraseImports(tx: Queryable, ids: readonly string[]): Promise<ErasedCounts> {
  const files = await tx.query(`delete from import_files where import_id = any ($1)`, [ids])
  const rows = await tx.query(`delete from import_rows where import_id = any ($1)`, [ids])
  return { importFiles: files.rowCount ?? 0, importRows: rows.rowCount ?? 0 }
}

/**
 * Erases what the machine has not: names of files whose imports ended a month ago, files that were never read, and rows and
 * files an ended import should not have. Repeats change nothing.
 */
export async function eraseOldImports(tx: Queryable, now: Date): Promise<ErasedCounts> {
  const { rows: over } = await tx.query<{ id: string }>(
    `select i.id from imports i join processes p on p.id = i.process_id where p.ended_at is not null
       and (exists (select from import_rows r where r.import_id = i.id) or exists (select from import_files f where f.import_id = i.id))`,
  )
  const counts = await eraseImports(tx, over.map(({ id }) => id))
  const before = `$1::timestamptz - make_interval(days => ${keptDays})`
  const unread = await tx.query(`delete from import_files f using imports i where i.id = f.import_id and i.opened_at < ${before}`, [now])
  const named = await tx.query(
    `update imports i set file_name = $2 from processes p where p.id = i.process_id and p.ended_at < ${before} and i.file_name <> $2`,
    [now, forgotten],
  )
  return { importFiles: (counts.importFiles ?? 0) + (unread.rowCount ?? 0), importRows: counts.importRows ?? 0, importNames: named.rowCount ?? 0 }
}
