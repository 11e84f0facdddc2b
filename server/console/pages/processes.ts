import type { Static } from 'typebox'
import { processTexts as texts } from '../../../school/texts/console/process.ts'
import { shortDate } from '../../../school/texts/format.ts'
import { html, type Html } from '../../html.ts'
import type { ProcessLine } from '../../schemas/process.ts'
import type { Console } from '../console.ts'
import { live } from '../parts.ts'
import type { Visit } from '../visit.ts'

type Line = Static<typeof ProcessLine>

const perPage = 50

/** What runs in the school, and what has run. */
export function processesPage(console: Console): void {
  console.page('/processes', async (visit) => {
    const { api, query } = visit
    const ended = query.get('ended') === 'true'
    const asked = { limit: String(perPage), ended: String(ended), kind: query.get('kind'), cursor: query.get('cursor') }
    const search = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''))
    const [{ items, next }, { processes }] = await Promise.all([
      api.get<{ items: Line[]; next?: string }>(`/processes?${search}`),
      api.get<{ processes: { id: string; title: string }[] }>('/meta'),
    ])
    if (next !== undefined) search.set('cursor', next)
    return {
      title: texts.listTitle,
      content: html`<div ${live()}>
        <h1>${texts.listTitle}</h1>
        <form method="get" action="/processes" class="row filter">
          <label>${texts.state} <select name="ended"><option value="false">${texts.going}</option><option value="true" ${ended && html`selected`}>${texts.ended}</option></select></label>
          <label>${texts.kind} <select name="kind"><option value="">${texts.anyKind}</option>${processes.map(({ id, title }) => html`<option value="${id}" ${id === asked.kind && html`selected`}>${title}</option>`)}</select></label>
          <button>${texts.filter}</button>
        </form>
        ${items.length === 0 ? html`<div class="card empty"><h2>${texts.nothingTitle}</h2><p>${ended ? texts.nothingEnded : texts.nothingGoing}</p></div>` : tableOf(visit, items)}
        ${next !== undefined && html`<p><a class="button" href="/processes?${search.toString()}">${texts.next}</a></p>`}
      </div>`,
    }
  })
}

const tableOf = ({ zone }: Visit, items: readonly Line[]): Html => html`<table class="list">
  <thead><tr><th scope="col">${texts.kind}</th><th scope="col">${texts.person}</th><th scope="col">${texts.state}</th><th scope="col">${texts.opened}</th></tr></thead>
  <tbody>
    ${items.map(
      ({ id, title, number, person, stateTitle, openedAt, endedAt }) =>
        html`<tr><td><a href="/processes/${encodeURIComponent(id)}">${title}${number !== null && html` ${number}`}</a></td><td data-label="${texts.person}">${person?.name ?? '—'}</td><td data-label="${texts.state}"><span class="mark ${endedAt !== null && 'good'}">${stateTitle}</span></td><td data-label="${texts.opened}">${shortDate(new Date(openedAt), zone)}</td></tr>`,
    )}
  </tbody>
</table>`
