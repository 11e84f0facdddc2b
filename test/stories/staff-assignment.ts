import type { SchoolAtWork } from '../support/school-at-work.ts'

/** Rights of an additional administrator: given, held, and taken away at the second attempt. */
export async function assignmentGivenAndTaken(school: SchoolAtWork): Promise<string> {
  const id = 'staffAssignment:sta_1'
  const { workflowId } = await school.start([{ id, kind: 'staffAssignment', input: { kind: 'extraAdmin', personId: 'p3' } }])
  await school.tell(id, { type: 'START', facts: { personJoined: true, orderInForce: false } })
  await school.complete('T-ADM-GRANT', { confirmed: true })
  await school.tell(id, { type: 'REMOVE', reason: 'перевод', facts: { otherAdministrators: 1 } })
  await school.tell((await school.openTask('T-ADM-REMOVE')).id, { type: 'FAIL', reason: 'noAccess', comment: 'страница не открывается' })
  await school.complete('T-STAFF-RETRY', { decision: 'retry' })
  await school.complete('T-ADM-REMOVE', { result: 'done' })
  await school.ends(workflowId)
  return workflowId
}
