import { and, assign, setup } from 'xstate'
import { effects } from './effects.ts'
import { linkInstance } from './instance-id.ts'
import { invitationEvents, type InvitationEvent } from './invitation-events.ts'
import type { PlatformRole } from './link-term.ts'
import { RETENTION, type ProcessContext, type ProcessDefinition } from './process.ts'
import type { Instant } from './rule.ts'

export const deliveries = ['notSent', 'accepted', 'bounced', 'handed'] as const
export type Delivery = (typeof deliveries)[number]

export interface InvitationInput {
  orgId: string
  invitationId: string
  linkId: string
  personId: string
  target: 'staffRoom' | 'class' | 'chat'
  targetId: string
  platformRole: PlatformRole
  /** Whether the person has an e-mail address. */
  email: boolean
  /** The instance that waits for the person, `onboarding:…`. */
  onboardingId?: string
  /** Somebody gives it to them by hand (domain.md 7.5). */
  byHand?: boolean
  /** Who owns the chat it leads into. */
  ownerId?: string
  /** A person decides about the request to join (domain.md 7.5). */
  reviewed?: boolean
}

export interface InvitationContext extends ProcessContext {
  invitationId: string
  linkId: string
  personId: string
  target: InvitationInput['target']
  targetId: string
  platformRole: PlatformRole
  email: boolean
  onboardingId: string | null
  byHand: boolean
  ownerId: string | null
  /** Absent: requests to join are nobody's business here. */
  reviewed?: true
  linkReady: boolean
  delivery: Delivery
  /** Letters about this invitation, reminders included; the notice that it expired is none of them. */
  letters: number
  lastLetterAt: Instant | null
  /** The last letter that did not arrive: its outcome may be told twice. */
  troubledLetter: string | null
  opened: boolean
  request: 'none' | 'sent' | 'rejected'
  newLinkPending: boolean
  /** Joined after the term and was taken off the platform. */
  removed: boolean
}

/** Letters to one person by one link (domain.md 7.3). */
export const maxLetters = 5
/** Between two letters a person asks for, ms (domain.md 7.3). */
const coolDown = 60 * 60 * 1000

const setUp = setup({
  types: { context: {} as InvitationContext, events: {} as InvitationEvent, input: {} as InvitationInput },
  actions: effects,
  guards: {
    hasEmail: ({ context }) => context.email,
    givenByHand: ({ context }) => context.byHand,
    linkIsReady: ({ context }) => context.linkReady,
    lettersLeft: ({ context }) => context.letters < maxLetters,
    coolDownPassed: ({ context, event }) => context.lastLetterAt === null || Date.parse(event.now ?? '') - Date.parse(context.lastLetterAt) >= coolDown,
    reachable: ({ context }) => context.delivery !== 'bounced' && context.delivery !== 'handed',
    requestNotSent: ({ context }) => context.request !== 'sent',
    requestSentOnce: ({ context }) => context.request === 'none',
    newTrouble: ({ context, event }) => 'letterId' in event && event.letterId !== context.troubledLetter,
    requestWaits: ({ context }) => context.reviewed === true && context.request === 'sent',
    noNewLinkPending: ({ context }) => !context.newLinkPending,
    newLinkPending: ({ context }) => context.newLinkPending,
    closesAsDeclined: ({ event }) => event.type === 'CLOSE' && event.as === 'declined',
    closesAsSuperseded: ({ event }) => event.type === 'CLOSE' && event.as === 'superseded',
    linkUnclaimed: ({ event }) => event.type === 'LINK_CLOSED' && event.reason === 'unclaimed',
    linkSuperseded: ({ event }) => event.type === 'LINK_CLOSED' && event.reason === 'superseded',
    lateOneIsRemoved: ({ event }) => event.type === 'LATE_CHECKED' && event.decision === 'remove',
  },
})

/** Takes an event that changes nothing: XState does not count a transition without target and action as one. */
const noted = { actions: setUp.assign({}) }

const letter = (code: 'L-INV-TEACHER' | 'L-INV-REMIND') => [
  setUp.assign({ letters: ({ context }) => context.letters + 1, lastLetterAt: ({ context, event }) => event.now ?? context.lastLetterAt }),
  setUp.enqueueActions(({ context, enqueue }) => {
    enqueue({ type: 'queueLetter', params: { code, to: { person: context.personId }, values: { invitation: context.invitationId, link: context.linkId } } })
  }),
]

const setReminders = setUp.enqueueActions(({ context, enqueue }) => {
  const term = { deadline: 'TIMER_EXPIRED', of: linkInstance(context.linkId) }
  enqueue({ type: 'setDeadline', params: { name: 'TIMER_REMIND_MID', rule: { midwayTo: term } } })
  enqueue({ type: 'setDeadline', params: { name: 'TIMER_REMIND_LAST', rule: { workingDaysBefore: 2, anchor: term } } })
})

const tellOnboarding = (type: 'INVITED' | 'JOIN_REQUEST_SEEN' | 'INVITE_CLOSED' | 'LATE_REMOVED') =>
  setUp.enqueueActions(({ context, enqueue }) => {
    if (context.onboardingId) enqueue({ type: 'tell', params: { to: context.onboardingId, event: { type } } })
  })

/** Why somebody declines belongs into the timeline of their onboarding too. */
const tellDeclined = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (!context.onboardingId || event.type !== 'DECLINE') return
  enqueue({ type: 'tell', params: { to: context.onboardingId, event: { type: 'DECLINE', ...(event.reason !== undefined && { reason: event.reason }) } } })
})

/** An onboarding that said so knows it; a person's word reaches it here. */
const tellJoined = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (context.onboardingId && event.by !== undefined) enqueue({ type: 'tell', params: { to: context.onboardingId, event: { type: 'JOINED', by: event.by } } })
})

const tellLink = (type: 'PERSON_JOINED' | 'PERSON_GONE') =>
  setUp.enqueueActions(({ context, enqueue }) => {
    enqueue({ type: 'tell', params: { to: linkInstance(context.linkId), event: { type, invitationId: context.invitationId } } })
  })

const openMailFix = setUp.enqueueActions(({ context, enqueue }) => {
  enqueue({ type: 'openTask', params: { kind: 'T-MAIL-FIX', values: { person: context.personId, invitation: context.invitationId, delivery: context.delivery } } })
})
const closeMailFix = { type: 'closeTask', params: { kind: 'T-MAIL-FIX' } } as const
const takeLettersBack = { type: 'cancelLetters', params: {} } as const

const trouble = (delivery: Delivery) => ({
  guard: 'newTrouble' as const,
  actions: [setUp.assign({ delivery, troubledLetter: ({ event }) => ('letterId' in event ? event.letterId : null) }), openMailFix],
})

/** Leaving the list in person; the link itself goes on. */
const leave = (target: 'declined' | 'superseded' | 'cancelled') => ({ target, actions: [takeLettersBack, tellLink('PERSON_GONE')] })

const joined = { target: 'joined', actions: [takeLettersBack, tellJoined, tellLink('PERSON_JOINED')] }
const supersede = { target: 'superseded', actions: [takeLettersBack, tellOnboarding('INVITE_CLOSED'), tellLink('PERSON_GONE')] }
const closings = [{ ...leave('declined'), guard: 'closesAsDeclined' as const }, { ...leave('superseded'), guard: 'closesAsSuperseded' as const }, leave('cancelled')]
const taskFor = (kind: 'T-JOIN-REVIEW' | 'T-JOIN-IDENTITY' | 'T-ROLE-FIX') =>
  setUp.enqueueActions(({ context, enqueue }) => {
    if (context.reviewed) enqueue({ type: 'openTask', params: { kind, values: { person: context.personId } } })
  })
const closeTasks = (...kinds: string[]) => kinds.map((kind) => ({ type: 'closeTask', params: { kind } }) as const)
const reviews = ['T-JOIN-REVIEW', 'T-JOIN-IDENTITY', 'T-ROLE-FIX'] as const

/**
 * The steps of 7.4 for a pupil, without verification: decided by a person, also when the link has closed meanwhile. Who came in
 * the wrong role is taken off, and comes in again by the same link.
 */
const review = setUp.createStateConfig({
  on: {
    JOIN_ACCEPTED: { ...joined, guard: 'requestWaits' },
    IDENTITY_CONFIRMED: { ...joined, guard: 'requestWaits' },
    JOIN_REJECTED: { guard: 'requestWaits', actions: [setUp.assign({ request: 'rejected' }), ...closeTasks(...reviews)] },
    JOIN_DOUBTFUL: { guard: 'requestWaits', actions: [...closeTasks('T-JOIN-REVIEW'), taskFor('T-JOIN-IDENTITY')] },
    ROLE_WRONG: { guard: 'requestWaits', actions: [...closeTasks('T-JOIN-REVIEW', 'T-JOIN-IDENTITY'), taskFor('T-ROLE-FIX')] },
    REMOVED_FROM_PLATFORM: { guard: 'requestWaits', actions: [setUp.assign({ request: 'none' }), ...closeTasks('T-ROLE-FIX')] },
  },
}).on

const requestSent = { guard: 'requestSentOnce' as const, actions: [setUp.assign({ request: 'sent' }), tellOnboarding('JOIN_REQUEST_SEEN'), taskFor('T-JOIN-REVIEW')] }

const newLinkAnswered = [setUp.assign({ newLinkPending: false }), { type: 'closeTask', params: { kind: 'T-LINK-AGAIN' } } as const]
const askForNewLink = {
  NEW_LINK_REQUESTED: {
    guard: 'noNewLinkPending' as const,
    actions: [
      setUp.assign({ newLinkPending: true }),
      setUp.enqueueActions(({ context, enqueue }) => {
        enqueue({ type: 'openTask', params: { kind: 'T-LINK-AGAIN', values: { person: context.personId, invitation: context.invitationId, link: context.linkId } } })
      }),
    ],
  },
  NEW_LINK_ANSWERED: { guard: 'newLinkPending' as const, actions: newLinkAnswered },
}

/** The chat it leads into belongs to somebody else now. */
const ownerChanged = { OWNER_CHANGED: { actions: setUp.assign({ ownerId: ({ context, event }) => (event.type === 'OWNER_CHANGED' ? event.ownerId : context.ownerId) }) } }

const outcomesNoted = { LETTER_ACCEPTED: noted, LETTER_FAILED: noted, LETTER_UNKNOWN: noted, LETTER_BOUNCED: noted }

/**
 * Closed, but the link may still work on the platform: who joins by it all the same is found. A link lives 60 days
 * at most, and 30 days after its end nothing can follow; LINK_REVOKED says when that is (design.md, answer 7).
 */
const closedState = setUp.createStateConfig({
  meta: { deadlines: [RETENTION], tasks: ['T-LINK-AGAIN', ...reviews] },
  entry: { type: 'setDeadline', params: { name: RETENTION, rule: { days: 90 } } },
  on: {
    ...outcomesNoted,
    ...askForNewLink,
    ...review,
    OPENED: noted,
    // The page decided by the database's clock while the term still ran (design.md, answer 2).
    REQUEST_SENT: requestSent,
    REQUEST_REJECTED: { actions: assign({ request: 'rejected' }) },
    JOINED: { target: 'joinedLate', actions: tellJoined },
    REINVITED: { actions: newLinkAnswered },
    CLOSE: noted,
    LINK_CLOSED: noted,
    LINK_REVOKED: { actions: { type: 'setDeadline', params: { name: RETENTION, rule: { days: 30 } } } },
  },
})

const machine = setUp.createMachine({
  id: 'invitation',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    invitationId: input.invitationId,
    linkId: input.linkId,
    personId: input.personId,
    target: input.target,
    targetId: input.targetId,
    platformRole: input.platformRole,
    email: input.email,
    onboardingId: input.onboardingId ?? null,
    byHand: input.byHand ?? false,
    ownerId: input.ownerId ?? null,
    ...(input.reviewed && { reviewed: true as const }),
    linkReady: false,
    delivery: 'notSent',
    letters: 0,
    lastLetterAt: null,
    troubledLetter: null,
    opened: false,
    request: 'none',
    newLinkPending: false,
    removed: false,
  }),
  initial: 'planned',
  states: {
    planned: {
      meta: { tasks: ['T-MAIL-FIX'] },
      on: {
        SEND: [
          { guard: 'givenByHand', target: 'sent', actions: assign({ linkReady: true, delivery: 'handed' }) },
          { guard: 'hasEmail', target: 'sent', actions: [assign({ linkReady: true }), ...letter('L-INV-TEACHER')] },
          { actions: [assign({ linkReady: true }), openMailFix] },
        ],
        ADDRESS_CORRECTED: [
          { guard: 'linkIsReady', target: 'sent', actions: [assign({ email: true }), ...letter('L-INV-TEACHER')] },
          { actions: assign({ email: true }) },
        ],
        HANDED: { guard: 'linkIsReady', target: 'sent', actions: assign({ delivery: 'handed' }) },
        JOINED: joined,
        CLOSE: closings,
        SUPERSEDE: supersede,
        ...ownerChanged,
        LINK_SUSPENDED: { actions: assign({ linkReady: false }) },
        TERM_CHANGED: noted,
        LINK_CLOSED: [
          { guard: 'linkUnclaimed', target: 'expired', actions: tellOnboarding('INVITE_CLOSED') },
          { guard: 'linkSuperseded', target: 'superseded', actions: tellOnboarding('INVITE_CLOSED') },
          { target: 'cancelled', actions: tellOnboarding('INVITE_CLOSED') },
        ],
      },
    },
    sent: {
      meta: { deadlines: ['TIMER_REMIND_MID', 'TIMER_REMIND_LAST'], tasks: ['T-MAIL-FIX', 'T-LINK-AGAIN', ...reviews] },
      entry: [setReminders, tellOnboarding('INVITED')],
      on: {
        ...askForNewLink,
        ...ownerChanged,
        ...review,
        // The link was made again: the page leads to the new one, only the reminders move.
        SEND: { actions: [assign({ linkReady: true }), setReminders] },
        TERM_CHANGED: { actions: setReminders },
        LINK_SUSPENDED: {
          actions: [
            assign({ linkReady: false }),
            { type: 'clearDeadline', params: { name: 'TIMER_REMIND_MID' } },
            { type: 'clearDeadline', params: { name: 'TIMER_REMIND_LAST' } },
          ],
        },
        LETTER_ACCEPTED: { actions: assign({ delivery: 'accepted' }) },
        LETTER_FAILED: trouble('notSent'),
        LETTER_UNKNOWN: trouble('notSent'),
        LETTER_BOUNCED: trouble('bounced'),
        ADDRESS_CORRECTED: { guard: 'lettersLeft', actions: [closeMailFix, assign({ email: true, delivery: 'notSent' }), ...letter('L-INV-TEACHER')] },
        HANDED: { actions: [closeMailFix, takeLettersBack, assign({ delivery: 'handed' })] },
        RESEND: { guard: and(['hasEmail', 'lettersLeft', 'coolDownPassed']), actions: letter('L-INV-TEACHER') },
        TIMER_REMIND_MID: [{ guard: and(['hasEmail', 'reachable', 'requestNotSent', 'lettersLeft']), actions: letter('L-INV-REMIND') }, noted],
        TIMER_REMIND_LAST: [{ guard: and(['hasEmail', 'reachable', 'requestNotSent', 'lettersLeft']), actions: letter('L-INV-REMIND') }, noted],
        OPENED: { actions: assign({ opened: true }) },
        REQUEST_SENT: requestSent,
        REQUEST_REJECTED: { actions: assign({ request: 'rejected' }) },
        DECLINE: { target: 'declined', actions: [takeLettersBack, tellDeclined, tellLink('PERSON_GONE')] },
        JOINED: joined,
        CLOSE: closings,
        SUPERSEDE: supersede,
        LINK_CLOSED: [
          {
            guard: 'linkUnclaimed',
            target: 'expired',
            actions: [
              takeLettersBack,
              setUp.enqueueActions(({ context, enqueue }) => {
                // Who said that the request is on its way waits for the school, not for a new link.
                if (!context.email || context.delivery === 'bounced' || context.request === 'sent') return
                enqueue({ type: 'queueLetter', params: { code: 'L-INV-EXPIRED', to: { person: context.personId }, values: { invitation: context.invitationId, link: context.linkId } } })
              }),
              tellOnboarding('INVITE_CLOSED'),
            ],
          },
          { guard: 'linkSuperseded', target: 'superseded', actions: [takeLettersBack, tellOnboarding('INVITE_CLOSED')] },
          { target: 'cancelled', actions: [takeLettersBack, tellOnboarding('INVITE_CLOSED')] },
        ],
      },
    },
    // Refusal is final and never reminded (BR-19): the state has no deadlines and takes no events.
    declined: { type: 'final' },
    joined: { type: 'final' },
    expired: {
      ...closedState,
      on: { ...closedState.on, DECLINE: { target: 'declined', actions: [takeLettersBack, tellDeclined] } },
    },
    superseded: closedState,
    cancelled: closedState,
    joinedLate: {
      meta: { tasks: ['T-LINK-LATE'] },
      entry: { type: 'openTask', params: ({ context }) => ({ kind: 'T-LINK-LATE', values: { person: context.personId, link: context.linkId } }) },
      on: {
        ...outcomesNoted,
        LINK_REVOKED: noted,
        LATE_CHECKED: [{ guard: 'lateOneIsRemoved', target: 'lateChecked', actions: [assign({ removed: true }), tellOnboarding('LATE_REMOVED')] }, { target: 'lateChecked' }],
      },
    },
    lateChecked: { type: 'final' },
  },
})

/** One person invited by a link (domain.md 7.3, `Invitation`). */
export const invitation: ProcessDefinition = { kind: 'invitation', version: 1, machine, events: invitationEvents, reminders: ['TIMER_REMIND_MID', 'TIMER_REMIND_LAST'], remindsFamilies: ({ platformRole }: InvitationContext) => platformRole !== 'teacher', owner: 'ownerId' }
