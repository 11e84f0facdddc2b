import { and, assign, setup } from 'xstate'
import { chatJoiningEvents, type ChatJoiningEvent } from './chat-joining-events.ts'
import { effects } from './effects.ts'
import { invitationInstance, joiningInstance, linkInstance } from './instance-id.ts'
import type { ProcessContext, ProcessDefinition } from './process.ts'
import type { Instant } from './rule.ts'

/** Somebody the link is for. */
export interface JoiningPerson {
  personId: string
  /** Whether they get it by letter; the others by hand. */
  byLetter: boolean
  /** Where the school keeps lists by name. */
  invitationId?: string
}

export interface ChatJoiningInput {
  orgId: string
  joiningId: string
  spaceId: string
  classId: string
  audience: 'student' | 'guardian'
  /** Whose the chat is: they make the link and hand it out. */
  ownerId: string
  /** Each person has an invitation of their own; without it only counts are kept. */
  byName: boolean
  linkId: string
  /** Public number of the link, ПР-2026-000004. */
  number: string
  /** The end of the link's term when it is not the audience's. */
  expiresAt?: Instant
  people: readonly JoiningPerson[]
  /** A person decides about each request to join (domain.md 7.5). */
  reviewed?: boolean
}

export interface ChatJoiningContext extends ProcessContext {
  joiningId: string
  spaceId: string
  classId: string
  audience: ChatJoiningInput['audience']
  ownerId: string
  byName: boolean
  linkId: string
  number: string
  expiresAt: Instant | null
  people: readonly JoiningPerson[]
  /** To how many it is still to be given by hand, the letters that did not arrive included. */
  toHand: number
  handedOut: number
  /** As reported; by name the invitations know. */
  joined: number
  declined: number
  /** Letters that did not arrive: an outcome may be told twice. */
  troubledLetters: readonly string[]
  linkLives: boolean
  linkOver: boolean
  /** Somebody closes it: when the link is closed, it is over. */
  closing: boolean
  reviewed?: true
}

const setUp = setup({
  types: { context: {} as ChatJoiningContext, events: {} as ChatJoiningEvent, input: {} as ChatJoiningInput },
  actions: effects,
  guards: {
    everybodyWritten: ({ context }) => context.toHand === 0,
    countsOnly: ({ context }) => !context.byName,
    listsByName: ({ context }) => context.byName,
    markedAreOurs: ({ context, event }) => event.type === 'MARKED' && [...event.joined, ...(event.declined ?? [])].every((marked) => context.people.some(({ invitationId }) => invitationId === marked)),
    newTrouble: ({ context, event }) => 'letterId' in event && !context.troubledLetters.includes(event.letterId),
    joiningLinkOver: ({ context }) => context.linkOver,
    isBeingClosed: ({ context }) => context.closing,
    nobodyExtra: ({ context, event }) => event.type !== 'COUNT_REPORTED' || event.count <= context.people.length,
  },
})

/** Takes an event that changes nothing. */
const noted = { actions: setUp.assign({}) }

/** The link and who is invited by it are instances of the same cohort. */
const askForLink = setUp.enqueueActions(({ context, enqueue }) => {
  const { linkId, number, spaceId, audience, ownerId, byName, joiningId, expiresAt, people, reviewed } = context
  const link = linkInstance(linkId)
  const input = { linkId, number, target: 'chat', targetId: spaceId, platformRole: audience, scope: 'group', ownerId, joiningId: joiningInstance(joiningId), ...(byName && { closedList: true }), ...(expiresAt && { expiresAt }) }
  enqueue({ type: 'spawn', params: { id: link, kind: 'inviteLink', input } })
  for (const { personId, byLetter, invitationId } of people) {
    if (invitationId === undefined) continue
    const facts = { invitationId, email: byLetter, byHand: !byLetter, ...(reviewed && { reviewed }), liveInvitation: false, staffRoomExists: true }
    enqueue({ type: 'tell', params: { to: link, event: { type: 'PERSON_ADDED', personId, facts } } })
  }
  if (!byName) enqueue({ type: 'tell', params: { to: link, event: { type: 'TASK_ISSUED', facts: { staffRoomExists: true } } } })
})

/** Where only counts are kept, everybody gets the same page. */
const writeLetters = setUp.enqueueActions(({ context, enqueue }) => {
  if (context.byName) return
  for (const { personId, byLetter } of context.people) if (byLetter) enqueue({ type: 'queueLetter', params: { code: 'L-INV-CHAT', to: { person: personId }, values: { joining: context.joiningId, link: context.linkId } } })
})

const askToHandOut = setUp.enqueueActions(({ context, enqueue }) => {
  if (context.toHand === 0) return
  enqueue({ type: 'openTask', params: { kind: 'T-LINK-HANDOUT', assignee: context.ownerId, values: { joining: context.joiningId, space: context.spaceId, link: context.linkId } } })
})

const askToCount = setUp.enqueueActions(({ context, enqueue }) => {
  const kind = context.byName ? 'T-JOIN-MARK' : 'T-JOIN-COUNT'
  enqueue({ type: 'openTask', params: { kind, assignee: context.ownerId, values: { joining: context.joiningId, space: context.spaceId, link: context.linkId } } })
})

const closeCounting = [{ type: 'closeTask', params: { kind: 'T-JOIN-COUNT' } }, { type: 'closeTask', params: { kind: 'T-JOIN-MARK' } }] as const

/** When to look into the chat next (DEC): three working days on, while somebody may still come. */
const lookLater = setUp.enqueueActions(({ context, enqueue }) => {
  const everybodyCounted = !context.byName && context.joined + context.declined >= context.people.length
  if (everybodyCounted) enqueue({ type: 'clearDeadline', params: { name: 'TIMER_COLLECT_DUE' } })
  else enqueue({ type: 'setDeadline', params: { name: 'TIMER_COLLECT_DUE', rule: { workingDays: 3 } } })
})

const countHandedOut = setUp.assign({ handedOut: ({ context, event }) => (event.type === 'HANDED_OUT' ? event.count : context.handedOut) })

const count = setUp.assign({
  joined: ({ context, event }) => (event.type === 'COUNT_REPORTED' ? event.count : context.joined),
  declined: ({ context, event }) => {
    if (event.type === 'DECLINED') return context.declined + event.count
    return event.type === 'COUNT_REPORTED' ? (event.declined ?? context.declined) : context.declined
  },
})

/** More are in the chat than the link was for: it went to strangers, or works past its term. Somebody looks who they are. */
const askAboutExtra = setUp.enqueueActions(({ context, enqueue }) => {
  enqueue({ type: 'closeTask', params: { kind: 'T-JOIN-EXTRA' } })
  if (context.joined > context.people.length) enqueue({ type: 'openTask', params: { kind: 'T-JOIN-EXTRA', assignee: context.ownerId, values: { joining: context.joiningId, space: context.spaceId, link: context.linkId } } })
})
const extraChecked = [
  setUp.assign({ joined: ({ context, event }) => (event.type === 'EXTRA_CHECKED' ? Math.max(0, context.joined - event.removed) : context.joined) }),
  { type: 'closeTask', params: { kind: 'T-JOIN-EXTRA' } },
] as const

/** What a person says of an invitation is said to it. */
const tellMarked = setUp.enqueueActions(({ event, enqueue }) => {
  if (event.type !== 'MARKED') return
  const { joined, declined = [], channel, by } = event
  const said = by === undefined ? {} : { by }
  if (joined.length > 0) enqueue({ type: 'tell', params: { to: joined.map(invitationInstance), event: { type: 'JOINED', ...said } } })
  if (declined.length > 0) enqueue({ type: 'tell', params: { to: declined.map(invitationInstance), event: { type: 'DECLINE', ...(channel !== undefined && { reason: channel }), ...said } } })
})

/** A letter that did not arrive is one more to be given by hand. */
const trouble = {
  guard: 'newTrouble' as const,
  actions: [
    setUp.assign({ troubledLetters: ({ context, event }) => ('letterId' in event ? [...context.troubledLetters, event.letterId] : context.troubledLetters), toHand: ({ context }) => context.toHand + 1 }),
    askToHandOut,
  ],
}

const endLink = setUp.enqueueActions(({ context, enqueue }) => {
  const reason = context.joined + context.declined >= context.people.length ? 'completed' : 'unclaimed'
  enqueue({ type: 'tell', params: { to: linkInstance(context.linkId), event: context.linkLives ? { type: 'REVOKE', reason } : { type: 'CANCEL' } } })
})

const handOut = ['T-LINK-HANDOUT'] as const
const counting = ['T-JOIN-COUNT', 'T-JOIN-MARK', 'T-JOIN-EXTRA'] as const

const changeHands = setUp.enqueueActions(({ event, enqueue }) => {
  if (event.type !== 'OWNER_CHANGED') return
  enqueue.assign({ ownerId: event.ownerId })
  for (const kind of [...handOut, ...counting]) enqueue({ type: 'reassignTask', params: { kind, to: event.ownerId } })
})
const ownerChanged = { OWNER_CHANGED: { actions: changeHands } }

const linkIsOver = setUp.assign({ linkLives: false, linkOver: true })

/** What may happen from the moment there is a link. */
const living = setUp.createStateConfig({
  on: {
    ...ownerChanged,
    LINK_CREATED: { actions: assign({ linkLives: true }) },
    LINK_SUSPENDED: { actions: assign({ linkLives: false }) },
    LINK_CLOSED: [
      { guard: 'isBeingClosed', target: 'closed', actions: linkIsOver },
      { guard: 'listsByName', target: 'closed', actions: linkIsOver },
      // The last count.
      { target: 'collecting', actions: [linkIsOver, { type: 'clearDeadline', params: { name: 'TIMER_COLLECT_DUE' } }, askToCount] },
    ],
    LETTER_ACCEPTED: noted,
    LETTER_FAILED: trouble,
    LETTER_UNKNOWN: trouble,
    LETTER_BOUNCED: trouble,
    HANDED_OUT: { actions: countHandedOut },
    COUNT_REPORTED: [
      { guard: and(['countsOnly', 'joiningLinkOver', 'nobodyExtra']), target: 'closed', actions: count },
      { guard: 'countsOnly', target: 'collecting', actions: [count, ...closeCounting, lookLater, askAboutExtra] },
    ],
    EXTRA_CHECKED: [{ guard: and(['countsOnly', 'joiningLinkOver']), target: 'closed', actions: extraChecked }, { guard: 'countsOnly', actions: extraChecked }],
    DECLINED: { guard: 'countsOnly', actions: count },
    MARKED: { guard: and(['listsByName', 'markedAreOurs']), target: 'collecting', actions: [tellMarked, ...closeCounting, lookLater] },
    CLOSE: [{ guard: 'joiningLinkOver', target: 'closed' }, { actions: [assign({ closing: true }), endLink] }],
  },
}).on

const machine = setUp.createMachine({
  id: 'chatJoining',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    joiningId: input.joiningId,
    spaceId: input.spaceId,
    classId: input.classId,
    audience: input.audience,
    ownerId: input.ownerId,
    byName: input.byName,
    linkId: input.linkId,
    number: input.number,
    expiresAt: input.expiresAt ?? null,
    people: input.people,
    toHand: input.people.filter(({ byLetter }) => !byLetter).length,
    handedOut: 0,
    joined: 0,
    declined: 0,
    troubledLetters: [],
    linkLives: false,
    linkOver: false,
    closing: false,
    ...(input.reviewed && { reviewed: true as const }),
  }),
  initial: 'planned',
  states: {
    planned: {
      entry: askForLink,
      on: {
        LINK_CREATED: { target: 'linkReady', actions: assign({ linkLives: true }) },
        LINK_CLOSED: { target: 'cancelled' },
        ...ownerChanged,
        CANCEL: { actions: { type: 'tell', params: ({ context }) => ({ to: linkInstance(context.linkId), event: { type: 'CANCEL' } }) } },
      },
    },
    linkReady: {
      meta: { tasks: handOut },
      entry: [writeLetters, askToHandOut],
      always: { guard: 'everybodyWritten', target: 'distributed' },
      on: { ...living, HANDED_OUT: { target: 'distributed', actions: countHandedOut } },
    },
    distributed: {
      meta: { deadlines: ['TIMER_COLLECT_DUE'], tasks: handOut },
      entry: lookLater,
      on: { ...living, TIMER_COLLECT_DUE: { target: 'collecting', actions: askToCount } },
    },
    collecting: {
      meta: { deadlines: ['TIMER_COLLECT_DUE'], tasks: [...handOut, ...counting] },
      on: { ...living, TIMER_COLLECT_DUE: { actions: askToCount } },
    },
    closed: { type: 'final' },
    cancelled: { type: 'final' },
  },
})

/** Pupils or guardians of one class joining a chat (domain.md 7.5): counts, or by name where the school turns that on. */
export const chatJoining: ProcessDefinition = { kind: 'chatJoining', version: 1, machine, events: chatJoiningEvents, owner: 'ownerId' }
