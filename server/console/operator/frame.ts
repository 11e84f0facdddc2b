import { operatorTexts as texts } from '../../../school/texts/console/operator.ts'
import { html, type Html } from '../../html.ts'
import type { Page } from '../layout.ts'

/** Times of the operator, who belongs to no school, are those of Moscow (visit.zone). */
export function operatorPage(title: string, content: Html, { status = 200, said }: { status?: number | undefined; said?: { good: boolean; text: string } | undefined } = {}): Page {
  return { title, status, content: html`<h1>${title}</h1>${said && html`<p class="${said.good ? 'good' : 'problem'}" role="status">${said.text}</p>`}${content}` }
}

/** An empty list, with what it means. */
export const nothing = (text: string): Html => html`<p class="card empty">${text}</p>`

export const newSchoolButton = (): Html => html`<p><a class="button main" href="/operator/schools/new">${texts.newSchool}</a></p>`
