import assert from 'node:assert/strict'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxLetters, type InvitationContext } from '../../machines/invitation.ts'
import type { InviteLinkContext } from '../../machines/invite-link.ts'
import { maxLifeDays } from '../../machines/link-term.ts'
import { organizationRegistration } from '../../machines/organization-registration.ts'
import type { OrganizationRegistrationContext } from '../../machines/organization-registration-rules.ts'
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
  for (const link of cohort.touched('inviteLink')) {
    const state = stateOf(link.snapshot)
    const context = contextOf<InviteLinkContext>(link)
    assert.equal(context.target === 'staffRoom' && context.platformRole, 'teacher', 'BR-06')
    if (state === 'active') {
      const end = Date.parse(context.deadlines.TIMER_EXPIRED?.at ?? '')
      assert.ok(end <= Date.parse(context.issuedAt!) + maxLifeDays * 24 * 60 * 60 * 1000, 'BR-07: every live link has a term')
      assert.equal(urls.get(context.url!) ?? link.id, link.id, 'a URL belongs to one link')
      urls.set(context.url!, link.id)
    }
    assert.equal(context.platformState, { active: 'live', closing: 'live', revocationOverdue: 'live', revoked: 'revoked' }[state] ?? 'none', `BR-08: ${state}`)
    if (state === 'closing' || state === 'revocationOverdue') assert.ok(cohort.tasksOf(link.id).map(({ kind }) => kind).includes('T-LINK-REVOKE'), 'BR-07: somebody is to annul it')
    if (state === 'requested' || state === 'creating' || state === 'creationFailed') assert.equal(context.url, null, 'edge case 19')
  }
}

function checkPeople(plot: TeacherPlot): void {
  const { cohort, staffRoom } = plot
  const invitations = cohort.touched('invitation')
  for (const personId of new Set(invitations.map(({ snapshot }) => (snapshot.context as unknown as InvitationContext).personId))) assert.ok(plot.liveInvitations(personId).length <= 1, `BR-09: ${personId}`)
  if (!staffRoom) assert.deepEqual(cohort.touched('inviteLink').filter(({ snapshot }) => stateOf(snapshot) !== 'requested'), [], 'BR-05')
  for (const invitation of invitations) {
    const letters = cohort.letters.filter(({ processId, code }) => processId === invitation.id && code !== 'L-INV-EXPIRED')
    assert.ok(letters.length <= maxLetters, invitation.id)
  }
  // What an invitation comes to its onboarding knows: looked at from both sides.
  const onboardings = new Set([...cohort.touched('teacherOnboarding'), ...invitations.flatMap(({ snapshot }) => cohort.instances.get((snapshot.context as unknown as InvitationContext).onboardingId ?? '') ?? [])])
  for (const onboarding of onboardings) {
    if (onboarding.ended) continue
    const { invitationId, verification, inviteClosed } = contextOf<TeacherOnboardingContext>(onboarding)
    const state = stateOf(onboarding.snapshot)
    const invitation = invitationId ? cohort.stateOf(`invitation:${invitationId}`) : undefined
    if (state === 'inviting') assert.equal(invitation, 'planned', 'an invitation is on its way')
    if (state === 'invited') assert.equal(invitation, 'sent', 'F29: both know the same')
    if (state === 'inviteExpired' || state === 'declined' || inviteClosed) assert.ok(!['planned', 'sent'].includes(invitation ?? ''), state)
    if (state === 'verifying' || state === 'verificationProblem') assert.equal(verification, true, 'BR-15')
  }
}

/** What the lines of the last step say about who decided (BR-14) and what came after a refusal (BR-19). */
function checkLines(cohort: SimulatedCohort): void {
  const { outcome } = cohort.last!
  for (const { processId, event, from, to, actor, applied } of outcome.timeline) {
    if (!applied) continue
    if (processId.startsWith('onboarding:') && (from === 'joinRequested' || from === 'identityDoubt') && ['verifying', 'active', 'wrongRole'].includes(to)) assert.equal(actor.kind, 'person', `BR-14: ${event}`)
    if (processId.startsWith('inviteLink:') && to === 'revoked' && from !== 'revoked') assert.equal(actor.kind, 'person', `BR-08: ${event}`)
  }
  for (const { processId } of outcome.letters) if (processId.startsWith('invitation:')) assert.notEqual(cohort.stateOf(processId), 'declined', 'BR-19: who declined is not written to')
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
      if (orderId !== null && orderId !== attached) assert.deepEqual(found.order, facts[0]!.order, 'BR-01')
      if (administratorId !== administrator) assert.deepEqual(found.application, facts[0]!.application, 'BR-02, BR-03')
      for (const { code } of cohort.letters.slice(lettersBefore)) {
        if (code !== 'L-REG-APPLY') continue
        assert.ok(![orderId, administratorId].includes(null), 'BR-01, BR-03')
        assert.deepEqual(found, facts[0], 'BR-01, BR-02, BR-03: true at the moment it goes out')
        assert.notEqual(trouble?.outcome, 'unknown', 'P4: no second application while the first may have arrived')
      }
      const sent = ['sending', 'awaitingReply', 'clarification', 'adminSignIn', 'rightsMissing']
      const before = cohort.last!.before.get(id)
      if (before && sent.includes(cohort.stateOf(id)!) && sent.includes(stateOf(before.snapshot))) assert.equal(administratorId, administrator, 'BR-03, BR-04: frozen once sent')
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
        if (result!.accepted) assert.equal(joined && (id !== ids[2] || inForce), true, 'BR-11, BR-13')
      } else cohort.send([{ to: id, event: { type: 'REMOVE', facts: { otherAdministrators: administrators().filter((other) => other !== id).length } } }])
      checkStep(cohort)
      if (before > 0) assert.ok(administrators().length > 0, 'BR-12')
      // Four eyes: the work of a removal was confirmed by somebody else than the one who loses the rights.
      for (const { processId, to, from, actor } of cohort.last?.outcome.timeline ?? []) {
        if (to === 'removed' && from === 'removing' && processId !== ids[2]) assert.notEqual(actor.personId, contextOf<StaffAssignmentContext>(cohort.instances.get(processId)!).personId)
      }
    }
  })
})
