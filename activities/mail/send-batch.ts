import { inSchool, type Queryable } from '../../db/connection.ts'
import { postponeBatch, type Batch } from '../../db/letters.ts'
import { findOrganization } from '../../db/organizations.ts'
import { schoolCalendar } from '../school-calendar.ts'
import { defaultLimits, type MailDeps, type MailRun } from './mail-deps.ts'
import { settleAttempt } from './settle.ts'
import { SmtpSession } from './smtp-session.ts'
import { takeLetter, type MailSchool } from './take-letter.ts'
import { whileAway } from './while-away.ts'

/** After so long the rest waits for the next run, so that an activity ends well within its time. */
export const runMs = 4 * 60 * 1000
/** A claim outlives the attempt by this much: the attempt always ends first. */
const claimMarginMs = 5_000
const heartbeatMs = 5_000

/** The instant of a run as it goes on. Never behind this machine's clock: a repeat may come long after it was scheduled. */
export function clockOf({ now }: MailRun): () => Date {
  const started = performance.now()
  return () => new Date(Math.max(Date.now(), now.getTime() + performance.now() - started))
}

/**
 * Sends what is due of a batch, one letter after the other over one connection, until nothing is due, the run is
 * cancelled or its time is up. When the mail server is away the whole batch waits.
 */
export async function sendBatch(deps: MailDeps, orgId: string, batch: Batch, run: MailRun, clock: () => Date): Promise<void> {
  const session = new SmtpSession(deps.smtpUrl, deps.limits ?? defaultLimits)
  const started = performance.now()
  const beat = setInterval(run.heartbeat, heartbeatMs)
  try {
    const school = await mailSchool(deps, orgId)
    while (!run.signal.aborted && performance.now() - started < runMs) {
      const taken = await inSchool(deps.db, orgId, (tx) => takeLetter(tx, deps, batch, school, clock(), (bytes) => session.bound(bytes) + claimMarginMs))
      if (taken === null) break
      if (taken === 'settled') continue
      const delivery = await session.deliver({ from: deps.from, to: taken.address }, taken.mime)
      const away = delivery.outcome === 'deferred' && delivery.away
      const settle = async (tx: Queryable) => {
        const now = clock()
        const nextAt = await settleAttempt(tx, taken.id, taken.attempt, delivery, now)
        if (away && nextAt) await postponeBatch(tx, batch, now, nextAt)
      }
      // A letter whose outcome is forgotten goes out once more (P4).
      await whileAway(() => inSchool(deps.db, orgId, settle), run.signal)
      run.heartbeat()
      if (away) break
    }
  } finally {
    clearInterval(beat)
    session.close()
  }
}

function mailSchool({ db }: MailDeps, orgId: string): Promise<MailSchool> {
  return inSchool(db, orgId, async (tx) => {
    const school = await findOrganization(tx, orgId)
    if (!school) throw new Error(`no school ${orgId}`)
    return { school, calendar: await schoolCalendar(tx) }
  })
}
