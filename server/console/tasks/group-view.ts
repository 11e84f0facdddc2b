import type { Static } from 'typebox'
import { todayTexts as texts } from '../../../school/texts/console/today.ts'
import { shortDateTime } from '../../../school/texts/format.ts'
import { html, type Html } from '../../html.ts'
import type { TaskKindCard, TaskListLine } from '../../schemas/task-card.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView, type Filled } from '../forms/form-view.ts'
import { copyButton, termView } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'
import { shownValues, subjectOf } from './task-values.ts'

type Line = Static<typeof TaskListLine>

/** Tasks that are done together. */
export interface Group {
  kind: Static<typeof TaskKindCard>
  tasks: readonly Line[]
  /** What is brought back, where one answer can be right for all; null where each has its own. */
  fields: readonly FormField[] | null
  /** What was sent and not taken. */
  filled?: Omit<Filled, 'id'>
}

/** All tasks of one kind: how it is done, whom it is about, and one answer for those that are marked. */
export function groupView(visit: Visit, { kind, tasks, fields, filled = {} }: Group, now: Date): Html {
  const id = kind.kind
  const marked = new Set(filled.form?.all('items') ?? (tasks.length === 1 ? [tasks[0]!.id] : []))
  const [{ dueAt } = { dueAt: null }] = tasks
  const sameDue = tasks.length > 1 && tasks.every((task) => task.dueAt === dueAt)
  const sorted = tasks.toSorted((a, b) => String(a.dueAt ?? '9').localeCompare(String(b.dueAt ?? '9')) || subjectOf(a.values ?? []).localeCompare(subjectOf(b.values ?? []), 'ru'))
  const rows = sorted.map((task) => rowView(visit, task, { markable: fields !== null, marked: marked.has(task.id), now, sameDue }))
  const due = sameDue && dueAt !== null && html`<p class="quiet">${texts.due} ${termView(dueAt, visit.zone, now)}</p>`
  const title = html`<h2 id="group-${id}">${kind.title}${tasks.length > 1 && html` <span class="mark">${tasks.length}</span>`}</h2>`
  const steps = html`<details id="steps-${id}"><summary>${texts.how}</summary><ol class="steps">${kind.steps.map((step) => html`<li>${step}</li>`)}</ol></details>`
  if (fields === null) return html`<section class="card group" aria-labelledby="group-${id}">${title}${due}${steps}<ul class="tasks">${rows}</ul></section>`
  const many = tasks.length > 1
  return html`<section class="card group" aria-labelledby="group-${id}">
    ${title}${due}${steps}
    <form method="post" action="/today/complete">
      ${formGuards(visit)}<input type="hidden" name="kind" value="${id}" />
      ${problemView({ ...filled, under: 'evidence' }, fields)}
      ${many && html`<label class="choice js-only-flex"><input type="checkbox" data-all="items" />${texts.all}</label>`}
      <ul class="tasks">${rows}</ul>
      <div class="answer">
        <h3>${many ? texts.answer : texts.answerOne}</h3>
        ${formView(fields, { ...filled, under: 'evidence', id })}
        <button class="main">${many ? texts.doMarked : texts.doOne}</button>
      </div>
    </form>
  </section>`
}

function rowView(visit: Visit, task: Line, { markable, marked, now, sameDue }: { markable: boolean; marked: boolean; now: Date; sameDue: boolean }): Html {
  const { id, values = [], dueAt, urgent, escalated, assignee, attempt, snoozedUntil, title } = task
  const subject = subjectOf(values) || title
  const others = shownValues(values).filter(({ value }) => value.split('\n')[0] !== subject)
  const box = markable && html`<input type="checkbox" name="items" value="${id}" id="mark-${id}" ${marked && html`checked`} />`
  const name = markable ? html`<label for="mark-${id}">${subject}</label>` : html`<strong>${subject}</strong>`
  const facts = [
    urgent && html`<span class="mark bad">${texts.urgent}</span>`,
    escalated && html`<span class="mark warn">${texts.escalated}</span>`,
    ...others.map(({ title: what, value }) => html`<span>${what}: ${value}</span>`),
    dueAt !== null && !sameDue && html`<span>${texts.due} ${termView(dueAt, visit.zone, now)}</span>`,
    attempt > 1 && html`<span>${texts.attempt} ${attempt}</span>`,
    assignee && html`<span>${texts.with} ${assignee.name}</span>`,
    snoozedUntil !== null && new Date(snoozedUntil) > now && html`<span>${texts.snoozedUntil} ${shortDateTime(new Date(snoozedUntil), visit.zone)}</span>`,
  ]
  const open = markable ? texts.open : texts.openAndDo
  return html`<li class="task">
    ${box}
    <div class="about"><p class="subject">${name} ${copyButton(subject, subject)}</p><p class="more quiet">${facts}</p></div>
    <a class="button small" href="/tasks/${encodeURIComponent(id)}" aria-label="${open}: ${subject}">${open}</a>
  </li>`
}
