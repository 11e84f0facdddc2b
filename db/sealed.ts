import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { purposeKey, type KeyPurpose, type KeyRing } from './key-ring.ts'

const algorithm = 'aes-256-gcm'
const ivLength = 12
const tagLength = 16

/** Bytes: a random 12-byte vector, the cipher text, a 16-byte tag (AES-256-GCM, NIST SP 800-38D). */
export type SealedBytes = { keyId: string; data: Uint8Array }

/** Encrypts with the active key. `context` is not stored: who opens must name the same. */
export function sealBytes(ring: KeyRing, purpose: KeyPurpose, bytes: Uint8Array, context: string): SealedBytes {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv(algorithm, purposeKey(ring, ring.activeId, purpose), iv)
  cipher.setAAD(Buffer.from(context))
  const data = Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  return { keyId: ring.activeId, data }
}

/**
 * Reverses {@link sealBytes}.
 * @throws Error when the key is not in the ring, the bytes were changed or the context is another one
 */
export function openBytes(ring: KeyRing, purpose: KeyPurpose, { keyId, data }: SealedBytes, context: string): Buffer {
  const key = purposeKey(ring, keyId, purpose)
  if (data.length < ivLength + tagLength) throw new Error('sealed data is cut short')
  const decipher = createDecipheriv(algorithm, key, data.subarray(0, ivLength), { authTagLength: tagLength })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(data.subarray(data.length - tagLength))
  return Buffer.concat([decipher.update(data.subarray(ivLength, data.length - tagLength)), decipher.final()])
}

/** Texts of fewer characters stay as they are: packing gains nothing. */
const worthPacking = 1024
/** Before the base64url of a packed text, where no letter of it can be; and in the context, so that it cannot be added or taken away. */
const packed = '~'

/**
 * Encrypts the text of a column; a long one (a letter) is packed first, for what is encrypted cannot be.
 * @param context says where the value lives (table, column, row), so that it cannot be moved to another place
 * @returns `keyId.base64url`, or `keyId.~base64url` when packed
 */
export function seal(ring: KeyRing, text: string, context: string): string {
  const mark = text.length >= worthPacking ? packed : ''
  const { keyId, data } = sealBytes(ring, 'column', mark ? deflateRawSync(text) : Buffer.from(text), `${context}${mark}`)
  return `${keyId}.${mark}${Buffer.from(data).toString('base64url')}`
}

/**
 * Reverses {@link seal}.
 * @throws Error when the key is not in the ring, the text was changed or belongs to another context
 */
export function open(ring: KeyRing, sealed: string, context: string): string {
  const dot = sealed.indexOf('.')
  const mark = sealed[dot + 1] === packed ? packed : ''
  const data = Buffer.from(sealed.slice(dot + 1 + mark.length), 'base64url')
  const bytes = openBytes(ring, 'column', { keyId: sealed.slice(0, dot), data }, `${context}${mark}`)
  return (mark ? inflateRawSync(bytes) : bytes).toString()
}
