import { linkCreated, staffLink } from '../support/sample-links.ts'
import type { SchoolAtWork } from '../support/school-at-work.ts'

const recipient = { kind: 'recipient' } as const

/** A link that is there on the platform, its letters out and told of. */
export async function liveLink(school: SchoolAtWork, link: string, people: readonly string[], more: Parameters<typeof staffLink>[2] = {}) {
  const { start, events } = staffLink(link, people, more)
  const { workflowId } = await school.start(start, events)
  const id = `inviteLink:${link}`
  await school.complete('T-LINK-CREATE', linkCreated(), { owner: id })
  const invitations = people.map((person) => `invitation:inv_${link}_${person}`)
  for (const invitation of invitations) await school.comesTo(invitation, 'LETTER_ACCEPTED')
  return { workflowId, id, invitations }
}

/**
 * A link of five people: one joins, one declines, one is invited otherwise, one is late, one never comes. The term
 * passes, the link is annulled, and at the end of the retention the cohort ends.
 */
export async function linkToItsEnd(school: SchoolAtWork, link: string): Promise<string> {
  const term = { expiresAt: new Date(Date.now() + 8_000).toISOString() }
  const { workflowId, id, invitations } = await liveLink(school, link, ['p3', 'p4', 'p5', 'p6', 'p7'], term)
  const [joins, declines, leaves, late, never] = invitations as [string, string, string, string, string]

  await school.tell(joins, { type: 'OPENED' }, recipient)
  await school.tell(joins, { type: 'JOINED' })
  await school.tell(declines, { type: 'DECLINE', reason: 'не хочу' }, recipient)
  await school.tell(leaves, { type: 'SUPERSEDE', reason: 'новая ссылка' })
  await school.becomes(id, 'closing')

  await school.tell(late, { type: 'JOINED', joinedOn: '2026-12-01' })
  await school.complete('T-LINK-LATE', { decision: 'keep' }, { owner: late })
  await school.tell(never, { type: 'NEW_LINK_REQUESTED' }, recipient)
  await school.complete('T-LINK-AGAIN', { decision: 'refused' }, { owner: never })
  await school.hurry(id, 'TIMER_REVOKE_DUE')
  await school.complete('T-LINK-REVOKE', { revokedOn: '2026-12-01', method: 'revoked' }, { owner: id })
  for (const instance of [leaves, never, id]) await school.hurry(instance, 'TIMER_RETENTION')
  await school.ends(workflowId)
  return workflowId
}
