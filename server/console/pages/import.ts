import type { Static } from 'typebox'
import { importActions } from '../../../machines/roster-import.ts'
import { importTexts as texts } from '../../../school/texts/console/imports.ts'
import { importActionLabel } from '../../../school/texts/import-labels.ts'
import { html, type Html } from '../../html.ts'
import type { ImportCard } from '../../schemas/import.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import { decisionsOf, rowsView, type ImportRowLine } from '../imports/rows.ts'
import type { Page } from '../layout.ts'
import { buttonForm, nextView, refusalView, searchOf } from '../list-parts.ts'
import { live } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

type Card = Static<typeof ImportCard>
type Rows = { items: ImportRowLine[]; next?: string }

const perPage = '50'

/** One import: how the file was read, how far it is, what each row would do; questions answered in place, then carried out. */
export function importPage(console: Console): void {
  console.page('/imports/:id', (visit) => view(visit), { right: 'people' })
  const tells = (path: string, event: (visit: Visit) => { type: string; [field: string]: unknown }) =>
    console.form(`/imports/:id/${path}`, async (visit) => {
      const id = visit.params.id!
      const sent = await visit.api.post(`/processes/${encodeURIComponent(`rosterImport:${id}`)}/events`, event(visit), visit.form.get('_key'))
      return sent.done ? { to: `/imports/${encodeURIComponent(id)}${searchOf({ action: visit.form.get('action') })}` } : view(visit, sent.problem)
    }, { right: 'people' })
  tells('decide', ({ form }) => ({ type: 'DECIDE', ...(form.get('every') !== '' && { every: { decision: 'skip', action: form.get('every') } }), decisions: decisionsOf(form) }))
  tells('commit', ({ form }) => ({ type: 'COMMIT', version: form.get('version'), rows: form.get('rows') === 'all' ? 'all' : 'ready', confirm: form.all('confirm') }))
  tells('cancel', () => ({ type: 'CANCEL' }))
}

async function view(visit: Visit, problem?: Problem): Promise<Page> {
  const { api, params, query, form } = visit
  const path = `/imports/${encodeURIComponent(params.id!)}`
  const card = await api.get<Card>(path)
  const asked = query.get('action') || form.get('action')
  // Questions and mistakes are what a person comes for.
  const has = (one: (typeof importActions)[number]) => (card.counts?.[one] ?? 0) > 0
  const action = asked === 'every' ? '' : importActions.find((one) => one === asked && has(one)) ?? importActions.find((one) => ['ask', 'problem'].includes(one) && has(one)) ?? ''
  const rows = card.counts ? await api.get<Rows>(`${path}/rows${searchOf({ limit: perPage, action, cursor: query.get('cursor') })}`) : { items: [] }
  return {
    title: card.fileName,
    status: problem?.status ?? 200,
    content: html`<div ${live(card.processId)}>
      ${backTo('/imports', texts.back)}
      <h1>${card.fileName}</h1>
      ${refusalView(problem)}
      <p><span class="mark ${card.state === 'committed' ? 'good' : card.state === 'failed' ? 'bad' : ''}">${card.stateTitle}</span> ${card.kindTitle} ${card.academicYear} ${card.complete !== null && html`<span class="quiet">${texts.complete}: ${card.complete ? texts.yes : texts.no}</span>`}</p>
      ${progressView(visit, card)}
      ${card.failure && html`<section class="problem"><p><strong>${texts.failed}</strong>: ${card.failure.message}</p><p>${card.failure.hint ?? texts.failedHint}</p></section>`}
      ${card.state === 'committed' && html`<p class="good">${texts.committed} <a href="/people">${texts.toPeople}</a></p>`}
      ${card.counts && countsView(card, action)}
      ${card.counts && rowsForm(visit, card, rows, action)}
      ${card.state === 'preview' && commitView(visit, card)}
      ${card.found && foundView(card.found)}
    </div>`,
  }
}

const running = ['received', 'previewing', 'committing']
function progressView({ path }: Visit, { state, progress }: Card): Html | false {
  if (!running.includes(state)) return false
  return html`<section class="card" role="status"><p>${progress?.title ?? ''}${progress && progress.total !== null && html`: ${progress.done} / ${progress.total}`}</p>
    ${progress?.total ? html`<progress max="${progress.total}" value="${progress.done}" aria-label="${progress.title}"></progress>` : html`<progress aria-label="${texts.running}"></progress>`}
    <p class="hint">${texts.running}</p><p><a class="button" href="${path}">${texts.refresh}</a></p></section>`
}

const countsView = ({ id, counts }: Card, action: string): Html => html`<nav class="row" aria-label="${texts.counts}">
  <a class="button small" href="/imports/${id}?action=every" ${action === '' && html`aria-current="true"`}>${texts.all}</a>
  ${importActions.filter((one) => counts![one] > 0).map((one) => html`<a class="button small" href="/imports/${id}?action=${one}" ${one === action && html`aria-current="true"`}>${importActionLabel(one)}: ${counts![one]}</a>`)}
</nav>`

function rowsForm(visit: Visit, { id, state }: Card, { items, next }: Rows, action: string): Html {
  const open = state === 'preview'
  const list = items.length === 0 ? html`<p class="quiet">${texts.nothing}</p>` : rowsView(items, open)
  return html`<form method="post" action="/imports/${id}/decide">
    ${formGuards(visit)}<input type="hidden" name="action" value="${action}" />
    ${list}
    ${open && items.length > 0 && html`<div class="row"><button class="main">${texts.save}</button>${action !== '' && action !== 'skip' && html`<button name="every" value="${action}">${texts.everySkip}</button>`}</div>`}
  </form>${nextView(`/imports/${id}`, { action: action || 'every' }, next, texts.next)}`
}

const commitView = (visit: Visit, { id, version, counts, confirmations }: Card): Html => html`<section class="card"><h2>${texts.commitTitle}</h2>
  <p>${texts.commitHint}</p>
  <form method="post" action="/imports/${id}/commit" class="stack">
    ${formGuards(visit)}<input type="hidden" name="version" value="${version ?? ''}" />
    ${confirmations.map(({ code, title, count, of }) => html`<label class="choice"><input type="checkbox" name="confirm" value="${code}" required />${texts.confirm(title, count, of)}</label>`)}
    ${counts!.problem + counts!.ask === 0 ? html`<button class="main" name="rows" value="all">${texts.commitAll}</button>` : html`<button class="main" name="rows" value="ready">${texts.commitReady}</button>`}
  </form>
  ${buttonForm(visit, `/imports/${id}/cancel`, texts.cancel, { danger: true })}<p class="hint">${texts.cancelHint}</p>
</section>`

const foundView = ({ tables }: NonNullable<Card['found']>): Html => html`<details class="card" id="found"><summary>${texts.columns}</summary>${tables.map(({ source, columns, ignored }) => html`${source && html`<h3>${source}</h3>`}<ul>${columns.map(({ title, fieldTitle }) => html`<li>«${title}» — ${fieldTitle}</li>`)}</ul>${ignored.length > 0 && html`<p class="quiet">${texts.ignored}: ${ignored.join(', ')}</p>`}`)}</details>`
