import { randomBytes } from 'node:crypto'
import type { Queryable } from './connection.ts'
import { secretHash } from './secret-hash.ts'

/** 192 bits: guessing is hopeless (ASVS 11.5.1). */
const tokenBytes = 24

/** A new personal link for each of these invitations, in their order. Only hashes are kept: a token is with whom it is given to. */
export async function issueInvitationTokens(tx: Queryable, orgId: string, invitationIds: readonly string[]): Promise<string[]> {
  const tokens = invitationIds.map(() => randomBytes(tokenBytes).toString('base64url'))
  await tx.query(`insert into invitation_tokens (hash, org_id, invitation_id) select hash, $1, id from unnest($2::text[], $3::text[]) as given (hash, id)`, [orgId, tokens.map(secretHash), invitationIds])
  return tokens
}
