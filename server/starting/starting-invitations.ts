import type { Queryable } from '../../db/connection.ts'
import { findLiveInvitations } from '../../db/link-queries.ts'
import { readStarting } from '../../db/start-queries.ts'
import type { JoiningPerson } from '../../machines/chat-joining.ts'
import type { CohortInput } from '../../workflows/messages.ts'

interface Place {
  target: string
  targetId: string
  platformRole: string
}

/**
 * Who of these people has a live invitation to a place (BR-09), with the number of its link: in the register, or in a
 * cohort that is announced and has recorded nothing yet.
 */
export async function findInvited(tx: Queryable, personIds: readonly string[], place: Place): Promise<Map<string, string>> {
  const invited = new Map((await findLiveInvitations(tx, personIds, place)).map(({ personId, number }) => [personId, number]))
  for (const { start, events } of await readStarting<CohortInput>(tx)) {
    for (const { id, kind, input } of start) {
      if (kind === 'inviteLink' && input.target === place.target && (input.targetId ?? '') === place.targetId && input.platformRole === place.platformRole) {
        for (const { to, event } of events) if (to === id && typeof event.personId === 'string') invited.set(event.personId, String(input.number))
      }
      if (kind === 'chatJoining' && place.target === 'chat' && input.spaceId === place.targetId && input.audience === place.platformRole && input.byName === true) {
        for (const { personId } of input.people as JoiningPerson[]) invited.set(personId, String(input.number))
      }
    }
  }
  return invited
}
