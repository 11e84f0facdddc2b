import { createHash, randomBytes } from 'node:crypto'

/** A new access key: `sf_` and 256 random bits. It is shown once; PostgreSQL keeps its hash. */
export const newApiKey = (): string => `sf_${randomBytes(32).toString('base64url')}`

/** What is stored of a key or of an invitation's token: SHA-256, hex. Both are random, so no salt and no slow hash is needed. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')
