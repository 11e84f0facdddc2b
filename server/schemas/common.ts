import { Type, type TSchema } from 'typebox'

/** The members are all there are. */
export const closed = { additionalProperties: false } as const

export const Id = Type.String({ minLength: 1, maxLength: 64 })
/** Id of a process or a task: it names what it belongs to, so it is longer. */
export const InstanceId = Type.String({ minLength: 1, maxLength: 250 })
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
