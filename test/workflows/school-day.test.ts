import { expect, test } from 'vitest'
import { shiftDate } from '../../school/calendar/local-date.ts'
import { workCalendar } from '../../school/calendar/work-calendar.ts'
import { linkCreated, staffLink } from '../support/sample-links.ts'
import { patience, schoolInSkippedTime } from '../support/school-in-skipped-time.ts'

const school = await schoolInSkippedTime(4)
const calendar = workCalendar({ timezone: 'Europe/Samara', schoolWeek: 5 })
const { complete, deadlinesOf, stateOf, tasksOf, timelineOf } = school
const sweep = `linkSweep:${school.orgId}`

/** Passes to the next morning, 07:30 local, of a day that works, or of one that does not. Returns its date. */
async function morning(works = true): Promise<string> {
  let date = shiftDate(calendar.localDate(await school.now()), 1)
  while (calendar.isWorkingDay(date) !== works) date = shiftDate(date, 1)
  await school.passTo(calendar.at(date, '07:30'))
  return date
}

const sweeps = () => school.rows<{ checked: number; findings: { linkId: string; problem: string }[] }>('select checked, findings from sweeps order by at')
const digests = async (date: string) => (await school.rows<{ to: string; state: string }>(`select recipient ->> 'person' as "to", state from letters where process_id = $1 order by 1`, [`digest:${school.orgId}:${date}`]))

async function liveLink(link: string): Promise<string> {
  const { start, events } = staffLink(link, ['p3'])
  await school.start(start, events)
  await complete('T-LINK-CREATE', linkCreated(), { owner: `inviteLink:${link}` })
  return `inviteLink:${link}`
}

test('a day off does nothing at all', async () => {
  const date = await morning(false)
  await school.schoolDay()
  expect(await sweeps()).toEqual([])
  expect(await digests(date)).toEqual([])
})

test('a morning finds nothing and says so; with nothing to do nobody gets a letter', async () => {
  const date = await morning()
  await school.schoolDay()
  expect(await sweeps()).toEqual([{ checked: 0, findings: [] }])
  expect(await timelineOf(sweep)).toContain('SWEPT')
  expect(await stateOf(sweep)).toBe('idle')
  expect(await digests(date)).toEqual([])
})

test('a link alive past its term that no process looks after becomes a task; its confirmation reaches the register', async () => {
  await school.rows(
    `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, issued_at, expires_at, state, platform_state)
     values ('lnk_lost', $1, 'inviteLink:lnk_lost', 'ПР-2026-000099', 'staffRoom', 'teacher', 'group', now() - interval '20 days', now() - interval '1 day', 'active', 'live')`,
    [school.orgId],
  )
  const date = await morning()
  await school.schoolDay()
  expect((await sweeps()).at(-1)).toEqual({ checked: 1, findings: [{ linkId: 'lnk_lost', problem: 'noProcess' }] })
  expect(await stateOf(sweep)).toBe('attention')
  // At half past eight the administrator reads of it, once, however often the day begins.
  expect(await digests(date)).toEqual([{ to: 'p2', state: 'accepted' }])
  await school.schoolDay()
  expect(await digests(date)).toHaveLength(1)
  expect(await tasksOf(sweep)).toEqual(['T-LINK-REVOKE'])

  expect(await complete('T-LINK-REVOKE', { revokedOn: date, method: 'revoked' }, { owner: sweep })).toMatchObject({ accepted: true })
  expect(await stateOf(sweep)).toBe('idle')
  expect(await school.rows(`select platform_state from invite_links where id = 'lnk_lost'`)).toEqual([{ platform_state: 'revoked' }])
})

test('a link into a staff room that is gone is closed by its own process', async () => {
  const link = await liveLink('lnk_gone')
  await school.rows('update organizations set staff_room_on = null')
  const date = await morning()
  await school.schoolDay()
  expect((await sweeps()).at(-1)).toMatchObject({ findings: [{ linkId: 'lnk_gone', problem: 'targetGone' }] })
  await expect.poll(() => stateOf(link), patience).toBe('closing')
  await expect.poll(() => school.rows(`select close_reason from invite_links where id = 'lnk_gone'`), patience).toEqual([{ close_reason: 'targetClosed' }])
  await complete('T-LINK-REVOKE', { revokedOn: date, method: 'targetDeleted' }, { owner: link })
  await school.rows(`update organizations set staff_room_on = '2026-09-01'`)
})

test('a changed calendar moves what counts in working days, with what follows from it, and the timeline says so (edge case 15)', async () => {
  await morning()
  await school.schoolDay()
  const { start, events } = staffLink('lnk_calendar', ['p4'])
  await school.start(start, events)
  const task = await school.openTask('T-LINK-CREATE', 'inviteLink:lnk_calendar')
  const before = await deadlinesOf(task.id)

  const offDay = calendar.localDate(before.TIMER_DUE!)
  const corrections = [{ date: offDay, kind: 'movedOff' as const }]
  const changed = workCalendar({ timezone: 'Europe/Samara', schoolWeek: 5, corrections })
  await school.rows(`update organizations set settings = settings || jsonb_build_object('calendarCorrections', $1::jsonb)`, [JSON.stringify(corrections)])
  await school.schoolDay()
  const due = changed.addWorkingDays(offDay, 1).at
  await expect.poll(async () => (await deadlinesOf(task.id)).TIMER_DUE, patience).toEqual(due)
  expect(await deadlinesOf(task.id)).toMatchObject({ TIMER_ESCALATE: changed.addWorkingDays(due, 1).at, TIMER_ESCALATE_HEAD: changed.addWorkingDays(due, 3).at })
  expect(await timelineOf(task.id)).toContain('CALENDAR_CHANGED')
  expect(await school.openTask('T-LINK-CREATE', 'inviteLink:lnk_calendar')).toMatchObject({ dueAt: due })
})

test('the morning of a school forgets who left a year ago, and leaves an act', async () => {
  await school.rows(`insert into people (id, org_id, last_name, first_name, search_key) values ('per_left', $1, 'Ким', 'Анна', 'ким анна')`, [school.orgId])
  await school.rows(`insert into memberships (id, org_id, person_id, kind, roles, ended_at) values ('mem_left', $1, 'per_left', 'student', '{}', now() - interval '2 years')`, [school.orgId])
  await morning(false)
  await school.schoolDay()
  expect(await school.rows(`select last_name from people where id = 'per_left'`)).toEqual([{ last_name: 'Ким' }])
  await morning()
  await school.schoolDay()
  const [person] = await school.rows<{ last_name: string }>(`select last_name from people where id = 'per_left'`)
  expect(person!.last_name).toMatch(/^Участник [0-9a-f]{4}$/)
  expect(await school.rows(`select people from erasure_certificates where rule = 'leavers'`)).toEqual([{ people: [{ id: 'per_left', pseudonym: person!.last_name }] }])
})
