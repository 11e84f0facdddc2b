import type { Static } from 'typebox'
import { processTexts as texts } from '../../../school/texts/console/process.ts'
import { choiceLabel } from '../../../school/texts/console/form-labels.ts'
import { html, type Html } from '../../html.ts'
import type { Process } from '../../schemas/process.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView, type Filled } from '../forms/form-view.ts'
import { momentFor } from '../forms/read-form.ts'
import { termView } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

/** What moving a deadline asks for, as POST /processes/{id}/deadlines/{name} takes it. */
export const moveFields: readonly FormField[] = [
  { name: 'action', label: texts.action, required: true, kind: 'choice', options: ['move', 'stop'].map((value) => ({ value, label: choiceLabel('deadline', 'action', value)! })) },
  { name: 'at', label: texts.newTime, required: false, kind: 'moment', options: [] },
  { name: 'reason', label: texts.reason, required: true, kind: 'line', options: [], maxLength: 1000 },
]

/** What the process waits for, with the time left; who runs processes moves a deadline or takes it off, with a reason. */
export function deadlinesView(visit: Visit, { id, deadlines }: Static<typeof Process>, filledOf: (name: string) => Omit<Filled, 'id'> & { open: boolean }): Html {
  if (deadlines.length === 0) return html`<p class="quiet">${texts.noDeadlines}</p>`
  return html`<ul class="deadlines">${deadlines.map(({ name, title, at, provisional, movable }) => {
    const { open, ...filled } = filledOf(name)
    const fields = moveFields.map((field) => (field.name === 'at' ? { ...field, value: momentFor(at, visit.zone) } : field))
    return html`<li>
      <p><strong>${title}</strong> — ${termView(at, visit.zone)}${provisional && html` <span class="mark warn">${texts.provisional}</span>`}${!movable && html` <span class="quiet">(${texts.fixed})</span>`}</p>
      ${movable &&
      visit.may('run') &&
      html`<details id="deadline-${name}" ${open && html`open`}>
        <summary>${texts.move}</summary>
        <form method="post" action="/processes/${encodeURIComponent(id)}/deadlines/${name}" class="stack">${formGuards(visit)}${problemView(filled, fields)}${formView(fields, { ...filled, id: name })}<button class="main">${texts.moveButton}</button></form>
      </details>`}
    </li>`
  })}</ul>`
}
