import type { TSchema } from 'typebox'
import { choiceLabel, fieldLabel, formTexts } from '../../../school/texts/console/form-labels.ts'

export interface Option {
  value: string
  label: string
}

/** A field of a form as a person sees it, read off the schema of an event or of evidence. */
export interface FormField {
  name: string
  label: string
  required: boolean
  kind: 'choice' | 'yesNo' | 'confirm' | 'date' | 'moment' | 'number' | 'line' | 'text' | 'many' | 'steps' | 'hidden'
  options: readonly Option[]
  maxLength?: number
  /** What stands in it at first. */
  value?: string
}

/** Choices that the schema does not name: people, orders, those who were invited; and what the page knows already. */
export interface Given {
  options?: Readonly<Record<string, readonly Option[]>>
  values?: Readonly<Record<string, string>>
}

type Member = TSchema & { type?: string; format?: string; enum?: string[]; const?: unknown; maxLength?: number; items?: Member }
export type Schema = { properties?: Record<string, Member>; required?: readonly string[] }

/** Ids of messages and letters: who means one does so by the task that shows it. */
const notAsked = new Set(['messageId', 'letterId'])
/** Beyond this a text is one of several lines. */
const longestLine = 200

/**
 * The fields of a schema in their order; `context` is the task's or process's kind, under which words of its own are
 * found. A member that nobody could fill in here (a list of ids without its choices) is left out.
 */
export function formFields(context: string, { properties = {}, required = [] }: Schema, { options = {}, values = {} }: Given = {}): FormField[] {
  return Object.entries(properties).flatMap(([name, member]) => {
    if (notAsked.has(name)) return []
    const shape = shapeOf(context, name, member, options[name], name in values)
    return shape ? [{ name, label: fieldLabel(context, name) ?? name, required: required.includes(name), options: [], ...(values[name] !== undefined && { value: values[name] }), ...shape }] : []
  })
}

function shapeOf(context: string, name: string, member: Member, given: readonly Option[] | undefined, known: boolean): Pick<FormField, 'kind'> & Partial<FormField> | undefined {
  const choices = (values: readonly string[]) => values.map((value) => ({ value, label: choiceLabel(context, name, value) ?? value }))
  // What came of each of several steps.
  if (given && member.items?.type === 'object') return { kind: 'steps', options: given }
  if (given) return { kind: member.type === 'array' ? 'many' : 'choice', options: given }
  if (member.const === true) return { kind: 'confirm' }
  if (member.enum) return { kind: 'choice', options: choices(member.enum) }
  switch (member.type ?? '') {
    case 'boolean':
      return { kind: 'yesNo', options: [{ value: 'true', label: formTexts.yes }, { value: 'false', label: formTexts.no }] }
    case 'integer':
      return { kind: 'number' }
    case 'array':
      return member.items?.enum ? { kind: 'many', options: choices(member.items.enum) } : undefined
    case 'string': {
      if (member.format === 'date') return { kind: 'date' }
      if (member.format === 'date-time') return { kind: 'moment' }
      if (name === 'version' || (known && name === 'key')) return known ? { kind: 'hidden' } : undefined
      if (/Id$|^to$|^step$|^key$/.test(name)) return undefined
      const maxLength = member.maxLength ?? 4000
      return { kind: maxLength > longestLine && name !== 'url' ? 'text' : 'line', maxLength }
    }
    default:
      return undefined
  }
}

/** Whether one answer can be right for many at once: nothing in it names a single thing. */
export const isCommon = (schema: Schema): boolean => (schema.required ?? []).every((name) => {
  const { type, format, enum: values, const: only } = (schema.properties?.[name] ?? {}) as Member
  return only === true || values !== undefined || type === 'boolean' || format === 'date'
})

/** The name of the control for one step of several. */
export const stepField = (name: string, step: string, part: 'result' | 'reason' = 'result'): string => `${name}:${part}:${step}`
