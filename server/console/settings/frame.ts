import { settingsTexts as texts } from '../../../school/texts/console/settings.ts'
import { html, type Html } from '../../html.ts'
import type { Page } from '../layout.ts'
import type { Visit } from '../visit.ts'

const parts = [
  { path: '/settings', title: texts.school },
  { path: '/settings/calendar', title: texts.calendar },
  { path: '/settings/letters', title: texts.letters },
  { path: '/settings/keys', title: texts.keys },
  { path: '/settings/users', title: texts.users },
] as const

/** A part of the settings with the way to the others. */
export function settingsPage(visit: Visit, title: string, content: Html, status = 200): Page {
  const here = (path: string) => visit.path === path || (path !== '/settings' && visit.path.startsWith(`${path}/`))
  return {
    title: `${title} — ${texts.title}`,
    status,
    content: html`<h1>${texts.title}</h1>
      <nav class="chips" aria-label="${texts.parts}">${parts.map(({ path, title: name }) => html`<a class="button small" href="${path}" ${here(path) && html`aria-current="page"`}>${name}</a>`)}</nav>
      ${visit.query.get('saved') !== '' && html`<p class="good" role="status">${texts.saved}</p>`}
      ${content}`,
  }
}
