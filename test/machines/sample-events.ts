import type { TSchema } from 'typebox'
import type { AnyEvent } from '../../machines/effects.ts'
import type { EventSpec } from '../../machines/process.ts'

/** The instant of every sample event, and moments around it. */
export const now = '2026-09-08T06:00:00.000Z'
export const hoursLater = (hours: number): string => new Date(Date.parse(now) + hours * 60 * 60 * 1000).toISOString()
const moments = [hoursLater(-24), hoursLater(20 * 24), hoursLater(100 * 24)]

interface Shape {
  type?: string
  const?: unknown
  enum?: unknown[]
  format?: string
  items?: Shape
  properties?: Record<string, Shape>
  required?: string[]
}

/** Plain strings a guard compares with a word. */
const wordsOf: Record<string, string[]> = { kind: ['main', 'staff', 'students'] }

/** Values that a schema allows, enough to take every branch a guard can make of them. */
export function samplesOf(schema: TSchema | Shape, name = ''): unknown[] {
  const shape = schema as Shape
  if ('const' in shape) return [shape.const]
  if (shape.enum) return shape.enum
  if (shape.type === 'boolean') return [true, false]
  if (shape.type === 'integer') return [0, 1]
  if (shape.format === 'date-time') return moments
  if (shape.format === 'date') return ['2026-09-08']
  if (shape.type === 'string') return wordsOf[name] ?? ['x1']
  if (shape.type === 'array') return [[], ...samplesOf(shape.items ?? {}).map((item) => [item])]
  if (shape.properties) return name ? variantsOf(shape) : objectsOf(shape)
  return [{}]
}

/** Required fields in all combinations, optional ones added one at a time: every guard has its yes and its no. */
function objectsOf({ properties = {}, required = [] }: Shape): Record<string, unknown>[] {
  let objects: Record<string, unknown>[] = [{}]
  for (const name of required) objects = objects.flatMap((object) => samplesOf(properties[name]!, name).map((value) => ({ ...object, [name]: value })))
  const optional = Object.entries(properties).filter(([name]) => !required.includes(name))
  return [...objects, ...optional.flatMap(([name, shape]) => objects.flatMap((object) => samplesOf(shape, name).map((value) => ({ ...object, [name]: value }))))]
}

/** An object inside an object: one field varied at a time. */
function variantsOf({ properties = {}, required = [] }: Shape): Record<string, unknown>[] {
  const first = Object.fromEntries(required.map((name) => [name, samplesOf(properties[name]!, name)[0]]))
  return [first, ...Object.entries(properties).flatMap(([name, shape]) => samplesOf(shape, name).slice(name in first ? 1 : 0).map((value) => ({ ...first, [name]: value })))]
}

/** Events whose guards ask how much time has passed. */
const timed = ['RESEND', 'EXTEND']

/** Sample events of one type: from a person with `by`, from the service without, at two moments where time matters. */
export function eventsOf(type: string, { from, body, facts }: EventSpec): AnyEvent[] {
  const bodies = body ? (samplesOf(body) as object[]) : [{}]
  const withFacts = facts ? bodies.flatMap((fields) => samplesOf(facts).map((found) => ({ ...fields, facts: found }))) : bodies
  const senders = [...(from.includes('person') ? [{ by: 'p1' }] : []), ...(from.some((source) => source !== 'person') ? [{}] : [])]
  return withFacts.flatMap((fields) => senders.flatMap((sender) => (timed.includes(type) ? [now, hoursLater(2)] : [now]).map((at) => ({ type, ...fields, ...sender, now: at }))))
}
