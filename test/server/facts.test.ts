import { expect, test } from 'vitest'
import { catalogue } from '../../machines/catalogue.ts'
import { taskCatalogue } from '../../machines/task-catalogue.ts'
import { factsTable } from '../../server/facts/index.ts'
import { eventsMeantBy } from '../../server/task-rights.ts'

test('every event of a person that asks for facts has a look-up, and no look-up is idle', () => {
  // Nothing starts a movement yet.
  const unstarted = ['studentMovement', 'staffMovement'].filter((kind) => !(kind in factsTable))
  const wanted = Object.values(catalogue).flatMap(({ kind, events }) =>
    Object.entries(events).filter(([type, spec]) => kind !== 'humanTask' && !unstarted.includes(kind) && spec.facts && spec.from.includes('person') && type).map(([type]) => `${kind}.${type}`),
  )
  const known = Object.entries(factsTable).flatMap(([kind, events]) => Object.keys(events).map((type) => `${kind}.${type}`))
  expect(known.sort()).toEqual(wanted.sort())
})

test('every outcome of a task is an event that some machine takes from people', () => {
  const taken = new Set(Object.values(catalogue).flatMap(({ events }) => Object.entries(events).filter(([, spec]) => spec.from.includes('person')).map(([type]) => type)))
  for (const kind of Object.keys(taskCatalogue)) {
    expect(eventsMeantBy(kind).size, kind).toBeGreaterThan(0)
    expect([...eventsMeantBy(kind)].filter((type) => !taken.has(type)), kind).toEqual([])
  }
  expect([...eventsMeantBy('T-JOIN-REVIEW')].sort()).toEqual(['JOIN_ACCEPTED', 'JOIN_DOUBTFUL', 'JOIN_REJECTED', 'ROLE_WRONG'])
})
