import type { SpawnInstance } from '../../machines/effects.ts'
import type { InviteFacts } from '../../machines/teacher-onboarding-events.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'

type Link = InviteFacts['link']

/** A link that is made for an invitation, `inviteLink:lnk_{name}`. */
export const freshLink = (name: string, more: Partial<Link> = {}): Link => ({ id: `lnk_${name}`, fresh: true, number: `ПР-2026-${name}`, scope: 'personal', ...more })

/** What the server looks up before a person is invited by a link. The invitation: `invitation:inv_{link}_{person}`. */
export const invitedBy = (link: Link, personId: string, more: Partial<InviteFacts> = {}): InviteFacts => ({
  staffRoomExists: true,
  liveInvitation: false,
  invitationId: `inv_${link.id.replace(/^lnk_/, '')}_${personId}`,
  email: true,
  link,
  ...more,
})

/** A list of teachers with one link, closed, as the server starts it: `onboarding:mem_{person}`. */
export function teacherList(name: string, people: readonly string[], { verification = true, email = true } = {}): { start: SpawnInstance[]; events: IncomingEvent[] } {
  const link = freshLink(name, { scope: 'group', closedList: true })
  return {
    start: people.map((personId) => {
      const onboardingId = `onboarding:mem_${personId}`
      return { id: onboardingId, kind: 'teacherOnboarding', input: { onboardingId, membershipId: `mem_${personId}`, personId, verification } }
    }),
    events: people.map((personId) => ({
      id: `start:${name}:${personId}`,
      to: `onboarding:mem_${personId}`,
      event: { type: 'START', facts: invitedBy(link, personId, { email }), by: 'p2' },
      actor: { kind: 'person', personId: 'p2' },
    })),
  }
}
