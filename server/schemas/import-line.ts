import { Type, type Static } from 'typebox'
import type { SeenRow } from '../../db/import-preview.ts'
import type { RowChange } from '../../db/import-rows.ts'
import { importActions } from '../../machines/roster-import.ts'
import { rowKinds } from '../../school/roster/kinds.ts'
import type { CellProblem } from '../../school/roster/row.ts'
import { foundMovementLabel, importActionLabel, rosterFieldLabel, rowDecisionLabel, rowKindLabel } from '../../school/texts/import-labels.ts'
import { maskEmail } from '../../school/texts/mask-email.ts'
import type { Language } from '../../school/texts/validation.ts'
import { maskPhone } from '../../school/validation/phone.ts'
import { wordedProblem } from '../problem-json.ts'
import { Id, Nullable, OneOf } from './common.ts'

/** Something about one cell: in which column, what, what to do, what was probably meant. */
const CellNote = Type.Object({
  column: Type.String({ description: 'Название столбца в файле' }),
  code: Type.String(),
  message: Type.String(),
  hint: Type.Optional(Type.String()),
  suggestion: Type.Optional(Type.String()),
})
const Value = Nullable(Type.String())

export const ImportLine = Type.Object({
  row: Type.Integer({ description: 'Номер строки в загрузке: им отвечают на вопросы' }),
  line: Nullable(Type.Integer({ description: 'Строка файла; null — в файле этого человека нет' })),
  source: Type.String({ description: 'Лист или файл архива' }),
  kind: OneOf(rowKinds),
  kindTitle: Type.String(),
  action: OneOf(importActions),
  actionTitle: Type.String(),
  title: Type.String({ description: 'О ком или о чём строка' }),
  className: Value,
  personId: Value,
  problems: Type.Array(CellNote, { description: 'Что не так' }),
  notes: Type.Array(CellNote, { description: 'Вопрос или предупреждение' }),
  candidates: Type.Array(Type.Object({ personId: Id, name: Type.String(), what: Type.String(), line: Type.Optional(Type.Integer()) })),
  changes: Type.Array(Type.Object({ field: Type.String(), title: Type.String(), before: Value, after: Value })),
  movement: Nullable(Type.Object({ kind: Type.String(), title: Type.String(), fromClass: Value, toClass: Value })),
  decision: Nullable(Type.Object({ decision: Type.String(), title: Type.String(), personId: Value })),
})

/** What rows mention, in words. */
export interface LineWords {
  /** Name, and what somebody is at the school, by id. */
  people: ReadonlyMap<string, { name: string; what: string }>
  classNames: { byId: ReadonlyMap<string, string>; byKey: ReadonlyMap<string, string> }
  lang: Language
  seesAddress: boolean
}

/** A row in words. Contacts are shown as in every other list. */
export function importLine(row: SeenRow, { people, classNames, lang, seesAddress }: LineWords): Static<typeof ImportLine> {
  const { seq, line, source, kind, action, personId, movement, decision, decidedId } = row
  const note = ({ field, column, code, params, suggestion }: CellProblem) => {
    const { message, ...worded } = wordedProblem({ code, path: field, params }, lang)
    const shown = suggestion && contact(field, suggestion, seesAddress)
    return { column: column || rosterFieldLabel(field), code, message, ...('hint' in worded && { hint: worded.hint }), ...(shown && { suggestion: shown }) }
  }
  return {
    row: seq, line, source, kind, action, personId,
    kindTitle: rowKindLabel(kind),
    actionTitle: importActionLabel(action),
    title: titleOf(row, people),
    className: (row.classKey && classNames.byKey.get(row.classKey)) ?? null,
    problems: row.problems.map(note).concat(action === 'problem' ? row.notes.map(note) : []),
    notes: row.warnings.map(note).concat(action === 'problem' ? [] : row.notes.map(note)),
    candidates: row.candidates.map(({ personId: id, line: at }) => ({ personId: id, name: people.get(id)?.name ?? '', what: people.get(id)?.what ?? '', ...(at !== undefined && { line: at }) })),
    changes: row.changes.map(({ field, before, after }) => ({ field, title: rosterFieldLabel(field), before: shownValue(field, before, seesAddress), after: shownValue(field, after, seesAddress) })),
    movement: movement && {
      kind: movement.kind,
      title: foundMovementLabel(movement.kind),
      fromClass: (movement.fromClassId && classNames.byId.get(movement.fromClassId)) ?? null,
      toClass: (movement.toClassKey && classNames.byKey.get(movement.toClassKey)) ?? null,
    },
    decision: decision && { decision, title: rowDecisionLabel(decision), personId: decidedId },
  }
}

function titleOf({ kind, data, personId, matchKey }: SeenRow, people: LineWords['people']): string {
  const { lastName, firstName, patronymic, subject, class: named } = data as { lastName?: string; firstName?: string; patronymic?: string | null; subject?: string; class?: { name: string } }
  if (lastName !== undefined) return [lastName, firstName, patronymic].filter(Boolean).join(' ')
  return (personId && people.get(personId)?.name) || subject || (kind === 'class' && named?.name) || matchKey
}

/** A contact as lists show it; null for what is not shown at all. */
function contact(field: string, text: string, seesAddress: boolean): string | null {
  if (field === 'phone') return /^\+\d+$/.test(text) ? maskPhone(text) : null
  return field === 'email' && !seesAddress ? maskEmail(text) : text
}

function shownValue(field: RowChange['field'], value: RowChange['after'], seesAddress: boolean): string | null {
  if (value === null) return null
  return typeof value === 'boolean' ? (value ? 'да' : 'нет') : contact(field, value, seesAddress)
}
