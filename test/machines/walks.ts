import { getAdjacencyMap } from 'xstate/graph'
import { getNextTransitions, type ActorLogic, type AnyMachineSnapshot } from 'xstate'
import { catalogue } from '../../machines/catalogue.ts'
import type { ChatJoiningContext } from '../../machines/chat-joining.ts'
import type { CommunicationSpaceContext } from '../../machines/communication-space.ts'
import type { AnyEvent, Effect } from '../../machines/effects.ts'
import type { HumanTaskContext } from '../../machines/human-task.ts'
import type { InvitationContext } from '../../machines/invitation.ts'
import type { InviteLinkContext } from '../../machines/invite-link.ts'
import type { LinkSweepContext } from '../../machines/link-sweep.ts'
import type { MovementContext } from '../../machines/movement.ts'
import { phaseOf } from '../../machines/movement-steps.ts'
import type { OrganizationRegistrationContext } from '../../machines/organization-registration-rules.ts'
import { BEGAN, RETENTION } from '../../machines/process.ts'
import type { RosterImportContext } from '../../machines/roster-import.ts'
import { taskKind } from '../../machines/task-catalogue.ts'
import type { TeacherOnboardingContext } from '../../machines/teacher-onboarding.ts'
import type { YearEndPromotionContext } from '../../machines/year-end-promotion.ts'
import { hosted } from './hosted-machine.ts'
import { eventsOf, hoursLater, now, samplesOf } from './sample-events.ts'

interface Start {
  input: Record<string, unknown>
  /** What tells two snapshots apart, beside the state: all a guard asks, lists cut to what matters. */
  facets?: (context: never) => unknown
}

const registrationFacets = ({ orderId, sending, answerWaits, trouble }: OrganizationRegistrationContext) => [orderId, sending, answerWaits, trouble]
const link = { linkId: 'l1', number: 'ПР-2026-000001', target: 'staffRoom', platformRole: 'teacher', scope: 'group' }
const linkFacets = ({ waiting, joined, platformState, closeReason, expiresSoon }: InviteLinkContext) => [Math.min(waiting.length, 1), Math.min(joined, 1), platformState, closeReason, expiresSoon]
const person = { invitationId: 'x1', linkId: 'l1', personId: 'p7', target: 'staffRoom', targetId: '', platformRole: 'teacher' }
const personFacets = ({ email, linkReady, delivery, request, newLinkPending, troubledLetter }: InvitationContext) => [email, linkReady, delivery, request, newLinkPending, troubledLetter]
/** Apart from the rest, or the graph would be their product. */
const letterFacets = ({ letters, lastLetterAt }: InvitationContext) => [letters, lastLetterAt]
const taskFacets = ({ assignee, reminders, extraRoles }: HumanTaskContext) => [assignee, Math.min(reminders, 5), extraRoles.length]
const unreachedFacets = ({ email, linkReady, delivery, newLinkPending }: InvitationContext) => [email, linkReady, delivery, newLinkPending]
const requestFacets = ({ request, newLinkPending }: InvitationContext) => [request, newLinkPending]
const teacherFacets = ({ verification, invitationId, inviteClosed, email, selfDone }: TeacherOnboardingContext) => [verification, invitationId, inviteClosed, email, selfDone]
const chat = { spaceId: 's1', kind: 'classGuardians', classId: 'c1', name: '5А — родители — 2026/27' }
const spaceFacets = ({ ownerId, newOwnerId, url }: CommunicationSpaceContext) => [ownerId, newOwnerId, url !== null]
const joining = { joiningId: 'j1', spaceId: 's1', classId: 'c1', audience: 'guardian', ownerId: 'p7', linkId: 'l1', number: 'ПР-2026-000001' }
const joiningFacets = ({ toHand, handedOut, joined, declined, troubledLetters, linkLives, linkOver, closing }: ChatJoiningContext) => [Math.min(toHand, 1), handedOut, joined, Math.min(declined, 1), troubledLetters, linkLives, linkOver, closing]
const movement = { movementId: 'x1', number: 'ДВ-2026-000001', personId: 'p7', effectiveOn: '2026-10-13', effectiveAt: hoursLater(24) }
const movementFacets = ({ begun, takenBack, orderCancelled, blockedBy, steps }: MovementContext) => [begun, takenBack, orderCancelled, blockedBy !== null, phaseOf(steps) !== null]
const promotionFacets = ({ drafted, waiting, steps, rollbackEndsAt, done }: YearEndPromotionContext) => [drafted, waiting.length, steps.map(({ kind, after, ends }) => [kind, after, ends.length]), rollbackEndsAt === null || rollbackEndsAt < now, done.length > 0]
const importFacets = ({ plan }: RosterImportContext) => plan && [plan.version, plan.counts.ask > 0, plan.counts.problem > 0, plan.confirmations.length]
const sweepFacets = ({ findings }: LinkSweepContext) => findings

/** From where each machine is walked. Two starts where the input changes the ways. */
export const starts: Record<string, Start[]> = {
  organizationRegistration: [true, false].map((confirmBeforeSending) => ({ input: { number: 'СФ-2026-000001', confirmBeforeSending }, facets: registrationFacets })),
  inviteLink: [
    { input: link, facets: linkFacets },
    { input: { ...link, closedList: true, expiresAt: hoursLater(24) }, facets: linkFacets },
    { input: { ...link, target: 'class', targetId: '5А', platformRole: 'guardian', scope: 'personal' }, facets: linkFacets },
  ],
  invitation: [
    { input: { ...person, email: true, onboardingId: 'onboarding:m7' }, facets: personFacets },
    { input: { ...person, email: true }, facets: letterFacets },
    { input: { ...person, email: false }, facets: unreachedFacets },
    { input: { ...person, email: false, byHand: true }, facets: unreachedFacets },
    { input: { ...person, platformRole: 'student', target: 'chat', targetId: 's1', email: true, reviewed: true }, facets: requestFacets },
  ],
  teacherOnboarding: [true, false].map((verification) => ({ input: { onboardingId: 'onboarding:m7', membershipId: 'm7', personId: 'p7', verification }, facets: teacherFacets })),
  staffAssignment: [{ input: { kind: 'extraAdmin', personId: 'p7' } }, { input: { kind: 'classTeacher', personId: 'p7', className: '5А', orderId: 'o1' } }],
  communicationSpace: [
    ...['p7', 'x1'].map((ownerId) => ({ input: { ...chat, ownerId }, facets: spaceFacets })),
    { input: { spaceId: 's2', kind: 'schoolClass', classId: 'c1', name: '5А' }, facets: spaceFacets },
  ],
  chatJoining: [
    { input: { ...joining, byName: true, people: [{ personId: 'p8', byLetter: false, invitationId: 'x1' }, { personId: 'p9', byLetter: true, invitationId: 'x2' }] }, facets: joiningFacets },
    { input: { ...joining, byName: false, people: [{ personId: 'p8', byLetter: true }] }, facets: joiningFacets },
    { input: { ...joining, byName: false, people: [{ personId: 'p8', byLetter: false }, { personId: 'p9', byLetter: false }], expiresAt: hoursLater(24) }, facets: joiningFacets },
  ],
  studentMovement: [{ input: { ...movement, kind: 'classTransfer', fromClassId: 'c1', toClassId: 'c2' }, facets: movementFacets }],
  staffMovement: [
    { input: { ...movement, kind: 'staffDeparture' }, facets: movementFacets },
    { input: { ...movement, kind: 'longLeave', details: { endsAt: hoursLater(48) } }, facets: movementFacets },
  ],
  yearEndPromotion: [{ input: { promotionId: 'x1', fromYear: '2026-2027', toYear: '2027-2028' }, facets: promotionFacets }],
  rosterImport: [{ input: { importId: 'x1', openedBy: 'p1' }, facets: importFacets }],
  linkSweep: [{ input: {}, facets: sweepFacets }],
  humanTask: ['T-LINK-CREATE', 'T-REG-REPLY'].map((kind) => ({ input: { owner: 'inviteLink:l1', kind, urgent: kind === 'T-LINK-CREATE' }, facets: taskFacets })),
}

/** Every event the machine knows, with the values that matter. */
export function eventsFor(kind: string, input: Record<string, unknown>): AnyEvent[] {
  const all = Object.entries(catalogue[kind]!.events).flatMap(([type, spec]) => eventsOf(type, spec))
  if (kind !== 'humanTask') return all
  const evidence = samplesOf(taskKind(String(input.kind)).evidence)
  return all.filter(({ type }) => type !== 'COMPLETE').concat(evidence.map((found) => ({ type: 'COMPLETE', by: 'p1', evidence: found })))
}

export interface Edge {
  from: AnyMachineSnapshot
  event: AnyEvent
  to: AnyMachineSnapshot
  /** What the step asks of the host. */
  effects: Effect[]
}

/** The whole graph from one start: the beginning, and every state with every event it takes. */
export function graphOf(kind: string, { input, facets }: Start): Edge[] {
  const { machine } = catalogue[kind]!
  const { begin, takes, send } = hosted(machine, input)
  const { snapshot: initial, effects } = begin()
  const edges: Edge[] = [{ from: initial, event: { type: BEGAN }, to: initial, effects }]
  const everything = (context: Record<string, unknown>) => {
    const { deadlines: _deadlines, ...rest } = context
    return rest
  }
  const all = eventsFor(kind, input)
  /** Whether a type is known in a state is asked once, not of every sample. */
  const eventsIn = (from: AnyMachineSnapshot) => {
    const types = new Set(getNextTransitions(from).map(({ eventType }) => eventType))
    return all.filter((event) => types.has(event.type) && takes(from, event))
  }
  const logic = {
    getInitialSnapshot: () => initial,
    transition: (from: AnyMachineSnapshot, event: AnyEvent) => {
      const { snapshot: to, effects } = send(from, event)
      edges.push({ from, event, to, effects })
      return to
    },
    getPersistedSnapshot: (snapshot: AnyMachineSnapshot) => snapshot,
  } as unknown as ActorLogic<AnyMachineSnapshot, AnyEvent>
  // Asks every state it finds for every event, once.
  getAdjacencyMap(logic as never, {
    events: eventsIn as never,
    serializeState: (state: unknown) => {
      const snapshot = state as AnyMachineSnapshot
      const told = facets ? facets(snapshot.context as never) : everything(snapshot.context as Record<string, unknown>)
      return JSON.stringify([snapshot.value, told, Object.keys((snapshot.context as { deadlines: object }).deadlines).sort()]) as never
    },
    limit: 200_000,
  } as never)
  return edges
}

/** Deadlines that machines set: the timers they know, and the host's retention. */
export const timersOf = (kind: string): string[] => [...Object.keys(catalogue[kind]!.events).filter((type) => type.startsWith('TIMER_')), RETENTION]
