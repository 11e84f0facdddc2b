import { taskCatalogue, type TaskKind } from '../../../machines/task-catalogue.ts'
import { settingsTexts as texts } from '../../../school/texts/console/settings.ts'
import { plural } from '../../../school/texts/format.ts'
import { taskTitle } from '../../../school/texts/labels.ts'
import { html, type Html } from '../../html.ts'

function termOf({ due }: TaskKind): string {
  if ('workingDays' in due) return plural(due.workingDays, texts.workingDays)
  if ('workingHours' in due) return plural(due.workingHours, texts.workingHours)
  if ('days' in due) return plural(due.days, texts.calendarDays)
  return texts.byProcess
}

/** How long each kind of task may take, as the catalogue has it. */
export const taskTermsView = (): Html => html`<table class="list"><thead><tr><th scope="col">${texts.task}</th><th scope="col">${texts.term}</th></tr></thead>
  <tbody>${Object.entries(taskCatalogue as Record<string, TaskKind>).map(([code, kind]) => html`<tr><td>${taskTitle(code)}</td><td data-label="${texts.term}">${termOf(kind)}</td></tr>`)}</tbody></table>`
