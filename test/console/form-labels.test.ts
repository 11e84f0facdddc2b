import { expect, test } from 'vitest'
import { catalogue } from '../../machines/catalogue.ts'
import { taskCatalogue } from '../../machines/task-catalogue.ts'
import { choiceLabel, fieldLabel } from '../../school/texts/console/form-labels.ts'
import { bodyOf } from '../../server/allowed-events.ts'

interface Member {
  enum?: string[]
  items?: Member
  properties?: Record<string, Member>
}

/** Fields and choices of a schema that have no word. */
const wordless = (context: string, { properties = {} }: Member): string[] =>
  Object.entries(properties).flatMap(([name, member]) => [
    ...(fieldLabel(context, name) ? [] : [`${context}.${name}`]),
    ...(member.enum ?? member.items?.enum ?? []).filter((choice) => !choiceLabel(context, name, choice)).map((choice) => `${context}.${name}.${choice}`),
  ])

test('every field of every task’s evidence, and every choice, has its word', () => {
  expect(Object.entries(taskCatalogue).flatMap(([kind, { evidence }]) => wordless(kind, evidence as Member))).toEqual([])
})

test('every field of every event a person may send, and every choice, has its word', () => {
  const events = Object.values(catalogue).flatMap(({ kind, events }) => Object.values(events).flatMap((spec) => (spec.from.includes('person') ? wordless(kind, bodyOf(spec) as Member) : [])))
  expect(events).toEqual([])
})
