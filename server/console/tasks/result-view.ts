import { todayTexts as texts } from '../../../school/texts/console/today.ts'
import { html, type Html } from '../../html.ts'
import type { Problem } from '../api.ts'

/** What became of one of several tasks. */
export interface RowResult {
  id: string
  status: 'completed' | 'refused'
  problem?: Problem
}

/** What became of many at once: how many were done, and each that was not, with the reason. */
export function resultView(title: string, completed: number, rows: readonly RowResult[], names: ReadonlyMap<string, string>): Html {
  const refused = rows.filter(({ status }) => status === 'refused')
  return html`<div class="${refused.length > 0 ? 'warn' : 'good'}" role="status" tabindex="-1" data-focus data-keep>
    <p><strong>${title}. ${texts.doneMany}: ${completed}${refused.length > 0 && html`, ${texts.refusedMany.toLowerCase()}: ${refused.length}`}</strong></p>
    ${refused.length > 0 && html`<p>${texts.notDone}:</p><ul>${refused.map(({ id, problem }) => html`<li><a href="/tasks/${encodeURIComponent(id)}">${names.get(id) || title}</a> — ${whyOf(problem)}</li>`)}</ul>`}
  </div>`
}

const whyOf = (problem: Problem | undefined): string => [problem?.detail, ...(problem?.problems ?? []).map(({ message }) => message)].filter(Boolean).join(' ')
