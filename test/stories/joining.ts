import { linkCreated } from '../support/sample-links.ts'
import { sampleSpaces } from '../support/sample-spaces.ts'
import type { SchoolAtWork } from '../support/school-at-work.ts'

/** The guardians of a class by counts: one by letter, one by hand; counted twice, the last time when the link is closed. */
export async function classJoined(school: SchoolAtWork): Promise<string> {
  const { classId, classGuardians } = await sampleSpaces(school.db, school.orgId)
  const id = 'joining:joi_1'
  const link = 'inviteLink:lnk_3'
  const people = [{ personId: 'p4', byLetter: true }, { personId: 'p5', byLetter: false }]
  const input = { joiningId: 'joi_1', spaceId: classGuardians, classId, audience: 'guardian', ownerId: 'p3', byName: false, linkId: 'lnk_3', number: 'ПР-2026-lnk_3', people }
  const { workflowId } = await school.start([{ id, kind: 'chatJoining', input }])
  await school.complete('T-LINK-CREATE', linkCreated(), { owner: link, by: 'p3' })
  await school.comesTo(id, 'LETTER_ACCEPTED')
  await school.complete('T-LINK-HANDOUT', { count: 1 }, { owner: id, by: 'p3' })
  await school.hurry(id, 'TIMER_COLLECT_DUE')
  await school.complete('T-JOIN-COUNT', { joined: 1 }, { owner: id, by: 'p3' })
  await school.tell(link, { type: 'REVOKE', reason: 'unclaimed' })
  await school.complete('T-JOIN-COUNT', { joined: 1, declined: 1 }, { owner: id, by: 'p3' })
  await school.complete('T-LINK-REVOKE', { revokedOn: '2026-12-01', method: 'revoked' }, { owner: link })
  await school.hurry(link, 'TIMER_RETENTION')
  await school.ends(workflowId)
  return workflowId
}
