import { expect } from 'vitest'
import { inSchool, type Database } from '../../db/connection.ts'

/** Waits until nothing of the school is on its way: letters have settled and their owners know, answers of invited people were heard. */
export function quiet(db: Database, orgId: string, timeout = 20_000): Promise<void> {
  const onTheWay = () =>
    inSchool(db, orgId, (tx) =>
      tx.query(
        `select id from letters where state in ('queued', 'rendered', 'sending') or (told_at is null and state in ('accepted', 'failed', 'unknownOutcome'))
         union all select id from recipient_answers where told_at is null`,
      ),
    )
  return expect.poll(async () => (await onTheWay()).rows, { timeout }).toEqual([])
}
