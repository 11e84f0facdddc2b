import { Type, type TSchema } from 'typebox'

/** The members are all there are. */
export const closed = { additionalProperties: false } as const

/** No control characters: nothing we named has one, and PostgreSQL takes no NUL. */
const visible = '^\\P{Cc}*$'

export const Id = Type.String({ minLength: 1, maxLength: 64, pattern: visible })
/** Id of a process or a task: it names what it belongs to, so it is longer. */
export const InstanceId = Type.String({ minLength: 1, maxLength: 250, pattern: visible })
/** An identifier of the domain that a list is filtered by: a kind, a state, a code. */
export const Name = Type.String({ maxLength: 60, pattern: visible })
export const Reason = Type.String({ minLength: 1, maxLength: 1000 })
export const Instant = Type.String({ format: 'date-time' })
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const OneOf = <const T extends string>(values: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: [...values] })

/** A page of a list. */
export const PageOf = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) })

/** One problem of one field, in words. */
export const Problem = Type.Object({ code: Type.String(), path: Type.String(), message: Type.String(), hint: Type.Optional(Type.String()) })

export const IdParams = Type.Object({ id: InstanceId })

/** Key of an academic year. */
export const AcademicYear = Type.String({ pattern: '^\\d{4}-\\d{4}$', description: 'Учебный год: 2026-2027' })
