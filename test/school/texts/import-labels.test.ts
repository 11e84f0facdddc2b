import { expect, test } from 'vitest'
import { foundMovementKinds } from '../../../db/import-movements.ts'
import { importPhases } from '../../../db/imports.ts'
import { importActions, importConfirmations } from '../../../machines/roster-import.ts'
import { fields, fileKinds, rowKinds } from '../../../school/roster/kinds.ts'
import { confirmationLabel, fileKindLabel, foundMovementLabel, importActionLabel, importPhaseLabel, rosterFieldLabel, rowDecisionLabel, rowKindLabel } from '../../../school/texts/import-labels.ts'

test.each<[string, readonly string[], (code: string) => string]>([
  ['file', fileKinds, fileKindLabel],
  ['row', rowKinds, rowKindLabel],
  ['action', importActions, importActionLabel],
  ['movement', [...foundMovementKinds, 'yearEnd'], foundMovementLabel],
  ['confirmation', importConfirmations, confirmationLabel],
  ['phase', importPhases, importPhaseLabel],
  ['decision', ['same', 'new', 'skip'], rowDecisionLabel],
  ['column', fields, rosterFieldLabel],
])('every kind of %s has a Russian name', (_what, codes, label) => {
  expect(codes.filter((code) => !/[а-яё]/i.test(label(code)))).toEqual([])
})

test('the name of every list serves as the name of a sheet', () => {
  expect(fileKinds.map(fileKindLabel).filter((name) => name.length > 31 || /[[\]:*?/\\]/.test(name))).toEqual([])
})
