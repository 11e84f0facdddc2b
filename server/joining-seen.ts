import type { Queryable } from '../db/connection.ts'
import { listJoinings, type JoiningRow } from '../db/joinings.ts'
import { may, type Session } from './authentication.ts'
import { Refusal } from './failures.ts'

/** A joining the person may see: those who read all, and whose chat it is. */
export async function seenJoining(tx: Queryable, session: Session, id: string): Promise<JoiningRow> {
  const [joining] = await listJoinings(tx, { ids: [id] })
  if (!joining || (!may(session, 'read') && joining.ownerId !== session.personId)) throw new Refusal('notFound')
  return joining
}

/** Whether the person hands its link out and looks after it: whose chat it is, or who may invite into any (BR-20, BR-21). */
export const looksAfter = (session: Session, { ownerId }: Pick<JoiningRow, 'ownerId'>): boolean => may(session, 'invite') || ownerId === session.personId
