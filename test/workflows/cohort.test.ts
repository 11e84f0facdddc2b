import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { resumeCohort } from '../../activities/resume-cohort.ts'
import { readRunning } from '../../db/cohorts.ts'
import { asService } from '../../db/connection.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'
import { liveLink } from '../stories/link.ts'
import { onboardingListToActive } from '../stories/onboarding.ts'
import { registrationCompleted } from '../stories/registration.ts'
import { anotherServer } from '../support/another-server.ts'
import { ownNamespace } from '../support/own-namespace.ts'
import { schoolAtWork, type SchoolAtWork } from '../support/school-at-work.ts'

const temporal = await ownNamespace()
const school = await schoolAtWork(temporal)
const another = await schoolAtWork(temporal)

/** The person opened the page: always taken, and each time a line of the timeline. */
const opened = (to: string): IncomingEvent => ({ id: randomUUID(), to, event: { type: 'OPENED' }, actor: { kind: 'recipient' } })

test.each([
  ['one server, 500', 1, 500],
  ['twenty servers, 25 each', 20, 25],
])('500 events at once for one cohort: all are answered, none is refused (%s)', (_title, servers, each) =>
  school.running(async () => {
    const { invitations } = await liveLink(school, `lnk_${servers}`, [servers === 1 ? 'p6' : 'p7'])
    const [to] = invitations as [string]
    const sent = Array.from({ length: servers }, () => {
      const deliver = anotherServer(school)
      return Array.from({ length: each }, () => deliver([opened(to)]))
    })
    const results = (await Promise.all(sent.flat())).flat()
    expect(results.filter(({ accepted }) => !accepted)).toEqual([])
    expect(new Set(results.map((result) => result.accepted && result.seq)).size).toBe(500)
    expect(await school.rows(`select from timeline where process_id = $1 and event = 'OPENED' and actor = 'recipient'`, [to])).toHaveLength(500)
  }),
)

test('a worker that remembers nothing, so that every task replays the whole run, decides the same as one that remembers', async () => {
  const play = (on: SchoolAtWork) => onboardingListToActive(on, 'lnk_same')
  await school.running(() => play(school))
  await another.running(() => play(another), { maxCachedWorkflows: 0 })
  const lines = ({ rows }: SchoolAtWork) =>
    rows(`select process_id, owner_id, seq, actor, person_id, event, from_state, to_state, applied from timeline where cohort_id in (select cohort_id from processes where id = 'inviteLink:lnk_same') order by process_id, seq`)
  expect(await lines(another)).toEqual(await lines(school))
})

test('what the last step began is done before the cohort ends; then its events are for nobody', () =>
  school.running(async () => {
    const workflowId = await registrationCompleted(school)
    const handle = school.client.workflow.getHandle(workflowId)
    await handle.result()
    const { events } = await handle.fetchHistory()
    const lastStep = events!.findLastIndex(({ workflowExecutionUpdateCompletedEventAttributes: answered }) => answered)
    const after = events!.slice(lastStep).map((event) => Object.keys(event).find((key) => key.endsWith('EventAttributes')))
    expect(after).toContain('activityTaskCompletedEventAttributes')
    expect(after.at(-1)).toBe('workflowExecutionCompletedEventAttributes')
    const id = `orgRegistration:${school.orgId}:2`
    expect((await school.lettersOf(id)).at(-1)).toBe('L-REG-STATUS head accepted')
    expect((await school.mail.letters()).at(-1)).toMatchObject({ subject: expect.stringContaining('Завершена') })

    const late = await school.dispatcher.deliver([{ id: randomUUID(), to: id, event: { type: 'CANCEL', reason: 'поздно' }, actor: { kind: 'person', personId: 'p2' } }])
    expect(late).toEqual([{ id: expect.anything(), accepted: false, reason: 'notHere', state: null, allowed: [], guards: [] }])
    expect((await school.timelineOf(id)).at(-1)).toBe('STAFF_ROOM_CREATED')
  }))

test('a cohort that was ended by force in Temporal goes on from what PostgreSQL has, and nothing happens twice', () =>
  school.running(async () => {
    const { workflowId, invitations } = await liveLink(school, 'lnk_forced', ['p5'])
    const [to] = invitations as [string]
    await school.client.workflow.getHandle(workflowId).terminate()
    expect(await school.dispatcher.deliver([opened(to)])).toMatchObject([{ accepted: false, reason: 'notHere' }])

    const cohorts = await asService(school.db, (tx) => readRunning(tx, '', 100))
    const cohort = cohorts.find((running) => running.workflowId === workflowId)!
    for (const _again of [1, 2]) await resumeCohort(school.db, school.dispatcher, cohort)
    expect(await school.dispatcher.deliver([opened(to)])).toMatchObject([{ accepted: true, state: 'sent' }])
    expect(await school.timelineOf(to)).toEqual(['BEGAN', 'SEND', 'LETTER_ACCEPTED', 'OPENED'])
    expect(await school.rows('select state, attempts from letters where process_id = $1', [to])).toEqual([{ state: 'accepted', attempts: 1 }])
  }))
