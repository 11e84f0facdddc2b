import { applicationInOrder } from '../support/sample-application.ts'
import type { SchoolAtWork } from '../support/school-at-work.ts'

/** An application goes out; returns its workflow id. */
async function applied(school: SchoolAtWork, id: string, number: string) {
  const { workflowId } = await school.start([{ id, kind: 'organizationRegistration', input: { number, confirmBeforeSending: false } }])
  await school.tell(id, { type: 'SUBMIT_DATA', administratorId: 'p2', facts: applicationInOrder })
  await school.complete('T-REG-ORDER', { orderId: 'o1' }, { facts: applicationInOrder })
  await school.becomes(id, 'awaitingReply')
  return workflowId
}

/** An answer arrives by mail, and a person says what it means. */
async function answered(school: SchoolAtWork, id: string, outcome: string): Promise<void> {
  await school.tell(id, { type: 'REPLY_RECEIVED', messageId: `msg_${outcome}` }, { kind: 'mail' })
  await school.complete('T-REG-REPLY', { outcome, receivedOn: '2026-09-01', messageId: `msg_${outcome}` })
}

/** A registration from its start to «завершена», with a question in between and a task that fails first. */
export async function registrationCompleted(school: SchoolAtWork): Promise<string> {
  const id = `orgRegistration:${school.orgId}:2`
  const workflowId = await applied(school, id, 'СФ-2026-000002')
  await answered(school, id, 'clarify')
  await school.complete('T-REG-SEND', { confirmed: true, text: 'Уточняем реквизиты' })
  await school.becomes(id, 'awaitingReply')
  await answered(school, id, 'approved')
  await school.complete('T-REG-SIGNIN', { rights: true })
  const profile = await school.openTask('T-REG-PROFILE')
  await school.tell(profile.id, { type: 'CLAIM' })
  await school.tell(profile.id, { type: 'FAIL', reason: 'platformError', comment: 'страница не открывается' })
  await school.complete('T-REG-PROFILE', { nameFilled: true, addressFilled: true, contactsFilled: true })
  await school.complete('T-REG-STAFFROOM', { createdOn: '2026-09-01' })
  await school.ends(workflowId)
  return workflowId
}

/** An application nobody answers: the whole ladder, and the end by a person's decision. */
export async function registrationUnanswered(school: SchoolAtWork): Promise<string> {
  const id = `orgRegistration:${school.orgId}`
  const workflowId = await applied(school, id, 'СФ-2026-000001')
  await school.hurry(id, 'TIMER_FOLLOW_UP_1')
  await school.complete('T-REG-CHECK', { found: false })
  await school.hurry(id, 'TIMER_FOLLOW_UP_2')
  await school.comesTo(id, 'LETTER_ACCEPTED')
  await school.hurry(id, 'TIMER_ESCALATE')
  await school.hurry((await school.openTask('T-REG-ESCALATE')).id, 'TIMER_DUE')
  await school.complete('T-REG-ESCALATE', { decision: 'cancel', reason: 'ответа нет' })
  await school.ends(workflowId)
  return workflowId
}
