import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** What a key is used for; each purpose works with a key derived for it alone. */
export type KeyPurpose = 'payload' | 'column'

/** Named keys. New data is sealed with the active one; data of the others can still be opened. */
export type KeyRing = {
  readonly activeId: string
  /** 32 bytes each. */
  readonly keys: ReadonlyMap<string, Buffer>
}

/**
 * Reads `id:base64,id:base64,…`; the first key is the active one. To rotate, put a new key in front; an old one may
 * go when nothing sealed with it is left.
 * @throws Error that names the wrong entry by its position, never by its content
 */
export function parseKeyRing(text: string): KeyRing {
  const keys = new Map<string, Buffer>()
  for (const [index, entry] of text.split(',').entries()) {
    const [, id, base64] = /^\s*([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)\s*$/.exec(entry) ?? []
    if (!id || !base64) throw new Error(`key ${index + 1}: expected id:key, the key 32 bytes in base64`)
    if (keys.has(id)) throw new Error(`key ${index + 1}: the id is used twice`)
    keys.set(id, Buffer.from(base64, 'base64'))
  }
  return { activeId: [...keys.keys()][0] as string, keys }
}

/**
 * The key of one purpose. Derived (HKDF, RFC 5869), so that a value sealed for one purpose can never be opened as
 * another.
 * @throws Error when the ring has no key of this id
 */
export function purposeKey(ring: KeyRing, id: string, purpose: KeyPurpose): KeyObject {
  const key = ring.keys.get(id)
  if (!key) throw new Error(`no key «${id}» in PAYLOAD_KEYS: it was removed while data sealed with it still exists`)
  let found = derived.get(key)
  if (!found) derived.set(key, (found = {}))
  return (found[purpose] ??= createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `sferum-flow ${purpose}`, 32))))
}

/** Deriving a key takes as long as sealing a letter with it. */
const derived = new WeakMap<Buffer, Partial<Record<KeyPurpose, KeyObject>>>()
