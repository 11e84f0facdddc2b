import { createHash } from 'node:crypto'

/** What is stored of a key or of an invitation's token: SHA-256, hex. Both are random, so no salt and no slow hash is needed. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')
