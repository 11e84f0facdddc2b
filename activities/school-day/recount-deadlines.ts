import { createHash } from 'node:crypto'
import { inSchool, type Database } from '../../db/connection.ts'
import { readLiveDeadlines } from '../../db/deadlines.ts'
import { readCalendarSettings, readCalendarVersion, writeCalendarVersion } from '../../db/calendar-settings.ts'
import type { Recounted } from '../../workflows/by-hand.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'
import type { Delivery } from '../delivery.ts'
import { recount } from '../records/recount.ts'
import { schoolCalendar } from '../school-calendar.ts'

/**
 * When the calendar data of the school changed since its deadlines were counted, counts them again from where they
 * were counted and tells each process whose deadlines move (CALENDAR_CHANGED; domain.md 6.3, edge case 15).
 */
export async function recountDeadlines(db: Database, delivery: Delivery, orgId: string, now: Date): Promise<void> {
  const { version, events } = await inSchool(db, orgId, async (tx) => {
    const calendar = await schoolCalendar(tx)
    const version = stampOf(calendar.version, await readCalendarSettings(tx))
    if (version === (await readCalendarVersion(tx))) return { version, events: [] }
    const moved = new Map<string, Record<string, Recounted>>()
    for (const { processId, name, ...deadline } of recount(calendar, await readLiveDeadlines(tx), now)) {
      moved.set(processId, { ...moved.get(processId), [name]: deadline })
    }
    const events = [...moved].map(([to, deadlines]): IncomingEvent => ({ id: `calendar:${calendar.localDate(now)}:${version}:${to}`, to, event: { type: 'CALENDAR_CHANGED', deadlines }, actor: { kind: 'process' } }))
    return { version, events }
  })
  if (events.length > 0) await delivery.deliver(events)
  await inSchool(db, orgId, (tx) => writeCalendarVersion(tx, version))
}

/** Data and settings the calendar was made of: a new zone, week or added day is a change like a new year's data. */
const stampOf = (version: string, settings: object): string => `${version}.${createHash('sha256').update(JSON.stringify(settings)).digest('base64url').slice(0, 12)}`
