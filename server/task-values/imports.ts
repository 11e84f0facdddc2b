import { findImport } from '../../db/imports.ts'
import { importActions } from '../../machines/roster-import.ts'
import { confirmationLabel, importActionLabel } from '../../school/texts/import-labels.ts'
import { shown, text, type Look } from './value.ts'

/** What an import would change, what is to be confirmed, and the version that says so. */
export const importCheck: Look = async ({ tx, task: { values } }) => {
  const id = text(values.import)
  const found = id === undefined ? undefined : await findImport(tx, id)
  if (!found) return []
  return [
    shown('file', 'Файл', found.fileName),
    ...importActions.map((action) => shown(action, importActionLabel(action), found.counts?.[action] ? String(found.counts[action]) : undefined)),
    ...found.confirmations.map(({ code, count }) => shown(code, confirmationLabel(code), String(count))),
    shown('version', 'Версия, которую вы проверили', found.version),
  ]
}
