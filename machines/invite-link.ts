import { and, assign, setup } from 'xstate'
import { effects, type AnyEvent } from './effects.ts'
import { invitationInstance } from './instance-id.ts'
import { inviteLinkEvents, type CloseReason, type InviteLinkEvent } from './invite-link-events.ts'
import { extensionMoment, termRule, withinTotalLife, type PlatformRole } from './link-term.ts'
import { RETENTION, type ProcessContext, type ProcessDefinition } from './process.ts'
import type { Instant } from './rule.ts'

export interface InviteLinkInput {
  orgId: string
  linkId: string
  /** Public number, ПР-2026-000004. */
  number: string
  target: 'staffRoom' | 'class' | 'chat'
  /** Which class or chat; empty for the staff room. */
  targetId?: string
  platformRole: PlatformRole
  scope: 'group' | 'personal'
  /** Nobody else is to be added: the link closes when nobody of its list may still join. */
  closedList?: boolean
  /** The end of its term when it is not the audience's. */
  expiresAt?: Instant
  /** Who owns the chat it leads into, and so makes it. */
  ownerId?: string
  /** The instance of a class joining by it, `joining:…`. */
  joiningId?: string
}

export interface InviteLinkContext extends ProcessContext {
  linkId: string
  number: string
  target: InviteLinkInput['target']
  targetId: string
  platformRole: PlatformRole
  scope: InviteLinkInput['scope']
  closedList: boolean
  /** Explicit end of the term, or null: the audience's. */
  expiresAt: Instant | null
  /** Null where administrators make it. */
  ownerId: string | null
  /** Null where nobody waits for it but those invited. */
  joiningId: string | null
  /** Sealed ciphertext of the platform's own link. Null until there is one, and again when it died early. */
  url: string | null
  issuedAt: Instant | null
  /** What is true on the platform, as a person confirmed it (BR-08). */
  platformState: 'none' | 'live' | 'revoked'
  closeReason: CloseReason | null
  /** Invitations whose people may still join. */
  waiting: string[]
  joined: number
  expiresSoon: boolean
}

/** Facts of the event, when it has any. */
const factsOf = (event: InviteLinkEvent) => ('facts' in event ? (event.facts as { staffRoomExists?: boolean; liveInvitation?: boolean; onboardingId?: string }) : {})

/** The extension an event asks for, or null when it asks for none. */
function extensionIn({ context, event }: { context: InviteLinkContext; event: InviteLinkEvent }): number | null {
  const asked = event.type === 'EXTEND' || (event.type === 'RESEND' && event.extend === true)
  return asked ? extensionMoment(context.platformRole, event.expiresAt, event.now ?? '') : null
}

const setUp = setup({
  types: { context: {} as InviteLinkContext, events: {} as InviteLinkEvent, input: {} as InviteLinkInput },
  actions: effects,
  guards: {
    staffRoomExists: ({ context, event }) => context.platformRole !== 'teacher' || factsOf(event).staffRoomExists === true,
    roleFitsTarget: ({ context }) => context.target !== 'staffRoom' || context.platformRole === 'teacher',
    noLiveInvitation: ({ event }) => factsOf(event).liveInvitation === false,
    onboardingWaits: ({ event }) => factsOf(event).onboardingId !== undefined,
    linkTermNotOver: ({ context, event }) => extensionIn({ context, event }) !== null || Date.parse(event.now ?? '') < Date.parse(context.deadlines.TIMER_EXPIRED?.at ?? ''),
    laterThanBefore: (args) => {
      const moment = extensionIn(args)
      return moment === null || (moment > Date.parse(args.context.deadlines.TIMER_EXPIRED?.at ?? '') && moment > Date.parse(args.event.now ?? ''))
    },
    withinTotalLife: (args) => {
      const moment = extensionIn(args)
      return moment === null || withinTotalLife(moment, args.context.issuedAt ?? '')
    },
    recipientsMayJoin: ({ context, event }) => event.type === 'RESEND' && (event.invitationIds ?? []).every((invitation) => context.waiting.includes(invitation)),
    someoneCanBeWritten: ({ event }) => event.type === 'RESEND' && event.facts.writable > 0,
    someoneWaits: ({ context }) => context.waiting.length > 0,
    someoneJoined: ({ context }) => context.joined > 0,
    notLeakedYet: ({ context }) => context.closeReason !== 'leaked',
  },
})

/** Says the same to everybody who may still join. */
const tellWaiting = (event: (context: InviteLinkContext) => AnyEvent) =>
  setUp.enqueueActions(({ context, enqueue }) => {
    if (context.waiting.length > 0) enqueue({ type: 'tell', params: { to: context.waiting.map(invitationInstance), event: event(context) } })
  })

/** Says it to the class that joins by the link. */
const tellJoining = (event: (context: InviteLinkContext) => AnyEvent) =>
  setUp.enqueueActions(({ context, enqueue }) => {
    if (context.joiningId) enqueue({ type: 'tell', params: { to: context.joiningId, event: event(context) } })
  })

/** Adds a person: their invitation is an instance of its own, sent at once when the link is there. */
const addPerson = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'PERSON_ADDED') return
  const { invitationId, email, byHand, reviewed, onboardingId } = event.facts
  enqueue.assign({ waiting: [...context.waiting, invitationId] })
  enqueue({
    type: 'spawn',
    params: {
      id: invitationInstance(invitationId),
      kind: 'invitation',
      input: {
        invitationId,
        linkId: context.linkId,
        personId: event.personId,
        target: context.target,
        targetId: context.targetId,
        platformRole: context.platformRole,
        email,
        ...(onboardingId === undefined ? {} : { onboardingId }),
        ...(byHand && { byHand }),
        ...(reviewed && { reviewed }),
        ...(context.ownerId && { ownerId: context.ownerId }),
      },
    },
  })
  if (context.platformState === 'live') enqueue({ type: 'tell', params: { to: invitationInstance(invitationId), event: { type: 'SEND' } } })
})

/** Takes a person off the list; a link whose list is closed has no reason to live when the list is empty. */
const strikeOut = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'PERSON_JOINED' && event.type !== 'PERSON_GONE') return
  const waiting = context.waiting.filter((invitation) => invitation !== event.invitationId)
  enqueue.assign({ waiting, joined: context.joined + (event.type === 'PERSON_JOINED' ? 1 : 0) })
  if (waiting.length === 0 && (context.scope === 'personal' || context.closedList)) enqueue.raise({ type: 'ALL_JOINED' })
})

const setTerm = setUp.enqueueActions(({ context, enqueue }) => {
  enqueue({ type: 'setDeadline', params: { name: 'TIMER_EXPIRED', rule: termRule(context.platformRole, context.expiresAt, context.issuedAt ?? '') } })
  enqueue({ type: 'setDeadline', params: { name: 'TIMER_EXPIRES_SOON', rule: { workingDaysBefore: 2, anchor: { deadline: 'TIMER_EXPIRED' } } } })
})

/** A new term; the invitations count their reminders from it again. */
const extend = [
  setUp.assign({ expiresAt: ({ event }) => ('expiresAt' in event ? (event.expiresAt ?? null) : null), expiresSoon: false }),
  setTerm,
  tellWaiting(() => ({ type: 'TERM_CHANGED' })),
]

const refuseLate = setUp.enqueueActions(({ event, enqueue }) => {
  const { onboardingId } = factsOf(event)
  if (onboardingId !== undefined) enqueue({ type: 'tell', params: { to: onboardingId, event: { type: 'INVITE_CLOSED' } } })
})

/** Who makes it on the platform and who is invited by it hear of the new owner. */
const changeHands = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'OWNER_CHANGED') return
  enqueue.assign({ ownerId: event.ownerId })
  enqueue({ type: 'reassignTask', params: { kind: 'T-LINK-CREATE', to: event.ownerId } })
  if (context.waiting.length > 0) enqueue({ type: 'tell', params: { to: context.waiting.map(invitationInstance), event: { type: 'OWNER_CHANGED', ownerId: event.ownerId } } })
})

/** People come and go in every state before the link closes, and the chat may change hands; ALL_JOINED matters in `active` only. */
const people = setUp.createStateConfig({
  on: {
    OWNER_CHANGED: { actions: changeHands },
    PERSON_ADDED: { guard: 'noLiveInvitation', actions: addPerson },
    PERSON_JOINED: { actions: strikeOut },
    PERSON_GONE: { actions: strikeOut },
  },
}).on

/** A link that closed meanwhile says so to the onboarding that counted on it, or it would wait for ever. */
const tooLate = setUp.createStateConfig({ on: { PERSON_ADDED: { guard: 'onboardingWaits', actions: refuseLate } } }).on

const linkClosed = ({ closeReason }: InviteLinkContext): AnyEvent => ({ type: 'LINK_CLOSED', reason: closeReason })
const tellClosed = [tellWaiting(linkClosed), tellJoining(linkClosed)]
const close = (closeReason: CloseReason) => ({ target: 'closing', actions: [setUp.assign({ closeReason }), ...tellClosed] }) as const

/** An end before there was a link on the platform: nothing to annul, and nobody waits for it any more. */
const giveUp = (closeReason: CloseReason) =>
  ({ target: 'cancelled', actions: [setUp.assign({ closeReason }), ...tellClosed, tellWaiting(() => ({ type: 'LINK_REVOKED' }))] }) as const
const endings = { CANCEL: giveUp('unclaimed'), TARGET_CLOSED: giveUp('targetClosed') }

const machine = setUp.createMachine({
  id: 'inviteLink',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    linkId: input.linkId,
    number: input.number,
    target: input.target,
    targetId: input.targetId ?? '',
    platformRole: input.platformRole,
    scope: input.scope,
    closedList: input.closedList ?? false,
    expiresAt: input.expiresAt ?? null,
    ownerId: input.ownerId ?? null,
    joiningId: input.joiningId ?? null,
    url: null,
    issuedAt: null,
    platformState: 'none',
    closeReason: null,
    waiting: [],
    joined: 0,
    expiresSoon: false,
  }),
  initial: 'requested',
  states: {
    requested: {
      on: {
        ...endings,
        ...people,
        // Who adds a person and knows that the staff room is there asks for the link with it.
        PERSON_ADDED: [
          { guard: and(['noLiveInvitation', 'roleFitsTarget', 'staffRoomExists']), target: 'creating', actions: addPerson },
          { guard: 'noLiveInvitation', actions: addPerson },
        ],
        TASK_ISSUED: { guard: and(['roleFitsTarget', 'staffRoomExists']), target: 'creating' },
      },
    },
    creating: {
      meta: { tasks: ['T-LINK-CREATE'] },
      entry: {
        type: 'openTask',
        params: ({ context }) => ({
          kind: 'T-LINK-CREATE',
          ...(context.ownerId ? { assignee: context.ownerId } : {}),
          values: { link: context.linkId, number: context.number, target: context.target, targetId: context.targetId, role: context.platformRole },
        }),
      },
      on: {
        ...endings,
        ...people,
        LINK_CREATED: {
          target: 'active',
          actions: [
            assign({ url: ({ event }) => event.url, issuedAt: ({ event }) => event.now ?? '', platformState: 'live', expiresSoon: false }),
            setTerm,
            tellWaiting(() => ({ type: 'SEND' })),
            tellJoining(() => ({ type: 'LINK_CREATED' })),
          ],
        },
        TASK_FAILED: { target: 'creationFailed' },
      },
    },
    creationFailed: {
      meta: { tasks: ['T-LINK-RETRY'] },
      entry: { type: 'openTask', params: ({ context }) => ({ kind: 'T-LINK-RETRY', values: { link: context.linkId, number: context.number } }) },
      on: { ...endings, ...people, RETRY: { target: 'creating' } },
    },
    active: {
      meta: { deadlines: ['TIMER_EXPIRED', 'TIMER_EXPIRES_SOON'] },
      on: {
        ...people,
        ALL_JOINED: [{ guard: 'someoneJoined', ...close('completed') }, close('unclaimed')],
        EXTEND: { guard: and(['laterThanBefore', 'withinTotalLife']), actions: extend },
        RESEND: {
          guard: and(['someoneWaits', 'recipientsMayJoin', 'someoneCanBeWritten', 'linkTermNotOver', 'laterThanBefore', 'withinTotalLife']),
          actions: setUp.enqueueActions(({ context, event, enqueue }) => {
            if (event.type !== 'RESEND') return
            if (event.extend) for (const action of extend) enqueue(action)
            enqueue({ type: 'tell', params: { to: (event.invitationIds ?? context.waiting).map(invitationInstance), event: { type: 'RESEND' } } })
          }),
        },
        REVOKE: { target: 'closing', actions: [assign({ closeReason: ({ event }) => event.reason ?? 'unclaimed' }), ...tellClosed] },
        LEAK_REPORTED: close('leaked'),
        TARGET_CLOSED: close('targetClosed'),
        TIMER_EXPIRED: close('unclaimed'),
        TIMER_EXPIRES_SOON: { actions: assign({ expiresSoon: true }) },
        // Edge case 19. A fresh link never carries the URL of the one that died.
        LINK_DIED_EARLY: {
          target: 'creating',
          actions: [assign({ url: null, issuedAt: null, platformState: 'none' }), tellWaiting(() => ({ type: 'LINK_SUSPENDED' })), tellJoining(() => ({ type: 'LINK_SUSPENDED' }))],
        },
      },
    },
    closing: {
      meta: { deadlines: ['TIMER_REVOKE_DUE'], tasks: ['T-LINK-REVOKE'] },
      entry: setUp.enqueueActions(({ context, enqueue }) => {
        const leaked = context.closeReason === 'leaked'
        const due = leaked ? { workingHours: 4 } : { workingDays: 1 }
        enqueue({ type: 'setDeadline', params: { name: 'TIMER_REVOKE_DUE', rule: due } })
        enqueue({ type: 'openTask', params: { kind: 'T-LINK-REVOKE', due, urgent: leaked, values: { link: context.linkId, number: context.number, reason: context.closeReason } } })
      }),
      on: {
        ...tooLate,
        PLATFORM_REVOKED: { target: 'revoked' },
        TIMER_REVOKE_DUE: { target: 'revocationOverdue' },
        // A link that was only to be tidied up turns out to be in foreign hands: the same work, at once.
        LEAK_REPORTED: {
          guard: 'notLeakedYet',
          target: 'closing',
          reenter: true,
          actions: [assign({ closeReason: 'leaked' }), { type: 'closeTask', params: { kind: 'T-LINK-REVOKE' } }],
        },
      },
    },
    revocationOverdue: {
      meta: { tasks: ['T-LINK-REVOKE'] },
      entry: { type: 'queueLetter', params: ({ context }) => ({ code: 'L-TASK-URGENT', to: { role: 'head' }, urgent: true, values: { task: 'T-LINK-REVOKE', link: context.linkId } }) },
      on: { ...tooLate, PLATFORM_REVOKED: { target: 'revoked' } },
    },
    revoked: {
      // People who had joined before the link died are still found for 30 days (design.md, answer 7).
      meta: { deadlines: [RETENTION] },
      entry: [
        assign({ platformState: 'revoked' }),
        { type: 'setDeadline', params: { name: RETENTION, rule: { days: 30 } } },
        tellWaiting(() => ({ type: 'LINK_REVOKED' })),
      ],
      on: tooLate,
    },
    cancelled: {
      // Nothing follows but the answer to an onboarding that chose this link a moment too late.
      meta: { deadlines: [RETENTION] },
      entry: { type: 'setDeadline', params: { name: RETENTION, rule: { days: 1 } } },
      on: tooLate,
    },
  },
})

/** An invitation link: made on the platform by a person, handed out, extended, and annulled there again (domain.md 7.3). */
export const inviteLink: ProcessDefinition = { kind: 'inviteLink', version: 1, machine, events: inviteLinkEvents, fixedDeadlines: ['TIMER_EXPIRED'], doubledInSummer: (name, { platformRole }: InviteLinkContext) => name === 'TIMER_EXPIRED' && platformRole === 'teacher', owner: 'ownerId' }
