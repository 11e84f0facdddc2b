import { and, assign, setup } from 'xstate'
import { effects } from './effects.ts'
import { invitationInstance, linkInstance } from './instance-id.ts'
import { RETENTION, type ProcessContext, type ProcessDefinition } from './process.ts'
import { teacherOnboardingEvents, type InviteFacts, type TeacherOnboardingEvent } from './teacher-onboarding-events.ts'

export interface TeacherOnboardingInput {
  orgId: string
  /** Its own instance id: `onboarding:{membershipId}`, a second run with `:2`. */
  onboardingId: string
  membershipId: string
  personId: string
  /** BR-15: off by the school's setting or for this person; the reason is kept with the setting. */
  verification: boolean
}

export interface TeacherOnboardingContext extends ProcessContext {
  onboardingId: string
  membershipId: string
  personId: string
  /** Whether the status «учитель» is to be confirmed; false as well once somebody waived it. */
  verification: boolean
  /** The invitation that is not used yet; null before the first and when it served or was declined. */
  invitationId: string | null
  linkId: string | null
  /** The invitation is closed: a rejected request leads to a new one (domain.md 7.4). */
  inviteClosed: boolean
  email: boolean
  /** The person says that the status is confirmed; the administrator has the last word (design.md, answer 5). */
  selfDone: boolean
  troubledLetter: string | null
  reviewOverdue: boolean
  /** No progress for 30 days: a line in the head's weekly digest. */
  stalled: boolean
}

const setUp = setup({
  types: { context: {} as TeacherOnboardingContext, events: {} as TeacherOnboardingEvent, input: {} as TeacherOnboardingInput },
  actions: effects,
  guards: {
    staffRoomExists: ({ event }) => 'facts' in event && event.facts.staffRoomExists,
    noLiveInvitation: ({ event }) => 'facts' in event && !event.facts.liveInvitation,
    inviteIsClosed: ({ context }) => context.inviteClosed,
    hasEmail: ({ context }) => context.email,
    newTrouble: ({ context, event }) => 'letterId' in event && event.letterId !== context.troubledLetter,
  },
})

/** Takes an event that changes nothing: XState does not count a transition without target and action as one. */
const noted = { actions: setUp.assign({}) }

/** Makes the link if it is fresh, and asks it for an invitation of its own for this person. */
const invite = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (!('facts' in event)) return
  const { link, invitationId, email, staffRoomExists } = event.facts as InviteFacts
  if (context.invitationId) enqueue({ type: 'tell', params: { to: invitationInstance(context.invitationId), event: { type: 'REINVITED' } } })
  enqueue.assign({ invitationId, linkId: link.id, email, inviteClosed: false })
  if (link.fresh) {
    const { id: linkId, fresh: _fresh, ...rest } = link
    enqueue({ type: 'spawn', params: { id: linkInstance(linkId), kind: 'inviteLink', input: { linkId, target: 'staffRoom', platformRole: 'teacher', ...rest } } })
  }
  enqueue({
    type: 'tell',
    params: {
      to: linkInstance(link.id),
      event: { type: 'PERSON_ADDED', personId: context.personId, facts: { invitationId, email, liveInvitation: false, onboardingId: context.onboardingId, staffRoomExists } },
    },
  })
})
const mayInvite = and(['staffRoomExists', 'noLiveInvitation'])

/** Progress starts the thirty days anew (TIMER_NO_PROGRESS). */
const progress = [setUp.assign({ stalled: false }), { type: 'setDeadline', params: { name: 'TIMER_NO_PROGRESS', rule: { days: 30 } } } as const]

const tellInvitation = (type: 'JOINED' | 'REQUEST_REJECTED') =>
  setUp.enqueueActions(({ context, enqueue }) => {
    if (context.invitationId) enqueue({ type: 'tell', params: { to: invitationInstance(context.invitationId), event: { type } } })
  })

/** Takes the invitation back while it lives; it need not say so in return. */
const closeInvitation = (as: 'declined' | 'superseded' | 'cancelled') =>
  setUp.enqueueActions(({ context, enqueue }) => {
    if (context.invitationId && !context.inviteClosed) enqueue({ type: 'tell', params: { to: invitationInstance(context.invitationId), event: { type: 'CLOSE', as } } })
    enqueue.assign({ inviteClosed: true })
  })

const taskFor = (kind: 'T-JOIN-REVIEW' | 'T-JOIN-IDENTITY' | 'T-ROLE-FIX' | 'T-VERIFY-FINISH' | 'T-VERIFY-RETRY' | 'T-MAIL-FIX') =>
  setUp.enqueueActions(({ context, enqueue }) => {
    enqueue({ type: 'openTask', params: { kind, values: { person: context.personId } } })
  })

const verifyLetter = setUp.enqueueActions(({ context, enqueue }) => {
  enqueue({ type: 'queueLetter', params: { code: 'L-VERIFY', to: { person: context.personId }, values: { membership: context.membershipId } } })
})
const letterTrouble = {
  guard: 'newTrouble' as const,
  actions: [setUp.assign({ troubledLetter: ({ event }) => ('letterId' in event ? event.letterId : null) }), taskFor('T-MAIL-FIX')],
}

/** A person who declines tells the invitation here; told by the invitation, there is nobody left to tell. */
const declined = {
  target: 'declined',
  actions: setUp.enqueueActions(({ event, enqueue }) => {
    if (event.by !== undefined) enqueue(closeInvitation('declined'))
    enqueue.assign({ inviteClosed: true, invitationId: null })
  }),
}

const stalled = { TIMER_NO_PROGRESS: { actions: setUp.assign({ stalled: true }) } }
const cancel = (...actions: ReturnType<typeof closeInvitation>[]) => ({ CANCEL: { target: 'cancelled', actions } })
/** What is allowed in every state before `active` (domain.md 7.4). */
const everywhere = { ...stalled, ...cancel() }
/** The same while an invitation may be live. */
const whileInvited = { ...stalled, ...cancel(closeInvitation('cancelled')) }

const invitationServed = setUp.assign({ inviteClosed: true, invitationId: null })
const joined = { target: 'joined', actions: [tellInvitation('JOINED'), invitationServed] }
const joinedByInvitation = { JOINED: { target: 'joined', actions: invitationServed } }
const rejected = [
  { guard: 'inviteIsClosed' as const, target: 'inviteExpired', actions: tellInvitation('REQUEST_REJECTED') },
  { target: 'invited', actions: tellInvitation('REQUEST_REJECTED') },
]
/** The request on the platform is decided all the same; what is over is the way back to the invitation. */
const rememberClosed = { INVITE_CLOSED: { actions: setUp.assign({ inviteClosed: true }) }, DECLINE: { actions: declined.actions } }

/** People on the platform show up whatever we have recorded of them. */
const showsUp = { ...joinedByInvitation, JOIN_REQUEST_SEEN: { target: 'joinRequested' }, JOINED_DIRECTLY: joined }

const whileVerifying = {
  ...everywhere,
  ROLE_WRONG: { target: 'wrongRole' },
  LATE_REMOVED: { target: 'inviteExpired' },
  VERIFICATION_NOT_REQUIRED: { target: 'active', actions: setUp.assign({ verification: false }) },
}

const machine = setUp.createMachine({
  id: 'teacherOnboarding',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    onboardingId: input.onboardingId,
    membershipId: input.membershipId,
    personId: input.personId,
    verification: input.verification,
    invitationId: null,
    linkId: null,
    inviteClosed: false,
    email: false,
    selfDone: false,
    troubledLetter: null,
    reviewOverdue: false,
    stalled: false,
  }),
  initial: 'registered',
  states: {
    registered: {
      meta: { deadlines: ['TIMER_NO_PROGRESS'] },
      entry: progress,
      on: { ...everywhere, START: { guard: mayInvite, target: 'inviting', actions: invite } },
    },
    inviting: {
      meta: { deadlines: ['TIMER_NO_PROGRESS'] },
      entry: progress,
      on: {
        ...whileInvited,
        INVITED: { target: 'invited' },
        INVITE_CLOSED: { target: 'inviteExpired' },
        // By a link of their own choice, before ours went out.
        ...joinedByInvitation,
        JOINED_DIRECTLY: joined,
      },
    },
    invited: {
      meta: { deadlines: ['TIMER_NO_PROGRESS'] },
      entry: progress,
      on: { ...whileInvited, ...showsUp, INVITE_CLOSED: { target: 'inviteExpired' }, DECLINE: declined },
    },
    inviteExpired: {
      meta: { deadlines: ['TIMER_NO_PROGRESS'] },
      entry: [...progress, assign({ inviteClosed: true })],
      on: { ...everywhere, ...showsUp, REINVITE: { guard: mayInvite, target: 'inviting', actions: invite }, DECLINE: declined },
    },
    joinRequested: {
      meta: { deadlines: ['TIMER_NO_PROGRESS', 'TIMER_REVIEW_DUE', 'TIMER_REVIEW_ESCALATE'], tasks: ['T-JOIN-REVIEW'] },
      // BR-14: a person decides.
      entry: [
        ...progress,
        assign({ reviewOverdue: false }),
        taskFor('T-JOIN-REVIEW'),
        { type: 'setDeadline', params: { name: 'TIMER_REVIEW_DUE', rule: { workingDays: 1 } } },
        { type: 'setDeadline', params: { name: 'TIMER_REVIEW_ESCALATE', rule: { workingDays: 3 } } },
      ],
      on: {
        ...whileInvited,
        ...rememberClosed,
        ...joinedByInvitation,
        JOIN_ACCEPTED: joined,
        JOIN_DOUBTFUL: { target: 'identityDoubt' },
        JOIN_REJECTED: rejected,
        ROLE_WRONG: { target: 'wrongRole', actions: closeInvitation('superseded') },
        TIMER_REVIEW_DUE: { actions: assign({ reviewOverdue: true }) },
        TIMER_REVIEW_ESCALATE: { actions: { type: 'queueLetter', params: { code: 'L-TASK-URGENT', to: { role: 'head' }, values: { task: 'T-JOIN-REVIEW' } } } },
      },
    },
    identityDoubt: {
      meta: { deadlines: ['TIMER_NO_PROGRESS'], tasks: ['T-JOIN-IDENTITY'] },
      entry: [...progress, taskFor('T-JOIN-IDENTITY')],
      on: { ...whileInvited, ...rememberClosed, ...joinedByInvitation, IDENTITY_CONFIRMED: joined, JOIN_REJECTED: rejected },
    },
    wrongRole: {
      meta: { deadlines: ['TIMER_NO_PROGRESS'], tasks: ['T-ROLE-FIX'] },
      entry: [...progress, taskFor('T-ROLE-FIX')],
      on: { ...everywhere, REMOVED_FROM_PLATFORM: { guard: mayInvite, target: 'inviting', actions: invite } },
    },
    joined: {
      meta: { deadlines: ['TIMER_NO_PROGRESS'] },
      // The setting decides at once; a person may still switch verification off while it runs (BR-15).
      entry: setUp.enqueueActions(({ context, enqueue }) => {
        enqueue.raise(context.verification ? { type: 'VERIFICATION_REQUIRED' } : { type: 'VERIFICATION_NOT_REQUIRED', reason: 'setting' })
      }),
      on: { ...whileVerifying, VERIFICATION_REQUIRED: { target: 'verifying' } },
    },
    verifying: {
      meta: { deadlines: ['TIMER_NO_PROGRESS', 'TIMER_VERIFY_REMIND', 'TIMER_VERIFY_DUE'], tasks: ['T-VERIFY-SELF', 'T-VERIFY-FINISH', 'T-MAIL-FIX'] },
      entry: [
        ...progress,
        assign({ selfDone: false }),
        { type: 'openTask', params: ({ context }) => ({ kind: 'T-VERIFY-SELF', assignee: context.personId, values: { person: context.personId } }) },
        setUp.enqueueActions(({ context, enqueue }) => enqueue(context.email ? verifyLetter : taskFor('T-MAIL-FIX'))),
        { type: 'setDeadline', params: { name: 'TIMER_VERIFY_REMIND', rule: { workingDays: 2 } } },
        { type: 'setDeadline', params: { name: 'TIMER_VERIFY_DUE', rule: { workingDays: 5 } } },
      ],
      exit: { type: 'cancelLetters', params: { code: 'L-VERIFY' } },
      on: {
        ...whileVerifying,
        VERIFY_SELF_DONE: {
          actions: [
            ...progress,
            assign({ selfDone: true }),
            { type: 'clearDeadline', params: { name: 'TIMER_VERIFY_REMIND' } },
            { type: 'clearDeadline', params: { name: 'TIMER_VERIFY_DUE' } },
            { type: 'closeTask', params: { kind: 'T-VERIFY-SELF' } },
            taskFor('T-VERIFY-FINISH'),
          ],
        },
        VERIFIED: { target: 'active' },
        VERIFICATION_FAILED: { target: 'verificationProblem' },
        TIMER_VERIFY_REMIND: [{ guard: 'hasEmail', actions: verifyLetter }, noted],
        TIMER_VERIFY_DUE: { actions: taskFor('T-VERIFY-FINISH') },
        LETTER_ACCEPTED: noted,
        LETTER_FAILED: letterTrouble,
        LETTER_UNKNOWN: letterTrouble,
        LETTER_BOUNCED: letterTrouble,
        ADDRESS_CORRECTED: { actions: [{ type: 'closeTask', params: { kind: 'T-MAIL-FIX' } }, assign({ email: true }), verifyLetter] },
        HANDED: { actions: { type: 'closeTask', params: { kind: 'T-MAIL-FIX' } } },
      },
    },
    verificationProblem: {
      meta: { deadlines: ['TIMER_NO_PROGRESS'], tasks: ['T-VERIFY-RETRY'] },
      entry: [...progress, taskFor('T-VERIFY-RETRY')],
      on: { ...whileVerifying, RETRY: { target: 'verifying' } },
    },
    active: { type: 'final' },
    declined: {
      // Never blocks a new beginning (design.md, answer 8), and a person may change their mind without being asked.
      meta: { deadlines: [RETENTION] },
      entry: { type: 'setDeadline', params: { name: RETENTION, rule: { days: 30 } } },
      on: { ...cancel(), ...showsUp, REINVITE: { guard: mayInvite, target: 'inviting', actions: invite } },
    },
    cancelled: { type: 'final' },
  },
})

/** One teacher on the way into «Учительская»: invited, joined, verified (domain.md 7.4). */
export const teacherOnboarding: ProcessDefinition = { kind: 'teacherOnboarding', version: 1, machine, events: teacherOnboardingEvents, reminders: ['TIMER_VERIFY_REMIND'], doubledInSummer: (name) => ['TIMER_NO_PROGRESS', 'TIMER_VERIFY_REMIND', 'TIMER_VERIFY_DUE'].includes(name) }
