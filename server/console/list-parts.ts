import { html, type Html } from '../html.ts'
import { formGuards, type Visit } from './visit.ts'
import type { Problem } from './api.ts'

/** A list that has nothing says what to do next. */
export const emptyView = (title: string, text: string, action?: { to: string; title: string } | false): Html =>
  html`<div class="card empty"><h2>${title}</h2><p>${text}</p>${action && html`<p><a class="button main" href="${action.to}">${action.title}</a></p>`}</div>`

/** Choices of a filter; the empty one is «all». */
export const optionsView = (options: readonly { value: string; label: string }[], chosen: string): Html =>
  html`${options.map(({ value, label }) => html`<option value="${value}" ${value === chosen && html`selected`}>${label}</option>`)}`

/** A button that does one thing, by a form of its own. */
export const buttonForm = (visit: Visit, action: string, label: string, { danger = false, file = false, fields = {} }: { danger?: boolean; file?: boolean; fields?: Readonly<Record<string, string>> } = {}): Html =>
  html`<form method="post" action="${action}" ${file && html`hx-boost="false"`}>${formGuards(visit)}${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}<button ${danger && html`class="danger"`}>${label}</button></form>`

/** Why a command was refused, where its form is not there to say it beside the fields. */
export const refusalView = (problem: Problem | undefined): Html | false =>
  problem !== undefined && html`<div class="problem" role="alert"><p><strong>${problem.title}</strong></p><p>${problem.detail}</p>${(problem.problems ?? []).map(({ message, hint }) => html`<p>${[message, hint].filter(Boolean).join('. ')}</p>`)}</div>`

/** The way to the next page of a list, while there is one. */
export const nextView = (path: string, filters: Readonly<Record<string, string | undefined>>, next: string | undefined, label: string): Html | false =>
  next !== undefined && html`<p><a class="button" href="${path}${searchOf({ ...filters, cursor: next })}">${label}</a></p>`

/** Query parameters without the empty ones. */
export function searchOf(values: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams(Object.entries(values).flatMap(([name, value]) => (value ? [[name, value] as [string, string]] : [])))
  return search.size > 0 ? `?${search.toString()}` : ''
}
