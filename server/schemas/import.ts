import { Type, type Static } from 'typebox'
import type { ImportRow } from '../../db/imports.ts'
import { importActions, type ImportAction } from '../../machines/roster-import.ts'
import { fields, fileKinds, type Field } from '../../school/roster/kinds.ts'
import { confirmationLabel, fileKindLabel, importPhaseLabel, rosterFieldLabel } from '../../school/texts/import-labels.ts'
import { stateLabel } from '../../school/texts/labels.ts'
import type { Language } from '../../school/texts/validation.ts'
import { wordedProblem } from '../problem-json.ts'
import { Id, InstanceId, Nullable, OneOf, Problem } from './common.ts'

const Column = Type.Object({ field: OneOf(fields), fieldTitle: Type.String(), title: Type.String({ description: 'Название столбца в файле' }) })

/** How a file was read, so that a person sees what was taken for what. */
const Found = Type.Object({
  tables: Type.Array(Type.Object({ source: Type.String(), line: Type.Integer(), columns: Type.Array(Column), ignored: Type.Array(Type.String()) })),
  skipped: Type.Array(Type.String({ description: 'Листы без такой таблицы' })),
  text: Nullable(Type.Object({ encoding: Type.String(), delimiter: Type.String() })),
  oneRoster: Nullable(Type.Object({ version: Type.String() })),
})

export const Import = Type.Object({
  id: Id,
  processId: InstanceId,
  fileName: Type.String(),
  fileSize: Type.Integer(),
  openedBy: Type.Object({ id: Id, name: Type.String() }),
  openedAt: Type.String(),
  state: Type.String(),
  stateTitle: Type.String(),
  kind: Nullable(OneOf(fileKinds)),
  kindTitle: Nullable(Type.String()),
  academicYear: Nullable(Type.String()),
  complete: Nullable(Type.Boolean({ description: 'Список полный: кого в нём нет, тот выбыл' })),
  failure: Nullable(Problem),
  progress: Nullable(Type.Object({ phase: Type.String(), title: Type.String(), done: Type.Integer(), total: Nullable(Type.Integer()) })),
  version: Nullable(Type.String({ description: 'Версия сравнения: вносится только она' })),
  counts: Nullable(Type.Object(Object.fromEntries(importActions.map((action) => [action, Type.Integer()])) as Record<ImportAction, ReturnType<typeof Type.Integer>>)),
  confirmations: Type.Array(Type.Object({ code: Type.String(), title: Type.String(), count: Type.Integer(), of: Type.Integer() })),
  committedAt: Nullable(Type.String()),
})

/** An import with how its file was read. */
export const ImportCard = Type.Interface([Import], { found: Nullable(Found) })

type Reading = Static<typeof Found> & { text?: Static<typeof Found>['text']; archive?: { version: string }; tables: { columns: { field: Field; title: string }[] }[] }

function foundView({ tables, skipped, text = null, archive }: Reading): Static<typeof Found> {
  return {
    tables: tables.map(({ source, line, columns, ignored }) => ({ source, line, ignored, columns: columns.map(({ field, title }) => ({ field, title, fieldTitle: rosterFieldLabel(field) })) })),
    skipped,
    text,
    oneRoster: archive ? { version: archive.version } : null,
  }
}

/** An import in words. */
export function importView(row: ImportRow, names: ReadonlyMap<string, string>, lang: Language): Static<typeof ImportCard> {
  const { id, processId, fileName, fileSize, openedBy, openedAt, state, kind, academicYear, complete, found, failure, phase, done, total, version, counts, confirmations, committedAt } = row
  return {
    id, processId, fileName, fileSize, state, kind, academicYear, complete, version, counts,
    openedBy: { id: openedBy, name: names.get(openedBy) ?? '' },
    openedAt: openedAt.toISOString(),
    stateTitle: stateLabel('rosterImport', state),
    kindTitle: kind && fileKindLabel(kind),
    failure: failure && wordedProblem({ code: failure.code, path: 'file', params: failure.params }, lang),
    progress: phase && { phase, title: importPhaseLabel(phase), done, total },
    confirmations: confirmations.map((one) => ({ ...one, title: confirmationLabel(one.code) })),
    committedAt: committedAt && committedAt.toISOString(),
    found: found && foundView(found as unknown as Reading),
  }
}
