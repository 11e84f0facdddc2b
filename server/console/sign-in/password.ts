import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const tagLength = 32

/** What is stored of a password: the PHC string, so that other costs can come later. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { message: normal(password), nonce, tagLength, ...cost })
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${nonce.toString('base64')}$${tag.toString('base64')}`
}

/** Whether it is the password. Costs as much when there is nothing to compare with. */
export async function isPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const [, , , costs = '', nonce = '', tag = ''] = (stored ?? nobodys).split('$')
  const { m, t, p } = Object.fromEntries(costs.split(',').map((part) => part.split('='))) as Record<string, string>
  const expected = Buffer.from(tag, 'base64')
  const found = await derive('argon2id', { message: normal(password), nonce: Buffer.from(nonce, 'base64'), tagLength: expected.length, memory: Number(m), passes: Number(t), parallelism: Number(p) })
  return timingSafeEqual(found, expected) && stored !== null && stored !== undefined
}

/** Keyboards write the same letters in different ways (NIST SP 800-63B, 3.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC')

/** A hash that no password has. */
const nobodys = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(tagLength).toString('base64')}`
