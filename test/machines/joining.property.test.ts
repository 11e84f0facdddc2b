import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ChatJoiningContext } from '../../machines/chat-joining.ts'
import { stateOf } from '../../workflows/instance.ts'
import { answerLetter, sendAnything, workOnTask, type Choice } from './random-plots.ts'
import { SimulatedCohort } from './simulated-cohort.ts'
import { checkRepeat, checkStep, contextOf } from './step-rules.ts'

/** SEED replays a failing plot: `SEED=123 npx vitest run test/machines/joining.property.test.ts`. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`joining: seed ${seed}`)

const plot = fc.array(fc.tuple(fc.nat(9999), fc.nat(9999), fc.nat(9999)), { minLength: 8, maxLength: 24, size: 'max' })
const joiningId = 'joining:j1'
const linkId = 'inviteLink:l1'

/** A class of three: one gets a letter, two a strip; by name the invitations are x1, x2, x3. */
function classJoining(byName: boolean): SimulatedCohort {
  const cohort = new SimulatedCohort()
  const people = [true, false, false].map((byLetter, at) => ({ personId: `p${at + 3}`, byLetter, ...(byName && { invitationId: `x${at + 1}` }) }))
  cohort.spawn(joiningId, 'chatJoining', { joiningId: 'j1', spaceId: 's1', classId: 'c1', audience: 'guardian', ownerId: 'p2', byName, linkId: 'l1', number: 'ПР-2026-000001', people })
  return cohort
}

function play(cohort: SimulatedCohort, choice: Choice): void {
  const [what, , how] = choice
  switch (what % 8) {
    case 0:
    case 1:
      return workOnTask(cohort, choice, () => undefined)
    case 2:
    case 3:
      return sendAnything(cohort, ['chatJoining'], choice)
    case 4:
      return sendAnything(cohort, ['inviteLink', 'invitation'], choice)
    case 5:
      return answerLetter(cohort, choice)
    case 6:
      return cohort.pass(24 * (how % 6))
    default:
      return cohort.passToDeadline()
  }
}

/** Somebody has something to do, or a day stands when somebody will. */
function checkLookedAfter(cohort: SimulatedCohort): void {
  const { snapshot, ended } = cohort.instances.get(joiningId)!
  const context = contextOf<ChatJoiningContext>(cohort.instances.get(joiningId)!)
  const state = stateOf(snapshot)
  const link = cohort.stateOf(linkId)!
  const open = ['requested', 'creating', 'creationFailed', 'active']
  if (ended) {
    expect(open, `a link that nobody looks after: ${state}`).not.toContain(link)
    return
  }
  const tasks = cohort.tasksOf(joiningId).map(({ kind }) => kind)
  if (!context.linkOver) expect(open, state).toContain(link)
  if (state === 'linkReady') expect(tasks).toContain('T-LINK-HANDOUT')
  const counted = !context.byName && context.joined + context.declined >= context.people.length
  const asked = tasks.some((kind) => kind === 'T-JOIN-COUNT' || kind === 'T-JOIN-MARK' || kind === 'T-JOIN-EXTRA')
  if ((state === 'distributed' || state === 'collecting') && !counted) expect(asked || 'TIMER_COLLECT_DUE' in context.deadlines, state).toBe(true)
  if (context.linkOver) expect(asked, 'the last count').toBe(true)
}

/** BR-19, and no lists where there are to be none. */
function checkPeople(cohort: SimulatedCohort, refused: Set<string>): void {
  const { byName } = contextOf<ChatJoiningContext>(cohort.instances.get(joiningId)!)
  if (!byName) expect(cohort.all('invitation'), 'counts only').toEqual([])
  for (const { id, snapshot } of cohort.all('invitation')) {
    if (stateOf(snapshot) === 'declined') refused.add(id)
    if (refused.has(id)) expect(stateOf(snapshot), 'BR-19: a refusal is final').toBe('declined')
  }
  for (const { processId } of cohort.last!.outcome.letters) expect(refused.has(processId), 'BR-19: who declined is not written to').toBe(false)
}

test.each([true, false])('a class joining a chat is looked after to its end, in any order of events; by name: %s', { timeout: 180_000 }, (byName) => {
  const reached = new Set<string>()
  fc.assert(
    fc.property(plot, (choices) => {
      const cohort = classJoining(byName)
      const refused = new Set<string>()
      for (const [index, choice] of choices.entries()) {
        play(cohort, choice)
        checkStep(cohort)
        checkLookedAfter(cohort)
        checkPeople(cohort, refused)
        if (index % 6 === 0) checkRepeat(cohort)
      }
      reached.add(cohort.stateOf(joiningId)!)
    }),
    { seed, numRuns: 600 },
  )
  // The plots are worth something only if they come far.
  for (const state of ['linkReady', 'distributed', 'collecting', 'closed', 'cancelled']) expect(reached).toContain(state)
})
