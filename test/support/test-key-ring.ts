import { parseKeyRing } from '../../db/key-ring.ts'

/** A ring with one key, worth nothing: thirty-two zero bytes. As the environment has it. */
export const testKeys = `test:${Buffer.alloc(32).toString('base64')}`

/** The same ring, for what runs in the test's own process. */
export const testKeyRing = parseKeyRing(testKeys)
