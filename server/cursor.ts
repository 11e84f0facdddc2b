import { Type } from 'typebox'
import { isLocalDate } from '../school/calendar/local-date.ts'
import { Refusal } from './failures.ts'

/** How many rows a page has. */
export const PageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Сколько записей на странице' }),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'next из предыдущей страницы' })),
}

/** Where the next page continues: opaque to clients. */
export const encodeCursor = (place: readonly (string | number)[]): string => Buffer.from(JSON.stringify(place)).toString('base64url')

const isText = (part: unknown): part is string => typeof part === 'string' && /^\P{Cc}*$/u.test(part)

/** An instant as PostgreSQL or JavaScript writes it; `infinity` stands for none. */
const instant = /^(infinity|\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-5])(:[0-5]\d)?))$/

/** What a part of a place may be: PostgreSQL reads it as this type. */
const parts = {
  text: isText,
  number: Number.isSafeInteger,
  date: (part: unknown) => isText(part) && isLocalDate(part),
  instant: (part: unknown) => isText(part) && instant.test(part) && (part === 'infinity' || isLocalDate(part.slice(0, 10))),
} as const

/** The place a cursor names, or undefined for the first page. Throws a refusal for what is no cursor of this list. */
export function decodeCursor<const P extends readonly (keyof typeof parts)[]>(cursor: string | undefined, shape: P): { readonly [K in keyof P]: P[K] extends 'number' ? number : string } | undefined {
  if (cursor === undefined) return undefined
  const place = parse(Buffer.from(cursor, 'base64url').toString())
  const fits = Array.isArray(place) && place.length === shape.length && shape.every((kind, index) => parts[kind](place[index]))
  if (!fits) throw new Refusal('invalidRequest', { problems: [{ code: 'fieldShape', path: 'cursor' }] })
  return place as never
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A page: `next` is there while more follows. `rows` holds one row more than the page when it does. */
export function pageOf<Row, View>(rows: readonly Row[], limit: number, view: (row: Row) => View, placeOf: (row: Row) => readonly (string | number)[]) {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(view), ...(rows.length > limit && last ? { next: encodeCursor(placeOf(last)) } : {}) }
}
