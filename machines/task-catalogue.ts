import { Type, type Static, type TObject } from 'typebox'
import type { AnyEvent, TaskValues } from './effects.ts'
import type { Role } from './role.ts'
import { importConfirmations } from './roster-import.ts'
import type { Rule } from './rule.ts'

/**
 * Reasons for «Не удалось», the same for every kind (domain.md 8). The free text beside them says the rest.
 */
export const failReasons = ['noAccess', 'platformError', 'dataWrong', 'personUnknown', 'other'] as const

export interface TaskKind {
  /** Who may take it, beside the one it is assigned to; the platform administrator and the head always may (design.md, answer 11). */
  roles: readonly Role[]
  due: Rule
  clause?: string
  /** What a person brings back. Strings marked `sealed` are encrypted before they leave the HTTP server. */
  evidence: TObject
  /** The owner's event that this evidence means (design.md, answer 5); `values` are those the task was opened with. */
  event: (evidence: never, values: TaskValues) => AnyEvent
  /** The owner's event for «Не удалось». Without it the task opens again, due in one working day, the head added. */
  failed?: string
  /** A person whose rights are concerned may not confirm it (four eyes, domain.md 4): the name of the value with the person. */
  notBy?: string
}

const date = Type.String({ format: 'date' })
const longText = Type.String({ minLength: 1, maxLength: 4000 })
const id = Type.String({ minLength: 1, maxLength: 64 })
const people = Type.Integer({ minimum: 0, maximum: 10_000 })
/** Invitations by their ids. */
const invitations = Type.Array(id, { maxItems: 500 })
const spaceName = Type.String({ minLength: 1, maxLength: 100 })
const oneOf = <const T extends string>(values: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: [...values] })

function kind<E extends TObject>(spec: Omit<TaskKind, 'event' | 'evidence'> & { evidence: E; event: (evidence: Static<E>, values: TaskValues) => AnyEvent }): TaskKind {
  return spec as unknown as TaskKind
}

const doneOrAlready = Type.Object({ result: oneOf(['done', 'alreadyDone']), doneOn: Type.Optional(date) }, { additionalProperties: false })
const confirmation = Type.Object({ confirmed: Type.Literal(true) }, { additionalProperties: false })

const replyEvents = {
  approved: 'REPLY_APPROVED',
  clarify: 'REPLY_CLARIFY',
  rejected: 'REPLY_REJECTED',
  fixed: 'REPLY_FIXED',
  notOurs: 'REPLY_IGNORED',
} as const

const joinEvents = { accept: 'JOIN_ACCEPTED', reject: 'JOIN_REJECTED', doubt: 'JOIN_DOUBTFUL', role: 'ROLE_WRONG' } as const

const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[]

/** Task kinds by code (domain.md 8): who, until when, what evidence, and which event of the owner it becomes. */
export const taskCatalogue = {
  'T-REG-ORDER': kind({
    roles: ['registrar', 'platformAdmin'],
    due: { workingDays: 3 },
    clause: 'R2.1-00',
    evidence: Type.Object({ orderId: id }, { additionalProperties: false }),
    event: ({ orderId }) => ({ type: 'ORDER_ATTACHED', orderId }),
  }),
  'T-REG-REORDER': kind({
    roles: ['registrar', 'platformAdmin'],
    due: { workingDays: 3 },
    clause: 'R2.1-00',
    evidence: Type.Object({ orderId: id }, { additionalProperties: false }),
    event: ({ orderId }) => ({ type: 'ORDER_ATTACHED', orderId }),
  }),
  'T-REG-SEND': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 2 },
    clause: 'R2.1-01',
    evidence: Type.Object({ confirmed: Type.Literal(true), text: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ text }) => ({ type: 'CONFIRM_SEND', ...(text === undefined ? {} : { text }) }),
  }),
  'T-REG-FIX': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-01',
    evidence: Type.Object({ outcome: oneOf(['arrived', 'sendAgain']) }, { additionalProperties: false }),
    event: ({ outcome }) => (outcome === 'arrived' ? { type: 'LETTER_ACCEPTED' } : { type: 'FIX' }),
  }),
  'T-REG-CHECK': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-01',
    evidence: Type.Object({ found: Type.Boolean() }, { additionalProperties: false }),
    event: ({ found }) => ({ type: found ? 'REPLY_FOUND' : 'REPLY_NOT_FOUND' }),
  }),
  'T-REG-ESCALATE': kind({
    roles: ['head', 'platformAdmin'],
    due: { workingDays: 2 },
    clause: 'R2.1-01',
    evidence: Type.Object({ decision: oneOf(['wait', 'writeAgain', 'cancel']), reason: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ decision, reason }) =>
      decision === 'cancel'
        ? { type: 'CANCEL', reason: reason ?? 'noReply' }
        : { type: decision === 'wait' ? 'KEEP_WAITING' : 'WRITE_AGAIN' },
  }),
  'T-REG-REPLY': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-01',
    evidence: Type.Object(
      {
        outcome: oneOf(keysOf(replyEvents)),
        receivedOn: date,
        text: Type.Optional(longText),
        messageId: Type.Optional(id),
      },
      { additionalProperties: false },
    ),
    event: ({ outcome, receivedOn, text, ...evidence }, { message }) => {
      // The message the task is about, unless the person names another.
      const messageId = evidence.messageId ?? message
      return { type: replyEvents[outcome], receivedOn, ...(text === undefined ? {} : { text }), ...(messageId ? { messageId } : {}) }
    },
  }),
  'T-REG-SIGNIN': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 2 },
    clause: 'R2.1-02',
    evidence: Type.Object({ rights: Type.Boolean() }, { additionalProperties: false }),
    event: ({ rights }) => ({ type: rights ? 'ADMIN_RIGHTS_CONFIRMED' : 'ADMIN_RIGHTS_MISSING' }),
    failed: 'ADMIN_RIGHTS_MISSING',
  }),
  'T-REG-PROFILE': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 3 },
    clause: 'R2.1-03',
    evidence: Type.Object(
      { nameFilled: Type.Literal(true), addressFilled: Type.Literal(true), contactsFilled: Type.Literal(true) },
      { additionalProperties: false },
    ),
    event: () => ({ type: 'PROFILE_FILLED' }),
  }),
  'T-REG-STAFFROOM': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-04',
    evidence: Type.Object({ createdOn: date }, { additionalProperties: false }),
    event: ({ createdOn }) => ({ type: 'STAFF_ROOM_CREATED', createdOn }),
  }),
  'T-ADM-GRANT': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 2 },
    clause: 'R2.1-07',
    evidence: confirmation,
    event: () => ({ type: 'STEP_DONE' }),
    failed: 'STEP_FAILED',
  }),
  'T-ADM-REMOVE': kind({
    roles: ['platformAdmin', 'extraAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-07',
    evidence: doneOrAlready,
    event: () => ({ type: 'STEP_DONE' }),
    failed: 'STEP_FAILED',
    notBy: 'person',
  }),
  'T-CLASS-TEACHER': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 3 },
    clause: 'R2.1-08',
    evidence: confirmation,
    event: () => ({ type: 'STEP_DONE' }),
    failed: 'STEP_FAILED',
  }),
  'T-CLASS-TEACHER-REMOVE': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-08',
    evidence: doneOrAlready,
    event: () => ({ type: 'STEP_DONE' }),
    failed: 'STEP_FAILED',
  }),
  'T-STAFF-RETRY': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    evidence: Type.Object({ decision: oneOf(['retry', 'cancel']), reason: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ decision, reason }) => ({ type: decision === 'retry' ? 'RETRY' : 'CANCEL', ...(reason === undefined ? {} : { reason }) }),
  }),
  'T-LINK-CREATE': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-06',
    evidence: Type.Object({ url: Type.String({ minLength: 1, maxLength: 2000, sealed: 'linkUrl' }), createdOn: Type.Optional(date) }, { additionalProperties: false }),
    event: ({ url, createdOn }) => ({ type: 'LINK_CREATED', url, ...(createdOn === undefined ? {} : { createdOn }) }),
    failed: 'TASK_FAILED',
  }),
  'T-LINK-RETRY': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-06',
    evidence: confirmation,
    event: () => ({ type: 'RETRY' }),
  }),
  'T-LINK-HANDOUT': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 2 },
    clause: 'R2.3-03',
    evidence: Type.Object({ count: people }, { additionalProperties: false }),
    event: ({ count }) => ({ type: 'HANDED_OUT', count }),
  }),
  'T-JOIN-COUNT': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 2 },
    clause: 'R2.3-03',
    evidence: Type.Object({ joined: people, declined: Type.Optional(people) }, { additionalProperties: false }),
    event: ({ joined, declined }) => ({ type: 'COUNT_REPORTED', count: joined, ...(declined === undefined ? {} : { declined }) }),
  }),
  'T-JOIN-EXTRA': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-12',
    evidence: Type.Object({ removed: people }, { additionalProperties: false }),
    event: ({ removed }) => ({ type: 'EXTRA_CHECKED', removed }),
  }),
  'T-JOIN-MARK': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 2 },
    clause: 'R2.3-03',
    evidence: Type.Object({ joined: invitations, declined: Type.Optional(invitations), channel: Type.Optional(longText) }, { additionalProperties: false }),
    event: (evidence) => ({ type: 'MARKED', ...evidence }),
  }),
  'T-LINK-REVOKE': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-12',
    evidence: Type.Object({ revokedOn: date, method: oneOf(['revoked', 'alreadyDone', 'targetDeleted']) }, { additionalProperties: false }),
    event: ({ revokedOn, method }) => ({ type: 'PLATFORM_REVOKED', revokedOn, method }),
  }),
  'T-LINK-LATE': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-12',
    evidence: Type.Object({ decision: oneOf(['keep', 'remove']) }, { additionalProperties: false }),
    event: ({ decision }) => ({ type: 'LATE_CHECKED', decision }),
  }),
  'T-LINK-AGAIN': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-06',
    evidence: Type.Object({ decision: oneOf(['invited', 'refused']), comment: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ decision }) => ({ type: 'NEW_LINK_ANSWERED', decision }),
  }),
  'T-JOIN-REVIEW': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-09',
    evidence: Type.Object({ decision: oneOf(keysOf(joinEvents)), comment: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ decision, comment }) => ({
      type: joinEvents[decision],
      ...(comment === undefined ? {} : { reason: comment }),
    }),
  }),
  'T-JOIN-IDENTITY': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-09',
    evidence: Type.Object({ confirmed: Type.Boolean(), comment: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ confirmed, comment }) => ({ type: confirmed ? 'IDENTITY_CONFIRMED' : 'JOIN_REJECTED', ...(comment === undefined ? {} : { reason: comment }) }),
  }),
  'T-ROLE-FIX': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-09',
    evidence: doneOrAlready,
    event: () => ({ type: 'REMOVED_FROM_PLATFORM' }),
  }),
  'T-VERIFY-SELF': kind({
    // Nobody's but the teacher's it is assigned to: colleagues neither see nor do it, also when it is escalated.
    roles: [],
    due: { workingDays: 5 },
    clause: 'R2.T-02',
    evidence: Type.Object({ result: oneOf(['done', 'problem']), comment: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ result, comment }) => ({ type: result === 'done' ? 'VERIFY_SELF_DONE' : 'VERIFICATION_FAILED', ...(comment === undefined ? {} : { reason: comment }) }),
    failed: 'VERIFICATION_FAILED',
  }),
  'T-VERIFY-FINISH': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 2 },
    clause: 'R2.1-10',
    evidence: Type.Object({ result: oneOf(['done', 'problem']), comment: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ result, comment }) => ({ type: result === 'done' ? 'VERIFIED' : 'VERIFICATION_FAILED', ...(comment === undefined ? {} : { reason: comment }) }),
    failed: 'VERIFICATION_FAILED',
  }),
  'T-VERIFY-RETRY': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 2 },
    clause: 'R2.1-10',
    evidence: confirmation,
    event: () => ({ type: 'RETRY' }),
  }),
  'T-CLASS-CREATE': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 3 },
    clause: 'R2.1-05',
    evidence: Type.Object({ name: spaceName, createdOn: Type.Optional(date) }, { additionalProperties: false }),
    event: ({ name, createdOn }) => ({ type: 'CREATED', name, ...(createdOn === undefined ? {} : { createdOn }) }),
    failed: 'CREATION_FAILED',
  }),
  'T-CHAT-CREATE': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 3 },
    clause: 'R2.2-06, R2.3-03, R2.T-03',
    evidence: Type.Object({ url: Type.String({ minLength: 1, maxLength: 2000, sealed: 'linkUrl' }), name: spaceName, createdOn: Type.Optional(date) }, { additionalProperties: false }),
    event: ({ url, name, createdOn }) => ({ type: 'CREATED', url, name, ...(createdOn === undefined ? {} : { createdOn }) }),
    failed: 'CREATION_FAILED',
  }),
  'T-CHAT-RETRY': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    evidence: Type.Object({ decision: oneOf(['retry', 'cancel']), reason: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ decision, reason }) => (decision === 'retry' ? { type: 'RETRY' } : { type: 'CANCEL', ...(reason === undefined ? {} : { reason }) }),
  }),
  'T-CHAT-HANDOVER': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-11',
    evidence: Type.Object({ newOwnerConfirmed: Type.Literal(true) }, { additionalProperties: false }),
    event: () => ({ type: 'OWNER_CONFIRMED' }),
  }),
  'T-CHAT-ACCEPT': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-11',
    evidence: confirmation,
    event: () => ({ type: 'OWNER_CONFIRMED' }),
  }),
  'T-CHAT-ARCHIVE': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 3 },
    clause: 'R2.1-11',
    evidence: doneOrAlready,
    event: () => ({ type: 'ARCHIVED' }),
  }),
  'T-MOVE-ORDER': kind({
    roles: ['registrar', 'platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-11',
    evidence: Type.Object({ orderId: id }, { additionalProperties: false }),
    event: ({ orderId }) => ({ type: 'ORDER_ATTACHED', orderId }),
  }),
  'T-MOVE-STEPS': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-11',
    evidence: Type.Object(
      {
        results: Type.Array(
          Type.Object({ step: Type.String({ minLength: 1, maxLength: 250 }), result: oneOf(['done', 'alreadyDone', 'failed']), reason: Type.Optional(oneOf(failReasons)) }, { additionalProperties: false }),
          { minItems: 1, maxItems: 500 },
        ),
      },
      { additionalProperties: false },
    ),
    event: ({ results }) => ({ type: 'STEPS_REPORTED', results }),
    notBy: 'person',
  }),
  'T-MOVE-BLOCKED': kind({
    roles: ['platformAdmin', 'registrar'],
    due: { workingDays: 1 },
    clause: 'R2.1-11',
    evidence: Type.Object({ decision: oneOf(['retry', 'cancel']), reason: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ decision, reason }) => (decision === 'retry' ? { type: 'RETRY' } : { type: 'CANCEL', ...(reason === undefined ? {} : { reason }) }),
  }),
  'T-LEAVE-ENDS': kind({
    roles: ['registrar', 'platformAdmin'],
    due: { workingDays: 3 },
    clause: 'R2.1-11',
    evidence: Type.Object({ until: Type.String({ format: 'date-time' }) }, { additionalProperties: false }),
    event: ({ until }) => ({ type: 'LEAVE_EXTENDED', until }),
  }),
  'T-MOVE-REORDER': kind({
    roles: ['registrar', 'platformAdmin'],
    due: { workingDays: 1 },
    clause: 'R2.1-11',
    evidence: Type.Object({ decision: oneOf(['newOrder', 'takeBack']), orderId: id }, { additionalProperties: false }),
    event: ({ decision, orderId }) => ({ type: decision === 'newOrder' ? 'ORDER_ATTACHED' : 'REVERSE', orderId }),
  }),
  'T-MAIL-FIX': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 1 },
    evidence: Type.Object({ result: oneOf(['addressCorrected', 'handedOver']) }, { additionalProperties: false }),
    event: ({ result }) => ({ type: result === 'addressCorrected' ? 'ADDRESS_CORRECTED' : 'HANDED' }),
  }),
  'T-PROM-CLASS': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 5 },
    clause: 'R2.1-11',
    evidence: Type.Object({ confirmed: Type.Boolean(), remark: Type.Optional(longText) }, { additionalProperties: false }),
    event: ({ confirmed, remark }) => (confirmed ? { type: 'CLASS_CONFIRMED' } : { type: 'RETURNED', reason: remark ?? 'remarks' }),
  }),
  'T-PROM-APPROVE': kind({
    roles: ['head', 'deputy'],
    due: { workingDays: 5 },
    clause: 'R2.1-11',
    evidence: Type.Object(
      { decision: oneOf(['approve', 'return']), orderId: Type.Optional(id), applyOn: Type.Optional(date), confirmedUnusual: Type.Optional(Type.Boolean()), remark: Type.Optional(longText) },
      { additionalProperties: false },
    ),
    event: ({ decision, remark, ...approval }) => (decision === 'approve' ? { type: 'APPROVED_WITH_ORDER', ...approval } : { type: 'RETURNED', reason: remark ?? 'remarks' }),
  }),
  'T-PROM-STEPS': kind({
    roles: ['platformAdmin'],
    due: { workingDays: 5 },
    clause: 'R2.1-11',
    evidence: doneOrAlready,
    event: ({ result }) => ({ type: 'STEP_DONE', result }),
  }),
  'T-IMPORT-CHECK': kind({
    roles: ['platformAdmin', 'registrar'],
    due: { workingDays: 3 },
    evidence: Type.Object(
      {
        decision: oneOf(['commit', 'recount', 'cancel']),
        version: Type.Optional(id),
        rows: Type.Optional(oneOf(['all', 'ready'])),
        confirm: Type.Optional(Type.Array(oneOf(importConfirmations), { maxItems: importConfirmations.length })),
      },
      { additionalProperties: false },
    ),
    event: ({ decision, version = '', rows = 'all', confirm = [] }) =>
      decision === 'commit' ? { type: 'COMMIT', version, rows, confirm } : { type: decision === 'recount' ? 'DECIDE' : 'CANCEL' },
  }),
} satisfies Record<string, TaskKind>

/** The catalogue entry of a task kind. Throws on an unknown code: codes come from machines, never from outside. */
export function taskKind(code: string): TaskKind {
  const found = (taskCatalogue as Record<string, TaskKind>)[code]
  if (!found) throw new Error(`unknown task kind ${code}`)
  return found
}
