import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { cohortQuery, type Actor, type IncomingEvent } from '../../workflows/messages.ts'
import { onboardingList } from '../stories/onboarding.ts'
import { linkCreated } from '../support/sample-links.ts'
import { runsOf } from '../support/runs-of.ts'
import { schoolAtWork } from '../support/school-at-work.ts'
import { shortRunsEnv } from '../support/short-runs-env.ts'

const many = 500
const school = await schoolAtWork(await shortRunsEnv(10), many)
const people = Array.from({ length: many }, (_, i) => `p${i + 3}`)

/** One event for each of these instances, all at once. */
async function tellAll(ids: readonly string[], type: string, actor: Actor): Promise<void> {
  const by = actor.personId === undefined ? {} : { by: actor.personId }
  const results = await school.dispatcher.deliver(ids.map((to): IncomingEvent => ({ id: randomUUID(), to, event: { type, ...by }, actor })))
  expect(results.filter(({ accepted }) => !accepted)).toEqual([])
}

test('a list of 500 people, each with several open tasks, moves on from run to run with all that lives in it', () =>
  school.running(async () => {
    const { start, events } = onboardingList('lnk_big', people, { email: false })
    const { workflowId, results } = await school.start(start, events)
    expect(results.filter(({ accepted }) => !accepted)).toEqual([])
    await school.complete('T-LINK-CREATE', linkCreated(), { owner: 'inviteLink:lnk_big' })
    const invitations = people.map((person) => `invitation:inv_lnk_big_${person}`)
    await tellAll(invitations, 'HANDED', { kind: 'person', personId: 'p2' })
    await tellAll(invitations, 'NEW_LINK_REQUESTED', { kind: 'recipient' })
    await tellAll(invitations, 'REQUEST_SENT', { kind: 'recipient' })
    const before = (await runsOf(school.client, workflowId)).length
    await tellAll(invitations, 'OPENED', { kind: 'recipient' })
    await tellAll(invitations, 'OPENED', { kind: 'recipient' })
    expect((await runsOf(school.client, workflowId)).length).toBeGreaterThan(before)
    const { alive } = await school.client.workflow.getHandle(workflowId).query(cohortQuery)
    const kinds = Object.groupBy(alive, ({ kind }) => kind)
    expect(Object.fromEntries(Object.entries(kinds).map(([kind, found]) => [kind, found!.length]))).toEqual({ teacherOnboarding: many, inviteLink: 1, invitation: many, humanTask: 3 * many })
  }))
