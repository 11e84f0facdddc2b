import { upsertJoinings } from '../../db/joining-projection.ts'
import type { ChatJoiningContext } from '../../machines/chat-joining.ts'
import { contextOf, type Projection } from './projection.ts'

/** Pupils and guardians of a class joining a chat: how far, how many, and whom the link is for. */
export const projectJoinings: Projection = (tx, { orgId, at }, instances) =>
  upsertJoinings(
    tx,
    orgId,
    at,
    instances.map((instance) => {
      const { joiningId, spaceId, classId, audience, ownerId, linkId, byName, handedOut, joined, declined, people } = contextOf<ChatJoiningContext>(instance)
      return { id: joiningId, processId: instance.id, spaceId, classId, audience, ownerId, linkId, byName, handedOut, joined, declined, state: instance.state, personIds: people.map(({ personId }) => personId) }
    }),
  )
