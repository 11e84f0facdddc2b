import type { Queryable } from '../../db/connection.ts'
import { findAddress, findHolder } from '../../db/letter-subjects.ts'
import type { Recipient } from '../../machines/effects.ts'
import { checkEmail } from '../../school/validation/email.ts'
import { Undraftable } from './draft.ts'
import { platformAddress } from './mail-deps.ts'

/**
 * The one address a letter goes to, found at the moment of writing.
 * @throws Undraftable `noAddress`, `badAddress`
 */
export async function addressOf(tx: Queryable, recipient: Recipient): Promise<string> {
  if ('platform' in recipient) return platformAddress
  const found = 'person' in recipient ? await findAddress(tx, recipient.person) : ((await findHolder(tx, recipient.role))?.email ?? null)
  if (!found) throw new Undraftable('noAddress')
  // Checked when it was entered; checked again here because everything after this trusts it to be a single address.
  const checked = checkEmail(found)
  if (!checked.ok) throw new Undraftable('badAddress')
  return checked.value
}
