import { expect, test } from 'vitest'
import { migrated, type Snapshot } from '../../machines/migration.ts'

/** A machine in its third version: the second named a state otherwise, the third knows who asked. */
const definition = {
  kind: 'staffAssignment',
  version: 3,
  migrations: {
    1: ({ value, context }: Snapshot) => ({ value: value === 'working' ? 'platformWork' : value, context }),
    2: ({ value, context }: Snapshot) => ({ value, context: { ...context, askedBy: null } }),
  },
} as const
const kept = (version: number, value: string, context: Record<string, unknown> = { personId: 'p3' }) => ({ id: 'staffAssignment:sta_1', version, value, context })

test('a snapshot of any older version becomes one of the present, one version after the other', () => {
  expect(migrated(definition, kept(1, 'working'))).toEqual(kept(3, 'platformWork', { personId: 'p3', askedBy: null }))
  expect(migrated(definition, kept(2, 'working'))).toEqual(kept(3, 'working', { personId: 'p3', askedBy: null }))
})

test('a snapshot of the present version is left as it is', () => {
  expect(migrated(definition, kept(3, 'working'))).toEqual(kept(3, 'working'))
})

test.each([0, 4])('a snapshot of version %i, from which nothing leads here, is an error: a newer build has been taken back, or a migration was forgotten', (version) => {
  expect(() => migrated(definition, kept(version, 'working'))).toThrow(`no migration of staffAssignment from version ${version}, the present one is 3`)
})
