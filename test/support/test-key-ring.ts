import { parseKeyRing } from '../../db/key-ring.ts'

/** A fixed ring with one key, worth nothing: thirty-two zero bytes. */
export const testKeyRing = parseKeyRing(`test:${Buffer.alloc(32).toString('base64')}`)
