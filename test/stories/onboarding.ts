import type { IncomingEvent } from '../../workflows/messages.ts'
import { linkCreated } from '../support/sample-links.ts'
import type { SchoolAtWork } from '../support/school-at-work.ts'

const recipient = { kind: 'recipient' } as const

/** A list of teachers on one link, as the server starts it. Instances: `onboarding:mem_{person}`; verification is waived for `waived`. */
export function onboardingList(link: string, people: readonly string[], { waived = [], email = true }: { waived?: readonly string[]; email?: boolean } = {}) {
  const fresh = { id: link, number: `ПР-2026-${link}`, fresh: true, scope: 'group', closedList: true }
  return {
    start: people.map((personId) => ({
      id: `onboarding:mem_${personId}`,
      kind: 'teacherOnboarding',
      input: { onboardingId: `onboarding:mem_${personId}`, membershipId: `mem_${personId}`, personId, verification: !waived.includes(personId) },
    })),
    events: people.map(
      (personId): IncomingEvent => ({
        id: `begin:${link}:${personId}`,
        to: `onboarding:mem_${personId}`,
        event: { type: 'START', by: 'p2', facts: { staffRoomExists: true, liveInvitation: false, invitationId: `inv_${link}_${personId}`, email, link: fresh } },
        actor: { kind: 'person', personId: 'p2' },
      }),
    ),
  }
}

/** Three teachers on one list: one is verified, one needs no verification, one is turned away, comes back and declines. */
export async function onboardingListToActive(school: SchoolAtWork, link: string): Promise<string> {
  const [verified, waived, gone] = ['p3', 'p4', 'p5'].map((person) => ({ onboarding: `onboarding:mem_${person}`, invitation: `invitation:inv_${link}_${person}` })) as [Names, Names, Names]
  const { start, events } = onboardingList(link, ['p3', 'p4', 'p5'], { waived: ['p4'] })
  const { workflowId } = await school.start(start, events)
  await school.complete('T-LINK-CREATE', linkCreated(), { owner: `inviteLink:${link}` })
  for (const { onboarding } of [verified, waived, gone]) await school.becomes(onboarding, 'invited')
  for (const { invitation } of [verified, waived, gone]) await school.comesTo(invitation, 'LETTER_ACCEPTED')

  await school.tell(verified.invitation, { type: 'REQUEST_SENT' }, recipient)
  await school.complete('T-JOIN-REVIEW', { decision: 'accept' }, { owner: verified.onboarding })
  await school.comesTo(verified.onboarding, 'LETTER_ACCEPTED')
  await school.complete('T-VERIFY-SELF', { result: 'problem', comment: 'нет письма' }, { by: 'p3', owner: verified.onboarding })
  await school.complete('T-VERIFY-RETRY', { confirmed: true }, { owner: verified.onboarding })
  await school.comesTo(verified.onboarding, 'LETTER_ACCEPTED', 2)
  await school.complete('T-VERIFY-SELF', { result: 'done' }, { by: 'p3', owner: verified.onboarding })
  await school.complete('T-VERIFY-FINISH', { result: 'done' }, { owner: verified.onboarding })

  await school.tell(gone.onboarding, { type: 'JOIN_REQUEST_SEEN' })
  await school.complete('T-JOIN-REVIEW', { decision: 'doubt' }, { owner: gone.onboarding })
  await school.complete('T-JOIN-IDENTITY', { confirmed: false }, { owner: gone.onboarding })
  await school.tell(gone.invitation, { type: 'DECLINE' }, recipient)
  await school.tell(waived.invitation, { type: 'JOINED' })
  await school.complete('T-LINK-REVOKE', { revokedOn: '2026-12-01', method: 'revoked' }, { owner: `inviteLink:${link}` })
  for (const id of [gone.onboarding, `inviteLink:${link}`]) await school.hurry(id, 'TIMER_RETENTION')
  await school.ends(workflowId)
  return workflowId
}

interface Names {
  onboarding: string
  invitation: string
}
