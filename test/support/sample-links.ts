import { seal } from '../../db/sealed.ts'
import type { SpawnInstance } from '../../machines/effects.ts'
import type { Instant } from '../../machines/rule.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'
import { testKeyRing } from './test-key-ring.ts'

/** What a person brings back from the platform with a new link. The address is sealed, as the server does it. */
export const linkCreated = () => ({ url: seal(testKeyRing, 'https://max.ru/join/EXAMPLE-ONLY', 'linkUrl') })

/** A staff link and the first event of each of its people, as the server starts them. Invitations: `invitation:inv_{link}_{person}`. */
export function staffLink(link: string, people: readonly string[], more: { closedList?: boolean; expiresAt?: Instant } = {}): { start: SpawnInstance[]; events: IncomingEvent[] } {
  const id = `inviteLink:${link}`
  return {
    start: [{ id, kind: 'inviteLink', input: { linkId: link, number: `ПР-2026-${link}`, target: 'staffRoom', platformRole: 'teacher', scope: 'group', ...more } }],
    events: people.map((personId) => personAdded(link, personId)),
  }
}

/** The administrator adds a person, with the facts the server looks up. */
export function personAdded(link: string, personId: string, { email = true, liveInvitation = false } = {}): IncomingEvent {
  const facts = { invitationId: `inv_${link}_${personId}`, email, liveInvitation, staffRoomExists: true }
  return { id: `add:${link}:${personId}`, to: `inviteLink:${link}`, event: { type: 'PERSON_ADDED', personId, facts, by: 'p2' }, actor: { kind: 'person', personId: 'p2' } }
}
