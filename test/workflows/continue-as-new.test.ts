import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { EventResult, IncomingEvent } from '../../workflows/messages.ts'
import { liveLink } from '../stories/link.ts'
import { anotherServer } from '../support/another-server.ts'
import { runsOf } from '../support/runs-of.ts'
import { schoolAtWork } from '../support/school-at-work.ts'
import { shortRunsEnv } from '../support/short-runs-env.ts'

// Every run of a cohort ends within its second step or so.
const school = await schoolAtWork(await shortRunsEnv(10))

/** The person opened the page: always taken, and each time a line of the timeline. */
const opened = (to: string, id = randomUUID()): IncomingEvent => ({ id, to, event: { type: 'OPENED' }, actor: { kind: 'recipient' } })

const timesOpened = async (id: string) => (await school.rows(`select from timeline where process_id = $1 and event = 'OPENED' and actor = 'recipient'`, [id])).length

/** How many updates each run took in the very task that continued it as new. */
async function takenWhileMoving(workflowId: string): Promise<number[]> {
  const runs = await runsOf(school.client, workflowId)
  return Promise.all(
    runs.map(async (runId) => {
      const { events } = await school.client.workflow.getHandle(workflowId, runId).fetchHistory()
      const moved = events!.at(-1)!.workflowExecutionContinuedAsNewEventAttributes
      const lastTask = events!.findIndex(({ eventId }) => moved && String(eventId) === String(moved.workflowTaskCompletedEventId))
      return lastTask === -1 ? 0 : events!.slice(lastTask).filter(({ workflowExecutionUpdateAcceptedEventAttributes: update }) => update).length
    }),
  )
}

test('eight updates in flight while a cohort continues as new: each is answered once and done once (F10)', async () => {
  const { workflowId, invitations } = await school.running(() => liveLink(school, 'lnk_1', ['p3']))
  const [invitation] = invitations as [string]
  const results: EventResult[] = []
  // Eight at a time, all there before a worker is: the first make the run long, and sooner or later eight arrive together
  // where it has to end. On a busy machine Temporal may hand them out in parts.
  let rounds = 0
  do {
    const sent = Array.from({ length: 8 }, () => anotherServer(school)([opened(invitation)]))
    results.push(...(await school.running(() => Promise.all(sent))).flat())
    rounds += 1
  } while (rounds < 10 && Math.max(...(await takenWhileMoving(workflowId))) < 5)
  expect(Math.max(...(await takenWhileMoving(workflowId)))).toBeGreaterThanOrEqual(5)
  expect(results.every(({ accepted }) => accepted)).toBe(true)
  expect(new Set(results.map((result) => result.accepted && result.seq)).size).toBe(rounds * 8)
  expect(await timesOpened(invitation)).toBe(rounds * 8)
})

test('events that never cease while run follows run: each is answered once and done once', () =>
  school.running(async () => {
    const { workflowId, invitations } = await liveLink(school, 'lnk_2', ['p4', 'p5'])
    const before = (await runsOf(school.client, workflowId)).length
    const sendMany = async (to: string) => {
      const deliver = anotherServer(school)
      const results: EventResult[] = []
      for (let i = 0; i < 12; i += 1) results.push(...(await deliver([opened(to)])))
      return results
    }
    const results = (await Promise.all([1, 2, 3].flatMap(() => invitations.map(sendMany)))).flat()
    expect(results.filter(({ accepted }) => !accepted)).toEqual([])
    for (const invitation of invitations) expect(await timesOpened(invitation)).toBe(36)
    expect((await runsOf(school.client, workflowId)).length).toBeGreaterThan(before + 5)
    // What went out before the cohort moved on did not go out again after it.
    const letters = (await school.mail.letters()).map(({ to }) => JSON.stringify(to))
    for (const person of ['p4', 'p5']) expect(letters.filter((to) => to.includes(`${person}@`))).toHaveLength(1)
  }))

test('an event that comes again after any number of runs and events is answered as it was, and not done again (P2)', () =>
  school.running(async () => {
    const { workflowId, invitations } = await liveLink(school, 'lnk_3', ['p6'])
    const [invitation] = invitations as [string]
    // More than are carried from run to run: the oldest only PostgreSQL remembers.
    const events = Array.from({ length: 600 }, () => opened(invitation))
    const results = await school.dispatcher.deliver(events)
    expect(results.every(({ accepted }) => accepted)).toBe(true)
    const before = (await runsOf(school.client, workflowId)).length
    for (let i = 0; i < 4; i += 1) await school.dispatcher.deliver([opened(invitation)])
    expect((await runsOf(school.client, workflowId)).length).toBeGreaterThan(before)

    expect(await anotherServer(school)(events.slice(0, 1))).toEqual(results.slice(0, 1))
    expect(await anotherServer(school)(events.toReversed())).toEqual(results.toReversed())
    expect(await timesOpened(invitation)).toBe(604)
  }))
