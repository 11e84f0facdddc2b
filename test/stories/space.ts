import { linkCreated } from '../support/sample-links.ts'
import type { SchoolAtWork } from '../support/school-at-work.ts'

/** A class and a chat of its own cohort: one is made at the second attempt, the chat changes hands, both are closed. */
export async function spacesToTheirEnd(school: SchoolAtWork): Promise<string> {
  const [chat, course] = ['spc_chat', 'spc_class'].map((id) => `space:${id}`) as [string, string]
  const { workflowId } = await school.start([
    { id: chat, kind: 'communicationSpace', input: { spaceId: 'spc_chat', kind: 'headTeachers', name: 'Руководство и педагоги', ownerId: 'p3' } },
    { id: course, kind: 'communicationSpace', input: { spaceId: 'spc_class', kind: 'headDeputies', name: 'Руководство', ownerId: 'p2' } },
  ])
  for (const id of [chat, course]) await school.tell(id, { type: 'CONFIRM_PLAN', facts: { staffRoomExists: true } })
  await school.tell((await school.openTask('T-CHAT-CREATE', chat)).id, { type: 'FAIL', reason: 'platformError', comment: 'страница не открывается' })
  await school.complete('T-CHAT-RETRY', { decision: 'retry' }, { owner: chat })
  await school.complete('T-CHAT-CREATE', { ...linkCreated(), name: 'Педсовет' }, { owner: chat, by: 'p3' })
  await school.complete('T-CHAT-CREATE', { ...linkCreated(), name: 'Руководство' }, { owner: course })
  await school.tell(chat, { type: 'HANDOVER_STARTED', personId: 'p4', facts: { newOwnerWorks: true, ownerWorks: true } })
  await school.complete('T-CHAT-ACCEPT', { confirmed: true }, { owner: chat, by: 'p4' })
  for (const id of [chat, course]) {
    await school.tell(id, { type: 'ARCHIVE', facts: { links: [] } })
    await school.complete('T-CHAT-ARCHIVE', { result: 'done' }, { owner: id })
  }
  await school.ends(workflowId)
  return workflowId
}
