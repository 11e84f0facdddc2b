import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxLetters } from '../../machines/invitation.ts'
import type { InviteLinkContext } from '../../machines/invite-link.ts'
import { maxLifeDays } from '../../machines/link-term.ts'
import { organizationRegistration, type OrganizationRegistrationContext } from '../../machines/organization-registration.ts'
import type { SendingFacts } from '../../machines/organization-registration-events.ts'
import type { StaffAssignmentContext } from '../../machines/staff-assignment.ts'
import type { TeacherOnboardingContext } from '../../machines/teacher-onboarding.ts'
import { stateOf } from '../../workflows/instance.ts'
import { answerLetter, sendAnything, TeacherPlot, workOnTask, type Choice } from './random-plots.ts'
import { samplesOf } from './sample-events.ts'
import { SimulatedCohort } from './simulated-cohort.ts'
import { checkRepeat, checkStep, contextOf } from './step-rules.ts'

/**
 * 10,000 random plots. A failing one is printed with its seed and path by fast-check; SEED replays it:
 * `SEED=123 npx vitest run test/machines/business-rules.property.test.ts`.
 */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`business rules: seed ${seed}`)

const plot = (maxLength: number) => fc.array(fc.tuple(fc.nat(9999), fc.nat(9999), fc.nat(9999)), { minLength: 8, maxLength, size: 'max' })
/** A test of thousands of plots gets this long, ms, on a busy machine. */
const patience = 180_000
const check = (numRuns: number, maxLength: number, play: (choices: Choice[]) => void) => fc.assert(fc.property(plot(maxLength), play), { seed, numRuns })

function checkLinks(cohort: SimulatedCohort, urls: Map<string, string>): void {
  for (const link of cohort.all('inviteLink')) {
    const state = stateOf(link.snapshot)
    const context = contextOf<InviteLinkContext>(link)
    expect(context.target === 'staffRoom' && context.platformRole, 'BR-06').toBe('teacher')
    if (state === 'active') {
      const end = Date.parse(context.deadlines.TIMER_EXPIRED?.at ?? '')
      expect(end, 'BR-07: every live link has a term').toBeLessThanOrEqual(Date.parse(context.issuedAt!) + maxLifeDays * 24 * 60 * 60 * 1000)
      expect(urls.get(context.url!) ?? link.id, 'a URL belongs to one link').toBe(link.id)
      urls.set(context.url!, link.id)
    }
    expect(context.platformState, `BR-08: ${state}`).toBe({ active: 'live', closing: 'live', revocationOverdue: 'live', revoked: 'revoked' }[state] ?? 'none')
    if (state === 'closing' || state === 'revocationOverdue') expect(cohort.tasksOf(link.id).map(({ kind }) => kind), 'BR-07: somebody is to annul it').toContain('T-LINK-REVOKE')
    if (state === 'requested' || state === 'creating' || state === 'creationFailed') expect(context.url, 'edge case 19').toBeNull()
  }
}

function checkPeople(plot: TeacherPlot): void {
  const { cohort, staffRoom } = plot
  for (const personId of ['p3', 'p4', 'p5', 'p6', 'p7']) expect(plot.liveInvitations(personId).length, `BR-09: ${personId}`).toBeLessThanOrEqual(1)
  if (!staffRoom) expect(cohort.all('inviteLink').filter(({ snapshot }) => stateOf(snapshot) !== 'requested'), 'BR-05').toEqual([])
  for (const invitation of cohort.all('invitation')) {
    const letters = cohort.letters.filter(({ processId, code }) => processId === invitation.id && code !== 'L-INV-EXPIRED')
    expect(letters.length, invitation.id).toBeLessThanOrEqual(maxLetters)
  }
  for (const onboarding of cohort.alive('teacherOnboarding')) {
    const { invitationId, verification, inviteClosed } = contextOf<TeacherOnboardingContext>(onboarding)
    const state = stateOf(onboarding.snapshot)
    const invitation = invitationId ? cohort.stateOf(`invitation:${invitationId}`) : undefined
    if (state === 'inviting') expect(invitation, 'an invitation is on its way').toBe('planned')
    if (state === 'invited') expect(invitation, 'F29: both know the same').toBe('sent')
    if (state === 'inviteExpired' || state === 'declined' || inviteClosed) expect(['planned', 'sent'], state).not.toContain(invitation)
    if (state === 'verifying' || state === 'verificationProblem') expect(verification, 'BR-15').toBe(true)
  }
}

/** What the lines of the last step say about who decided (BR-14) and what came after a refusal (BR-19). */
function checkLines(cohort: SimulatedCohort): void {
  const { outcome } = cohort.last!
  for (const { processId, event, from, to, actor, applied } of outcome.timeline) {
    if (!applied) continue
    if (processId.startsWith('onboarding:') && (from === 'joinRequested' || from === 'identityDoubt') && ['verifying', 'active', 'wrongRole'].includes(to)) expect(actor.kind, `BR-14: ${event}`).toBe('person')
    if (processId.startsWith('inviteLink:') && to === 'revoked' && from !== 'revoked') expect(actor.kind, `BR-08: ${event}`).toBe('person')
  }
  for (const { processId } of outcome.letters) if (processId.startsWith('invitation:')) expect(cohort.stateOf(processId), 'BR-19: who declined is not written to').not.toBe('declined')
}

test('links, invitations and onboardings keep the rules in any order of events', { timeout: patience }, () => {
  const reached = new Set<string>()
  check(3000, 20, (choices) => {
    const plot = new TeacherPlot((choices[0]?.[1] ?? 0) % 10 !== 0, (choices[0]?.[2] ?? 0) % 4 !== 0)
    const urls = new Map<string, string>()
    for (const [index, choice] of choices.entries()) {
      plot.play(choice)
      checkStep(plot.cohort)
      checkLinks(plot.cohort, urls)
      checkPeople(plot)
      checkLines(plot.cohort)
      if (index % 6 === 0) checkRepeat(plot.cohort)
    }
    for (const instance of plot.cohort.instances.values()) reached.add(`${instance.kind}.${stateOf(instance.snapshot)}`)
    reinviteWherePossible(plot)
  })
  // The plots are worth something only if they come far.
  for (const state of ['teacherOnboarding.active', 'teacherOnboarding.declined', 'teacherOnboarding.wrongRole', 'inviteLink.revoked', 'inviteLink.revocationOverdue', 'invitation.joined', 'invitation.expired']) expect(reached).toContain(state)
})

/** BR-10: a closed invitation never stands in the way of a new one. */
function reinviteWherePossible(plot: TeacherPlot): void {
  if (!plot.staffRoom) return
  for (const { id, snapshot } of plot.cohort.alive('teacherOnboarding')) {
    const { personId } = snapshot.context as TeacherOnboardingContext
    if (!['inviteExpired', 'declined'].includes(stateOf(snapshot)) || plot.liveInvitations(personId).length > 0) continue
    const [result] = plot.cohort.send([{ to: id, event: { type: 'REINVITE', facts: plot.inviteFacts(personId, 1) } }])
    expect(result, 'BR-10').toMatchObject({ accepted: true })
    expect(plot.liveInvitations(personId).length, 'BR-10').toBe(1)
  }
}

test('a registration keeps the rules in any order of events', { timeout: patience }, () => {
  const facts = samplesOf(organizationRegistration.events.CONFIRM_SEND!.facts!) as SendingFacts[]
  const id = 'orgRegistration:org1'
  const completed: boolean[] = []
  check(4000, 20, (choices) => {
    const cohort = new SimulatedCohort()
    cohort.spawn(id, 'organizationRegistration', { number: 'СФ-2026-000001', confirmBeforeSending: (choices[0]?.[0] ?? 0) % 2 === 0 })
    for (const choice of choices) {
      const [what, whom, how] = choice
      const { administratorId: administrator, orderId: attached, trouble } = contextOf<OrganizationRegistrationContext>(cohort.instances.get(id)!)
      // Half of what is looked up is in order, or the plots would never leave the beginning; an order that is not there never is.
      const found = how % 2 ? facts[0]! : facts[how % facts.length]!
      const lookedUp = (type: string) => (attached === null && type !== 'ORDER_ATTACHED' ? { ...found, order: { ...found.order, registered: false } } : found)
      const lettersBefore = cohort.letters.length
      if (what % 5 === 0) sendAnything(cohort, ['organizationRegistration'], choice)
      else if (what % 5 === 1) workOnTask(cohort, choice, (_owner, type) => (organizationRegistration.events[type]!.facts ? lookedUp(type) : undefined))
      else if (what % 5 === 2) answerLetter(cohort, choice)
      else if (what % 5 === 3) cohort.passToDeadline()
      else {
        const events = [{ type: 'SUBMIT_DATA', administratorId: `p${how % 3}` }, { type: 'CONFIRM_SEND' }, { type: 'FIX' }, { type: 'ORDER_ATTACHED', orderId: `o${how % 3}` }, { type: 'SUBMIT_DATA', administratorId: `p${how % 3}` }]
        const event = events[whom % events.length]!
        cohort.send([{ to: id, event: { ...event, facts: lookedUp(event.type) } }])
      }
      checkStep(cohort)
      checkRepeat(cohort)

      const { administratorId, orderId } = contextOf<OrganizationRegistrationContext>(cohort.instances.get(id)!)
      if (orderId !== null && orderId !== attached) expect(found.order, 'BR-01').toEqual(facts[0]!.order)
      if (administratorId !== administrator) expect(found.application, 'BR-02, BR-03').toEqual(facts[0]!.application)
      for (const { code } of cohort.letters.slice(lettersBefore)) {
        if (code !== 'L-REG-APPLY') continue
        expect([orderId, administratorId], 'BR-01, BR-03').not.toContain(null)
        expect(found, 'BR-01, BR-02, BR-03: true at the moment it goes out').toEqual(facts[0])
        expect(trouble?.outcome, 'P4: no second application while the first may have arrived').not.toBe('unknown')
      }
      const sent = ['sending', 'awaitingReply', 'clarification', 'adminSignIn', 'rightsMissing']
      const before = cohort.last!.before.get(id)
      if (before && sent.includes(cohort.stateOf(id)!) && sent.includes(stateOf(before.snapshot))) expect(administratorId, 'BR-03, BR-04: frozen once sent').toBe(administrator)
    }
    completed.push(cohort.stateOf(id) === 'adminSignIn')
  })
  expect(completed).toContain(true)
})

test('rights and classes keep the rules in any order of events', { timeout: patience }, () => {
  const ids = ['staffAssignment:a1', 'staffAssignment:a2', 'staffAssignment:a3']
  check(3000, 20, (choices) => {
    const cohort = new SimulatedCohort()
    ids.forEach((id, index) => cohort.spawn(id, 'staffAssignment', index === 2 ? { kind: 'classTeacher', personId: 'p5', className: '5А', orderId: 'o1' } : { kind: 'extraAdmin', personId: `p${index + 3}` }))
    const administrators = () => ids.filter((id) => contextOf<StaffAssignmentContext>(cohort.instances.get(id)!).kind === 'extraAdmin' && cohort.stateOf(id) === 'active')
    for (const choice of choices) {
      const [what, whom, how] = choice
      const id = ids[whom % ids.length]!
      const before = administrators().length
      const joined = how % 2 === 0
      const inForce = how % 3 === 0
      if (what % 4 === 0) sendAnything(cohort, ['staffAssignment'], choice)
      else if (what % 4 === 1) workOnTask(cohort, choice, () => undefined)
      else if (what % 4 === 2) {
        const [result] = cohort.send([{ to: id, event: { type: 'START', facts: { personJoined: joined, orderInForce: inForce } } }])
        if (result!.accepted) expect(joined && (id !== ids[2] || inForce), 'BR-11, BR-13').toBe(true)
      } else cohort.send([{ to: id, event: { type: 'REMOVE', facts: { otherAdministrators: administrators().filter((other) => other !== id).length } } }])
      checkStep(cohort)
      if (before > 0) expect(administrators().length, 'BR-12').toBeGreaterThan(0)
      // Four eyes: the work of a removal was confirmed by somebody else than the one who loses the rights.
      for (const { processId, to, from, actor } of cohort.last?.outcome.timeline ?? []) {
        if (to === 'removed' && from === 'removing' && processId !== ids[2]) expect(actor.personId).not.toBe(contextOf<StaffAssignmentContext>(cohort.instances.get(processId)!).personId)
      }
    }
  })
})
