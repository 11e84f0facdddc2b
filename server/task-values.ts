import { maskEmail } from '../school/texts/mask-email.ts'
import { maskPhone } from '../school/validation/phone.ts'
import { importCheck } from './task-values/imports.ts'
import { joining } from './task-values/joinings.ts'
import { link, linkUrl, newLink } from './task-values/links.ts'
import { contacts, lateComer, person, personWithPhone } from './task-values/people.ts'
import { movement, movementBlock, movementSteps } from './task-values/movement.ts'
import { promotedClass, promotion, promotionStep } from './task-values/promotion.ts'
import { failedLetter, frozen, newOrder, order, outgoing, reply, school, staffRoom, waiting } from './task-values/registration.ts'
import { space } from './task-values/spaces.ts'
import type { Look, Source, TaskValue } from './task-values/value.ts'

/** What each kind of task shows; the others show whom they are about. What a kind's words promise («copy») is here. */
const looks: Readonly<Record<string, Look>> = {
  'T-REG-ORDER': order,
  'T-REG-REORDER': newOrder,
  'T-REG-SEND': outgoing,
  'T-REG-FIX': failedLetter,
  'T-REG-CHECK': waiting,
  'T-REG-ESCALATE': waiting,
  'T-REG-REPLY': reply,
  'T-REG-SIGNIN': frozen,
  'T-REG-PROFILE': school,
  'T-REG-STAFFROOM': staffRoom,
  'T-LINK-CREATE': link,
  'T-LINK-RETRY': link,
  'T-LINK-HANDOUT': joining,
  'T-JOIN-COUNT': joining,
  'T-JOIN-EXTRA': joining,
  'T-JOIN-MARK': joining,
  'T-LINK-REVOKE': linkUrl,
  'T-LINK-LATE': lateComer,
  'T-LINK-AGAIN': newLink,
  'T-CLASS-CREATE': space,
  'T-CHAT-CREATE': space,
  'T-CHAT-RETRY': space,
  'T-CHAT-HANDOVER': space,
  'T-CHAT-ACCEPT': space,
  'T-CHAT-ARCHIVE': space,
  'T-MOVE-ORDER': movement,
  'T-MOVE-STEPS': movementSteps,
  'T-MOVE-BLOCKED': movementBlock,
  'T-LEAVE-ENDS': movement,
  'T-MOVE-REORDER': movement,
  'T-PROM-CLASS': promotedClass,
  'T-PROM-APPROVE': promotion,
  'T-PROM-STEPS': promotionStep,
  'T-JOIN-IDENTITY': personWithPhone,
  'T-IMPORT-CHECK': importCheck,
  'T-MAIL-FIX': contacts,
}

/** What the person needs at hand for the task, as it is now. Masked where a full value would be a display of personal data. */
export async function taskValues(source: Source, full: boolean): Promise<TaskValue[]> {
  const values = await (looks[source.task.kind] ?? person)(source)
  return values.flatMap((value) => (value === undefined ? [] : [full || !value.hidden ? value : { ...value, value: masked(value) }]))
}

function masked({ name, value }: TaskValue): string {
  if (/phone$/i.test(name)) return maskPhone(value.replace(/[^\d+]/g, ''))
  return /email$/i.test(name) ? maskEmail(value) : `${value.slice(0, 3)}…`
}
