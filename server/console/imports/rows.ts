import type { Static } from 'typebox'
import { importTexts as texts } from '../../../school/texts/console/imports.ts'
import { html, type Html } from '../../html.ts'
import type { ImportLine } from '../../schemas/import-line.ts'
import type { Fields } from '../fields.ts'

export type ImportRowLine = Static<typeof ImportLine>

const marks: Readonly<Record<string, string>> = { problem: 'bad', ask: 'warn', move: 'warn', leave: 'warn', create: 'good', change: 'good' }
const field = (row: number) => `row:${row}`

/** Rows of the file: what would be done with each and why; open questions have their answers beside them. */
export const rowsView = (rows: readonly ImportRowLine[], mayDecide: boolean): Html => html`<ul class="plain-list card">
  ${rows.map(
    (row) => html`<li>
      <p><strong>${row.title}</strong> ${row.className} <span class="mark ${marks[row.action] ?? ''}">${row.actionTitle}</span> <span class="quiet">${row.kindTitle} · ${row.line === null ? texts.notInFile : `${texts.line} ${row.line}`}${row.source && html` · ${row.source}`}</span></p>
      ${row.problems.map((note) => noteView(note, 'field-problem'))}${row.notes.map((note) => noteView(note, ''))}
      ${row.changes.length > 0 && html`<ul>${row.changes.map(({ title, before, after }) => html`<li>${title}: ${before ?? '—'} → <strong>${after ?? '—'}</strong></li>`)}</ul>`}
      ${row.movement && html`<p>${row.movement.title}: ${[row.movement.fromClass, row.movement.toClass].filter(Boolean).join(' → ')}</p>`}
      ${mayDecide ? answersView(row) : row.decision && html`<p class="quiet">${texts.decisions}: ${row.decision.title}</p>`}
    </li>`,
  )}
</ul>`

const noteView = ({ column, message, hint, suggestion }: ImportRowLine['problems'][number], mark: string): Html =>
  html`<p class="${mark}">${column && `${column}: `}${message}${hint !== undefined && `. ${hint}`}${suggestion !== undefined && ` ${texts.meant}: ${suggestion}`}</p>`

/** Whose child it is a person says of a guardian; of everybody else, who it is. */
function answersView({ row, title, action, candidates, decision, kind, problems }: ImportRowLine): Html | false {
  if (!['ask', 'problem', 'leave', 'move', 'change', 'skip', 'create'].includes(action) && !decision) return false
  const answer = (value: string, label: string) => html`<label class="choice"><input type="radio" name="${field(row)}" value="${value}" />${label}</label>`
  const childAsked = kind === 'guardian' && action === 'ask' && candidates.every(({ what }) => /обучающ/.test(what))
  const who = candidates.map(({ personId, name, what }) => answer(`${childAsked ? 'child' : 'same'}:${personId}`, `${childAsked ? texts.child : texts.same} ${name} (${what})`))
  const asked = action === 'ask' && problems.length === 0
  const content = html`<fieldset class="choices"><legend class="visually-hidden">${texts.decisions}: ${title}</legend>
    <label class="choice"><input type="radio" name="${field(row)}" value="" checked />${decision ? decision.title : texts.leave}</label>
    ${who}${asked && !childAsked && answer('new:', texts.isNew)}${decision?.decision !== 'skip' && answer('skip:', texts.skip)}${decision && answer('undo:', texts.undo)}
  </fieldset>`
  return asked || action === 'problem' ? content : html`<details><summary>${texts.decisions}${decision && html`: ${decision.title}`}</summary>${content}</details>`
}

/** What a form of rows says. */
export const decisionsOf = (form: Fields): { row: number; decision: string; personId?: string }[] =>
  form.names().flatMap((name) => {
    const [decision = '', personId = ''] = form.get(name).split(':')
    const row = /^row:(\d{1,7})$/.exec(name)?.[1]
    return row === undefined || decision === '' ? [] : [{ row: Number(row), decision, ...(personId !== '' && { personId }) }]
  })
