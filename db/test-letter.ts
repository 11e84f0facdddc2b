import { randomBytes } from 'node:crypto'
import type { Queryable } from './connection.ts'

/** Queues a letter that only says that letters arrive. Returns its id. */
export async function queueTestLetter(tx: Queryable, orgId: string, personId: string): Promise<string> {
  const key = randomBytes(12).toString('hex')
  await tx.query(
    `insert into letters (id, org_id, process_id, code, recipient, values, urgent, outside, queued_at, told_at)
     values ($1, $2, $3, 'L-TEST', jsonb_build_object('person', $4::text), '{}', true, false, now(), now())`,
    [`letter.test.${key}`, orgId, `test:${key}`, personId],
  )
  return `letter.test.${key}`
}
