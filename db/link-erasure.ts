import type { Queryable } from './connection.ts'
import type { ErasedCounts } from './erasure-certificates.ts'

/** How long the address of a link is kept after the link has closed, days (domain.md 13, DEC). */
const keptDays = 90

/**
 * Erases the platform's addresses of links that closed long ago: in the register, in the process, and in the step log of
 * cohorts that have ended, which nobody will ever go on from. Repeats change nothing.
 */
export async function eraseOldAddresses(tx: Queryable, now: Date): Promise<ErasedCounts> {
  const links = await tx.query(
    `with closed as (
       select l.id, p.id as process_id from invite_links l join processes p on p.id = l.process_id
       where l.url is not null and p.state in ('revoked', 'cancelled') and p.changed_at < $1::timestamptz - make_interval(days => $2)),
     processes_too as (
       update processes p set context = jsonb_set(p.context, '{url}', 'null') from closed c where p.id = c.process_id and p.ended_at is not null)
     update invite_links l set url = null from closed c where l.id = c.id`,
    [now, keptDays],
  )
  const steps = await tx.query(
    `delete from cohort_steps s using cohorts c where c.id = s.cohort_id and c.status = 'ended' and c.ended_at < $1::timestamptz - make_interval(days => $2)`,
    [now, keptDays],
  )
  return { linkAddresses: links.rowCount ?? 0, steps: steps.rowCount ?? 0 }
}
