import type { Queryable } from './connection.ts'
import type { KeyRing } from './key-ring.ts'
import { openBytes, sealBytes } from './sealed.ts'

const pieceBytes = 1024 * 1024
const context = (importId: string, seq: number) => `import_files.content:${importId}:${seq}`

/** Keeps an uploaded file in sealed pieces until it is read: it may hold more than is asked for. */
export async function insertImportFile(tx: Queryable, keys: KeyRing, orgId: string, importId: string, bytes: Buffer): Promise<void> {
  for (let seq = 0; seq * pieceBytes < bytes.length; seq += 1) {
    const { keyId, data } = sealBytes(keys, 'column', bytes.subarray(seq * pieceBytes, (seq + 1) * pieceBytes), context(importId, seq))
    await tx.query(`insert into import_files (import_id, seq, org_id, key_id, content) values ($1, $2, $3, $4, $5)`, [importId, seq, orgId, keyId, data])
  }
}

export async function openImportFile(tx: Queryable, keys: KeyRing, importId: string): Promise<Buffer> {
  const { rows } = await tx.query<{ seq: number; keyId: string; content: Buffer }>(`select seq, key_id as "keyId", content from import_files where import_id = $1 order by seq`, [importId])
  return Buffer.concat(rows.map(({ seq, keyId, content }) => openBytes(keys, 'column', { keyId, data: content }, context(importId, seq))))
}

export async function deleteImportFile(tx: Queryable, importId: string): Promise<void> {
  await tx.query(`delete from import_files where import_id = $1`, [importId])
}
