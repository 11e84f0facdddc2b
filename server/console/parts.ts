import { layoutTexts } from '../../school/texts/console/layout.ts'
import { timeLeft } from '../../school/texts/console/time-left.ts'
import { shortDateTime } from '../../school/texts/format.ts'
import { html, type Html } from '../html.ts'

/** Copies a text; there only where a script can do it. `title` tells several of them apart when they are read out. */
export const copyButton = (text: string, title: string): Html =>
  html`<button type="button" class="copy js-only" data-copy="${text}" aria-label="${layoutTexts.copy}: ${title}" title="${layoutTexts.copy}"><svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><rect x="7" y="7" width="10" height="10" rx="2" /><path d="M13 7V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v6a2 2 0 0 0 2 2h2" /></svg></button>`

/** A moment of the school's clock. */
export const momentView = (instant: string, zone: string): Html => html`<time datetime="${instant}">${shortDateTime(new Date(instant), zone)}</time>`

/** A term with what is left of it; one that has passed stands out. */
export function termView(instant: string, zone: string, now = new Date()): Html {
  const left = timeLeft(new Date(instant), now)
  return html`${momentView(instant, zone)} <span class="mark ${new Date(instant) < now && 'bad'}">${left}</span>`
}

/** Where changes of a page are told of: of one process, or of the whole school. */
export const live = (process?: string): Html => html`data-live="/live?${new URLSearchParams(process === undefined ? {} : { process }).toString()}" data-since="${Date.now()}"`
