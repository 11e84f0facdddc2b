import { randomBytes } from 'node:crypto'

/** A new access key: `sf_` and 256 random bits. It is shown once; PostgreSQL keeps its hash. */
export const newApiKey = (): string => `sf_${randomBytes(32).toString('base64url')}`
