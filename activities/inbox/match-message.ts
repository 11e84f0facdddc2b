import type { Queryable } from '../../db/connection.ts'
import { findLettersByMessageId, findProcessesByNumber } from '../../db/inbound-matching.ts'
import { tellsOwner } from '../../machines/letter-catalogue.ts'
import type { IncomingMessage } from './parse-message.ts'

/** Whose a message is. `tells`: the process hears of it. */
export interface Match {
  orgId: string | null
  processId: string | null
  letterId: string | null
  tells: boolean
}

/**
 * Finds the process a message belongs to (domain.md 6.2): by the letter it answers or brings back, then by the number
 * in its subject, else nobody's until a person files it. `orgId`: the school whose mailbox it came from; then nothing of
 * another school is looked at. Runs asService.
 *
 * Only answers to letters that went to the platform are told: what a head or a teacher writes back is for people to
 * read. A bounce is told by the letter alone, and not of one that only informs; a number in a subject can be written
 * by anybody.
 */
export async function matchMessage(tx: Queryable, message: IncomingMessage, orgId: string | null): Promise<Match> {
  const ids = message.kind === 'bounce' ? [...message.returned, ...message.answers] : message.answers
  const letter = (await findLettersByMessageId(tx, ids, orgId))[0]
  if (letter) {
    const tells = message.kind === 'bounce' ? tellsOwner(letter.code) : letter.outside
    return { orgId: letter.orgId, processId: letter.processId, letterId: letter.id, tells }
  }
  const number = /\[([А-ЯЁ]{2}-\d{4}-\d{6})\]/u.exec(message.subject)?.[1]
  if (number) {
    const inn = /ИНН\s+(\d{10})(?!\d)/u.exec(message.subject)?.[1] ?? null
    const found = await findProcessesByNumber(tx, number, { orgId, inn })
    if (found.length === 1) return { orgId: found[0]!.orgId, processId: found[0]!.id, letterId: null, tells: message.kind !== 'bounce' }
  }
  return { orgId, processId: null, letterId: null, tells: false }
}
