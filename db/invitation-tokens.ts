import { createHash, randomBytes } from 'node:crypto'
import type { Queryable } from './connection.ts'

/** 192 bits: guessing is hopeless (ASVS 11.5.1). */
const tokenBytes = 24

/** A new personal link of an invitation. Only its hash is kept: the token itself is with whom it is given to. */
export async function issueInvitationToken(tx: Queryable, orgId: string, invitationId: string): Promise<string> {
  const token = randomBytes(tokenBytes).toString('base64url')
  await tx.query(`insert into invitation_tokens (hash, org_id, invitation_id) values ($1, $2, $3)`, [createHash('sha256').update(token).digest('hex'), orgId, invitationId])
  return token
}
