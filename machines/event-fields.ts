import { Type, type Static } from 'typebox'

/** Schemas that bodies and facts of events are put together from. */

/** Identifier of a row or an instance; never a name or an address. */
export const id = Type.String({ minLength: 1, maxLength: 64 })
export const date = Type.String({ format: 'date' })
export const dateTime = Type.String({ format: 'date-time' })
/** A reason or comment in a person's words. */
export const words = Type.String({ minLength: 1, maxLength: 1000 })
export const closed = { additionalProperties: false } as const

/** Which step of which instance waits for this to be done: it is told when it is. */
export const askedBy = Type.Object({ to: Type.String({ minLength: 1, maxLength: 250 }), step: Type.String({ minLength: 1, maxLength: 250 }) }, closed)
export type AskedBy = Static<typeof askedBy>

/** One of a list of identifiers, as the JSON schema `enum` that forms and the API page can show. */
export const oneOf = <const T extends string>(values: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: [...values] })

/** Outcomes of letters that come back to the instance that queued them (domain.md 6.2). */
export const letterOutcomes = {
  LETTER_ACCEPTED: { from: ['mail'], body: Type.Object({ letterId: id }, closed) },
  LETTER_FAILED: { from: ['mail'], body: Type.Object({ letterId: id }, closed) },
  LETTER_UNKNOWN: { from: ['mail'], body: Type.Object({ letterId: id }, closed) },
  LETTER_BOUNCED: { from: ['mail'], body: Type.Object({ letterId: id }, closed) },
} as const
