import type { Static } from 'typebox'
import { lettersTexts as texts } from '../../../school/texts/console/school.ts'
import { html, type Html } from '../../html.ts'
import type { Letter, Line } from '../../routes/letters.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { buttonForm, emptyView, nextView, refusalView, searchOf } from '../list-parts.ts'
import { live, momentView } from '../parts.ts'
import type { Visit } from '../visit.ts'

const marks: Readonly<Record<string, string>> = { accepted: 'good', failed: 'bad', bounced: 'bad', unknownOutcome: 'warn' }

/** Letters that went out, each to be read as it was sent. */
export function lettersPages(console: Console): void {
  console.page('/school/letters', async ({ api, query, zone }) => {
    const { items, next } = await api.get<{ items: Static<typeof Line>[]; next?: string }>(`/letters${searchOf({ limit: '50', cursor: query.get('cursor') })}`)
    return {
      title: texts.sentTitle,
      content: html`<div ${live()}>${backTo('/school', texts.back)}<h1>${texts.sentTitle}</h1>
        ${items.length === 0 ? emptyView(texts.emptyTitle, texts.emptySent, { to: '/school', title: texts.back }) : tableOf(items, zone)}
        ${nextView('/school/letters', {}, next, texts.next)}</div>`,
    }
  }, { right: 'read' })

  console.page('/school/letters/:id', (visit) => view(visit), { right: 'read' })
  console.form('/school/letters/:id', async (visit) => {
    const path = `letters/${encodeURIComponent(visit.params.id!)}`
    const sent = await visit.api.post(`/${path}/outcome`, { outcome: visit.form.get('outcome') }, visit.form.get('_key'))
    return sent.done ? { to: `/school/${path}` } : view(visit, sent.problem)
  }, { right: 'run' })
}

const tableOf = (items: readonly Static<typeof Line>[], zone: string): Html => html`<table class="list card">
  <thead><tr><th scope="col">${texts.letter}</th><th scope="col">${texts.state}</th><th scope="col">${texts.when}</th></tr></thead>
  <tbody>${items.map(({ id, title, outside, state, stateTitle, queuedAt }) => html`<tr><td><a href="/school/letters/${encodeURIComponent(id)}">${title}</a>${outside && html` <span class="quiet">${texts.outside}</span>`}</td><td data-label="${texts.state}"><span class="mark ${marks[state] ?? ''}">${stateTitle}</span></td><td data-label="${texts.when}">${momentView(queuedAt, zone)}</td></tr>`)}</tbody>
</table>`

async function view(visit: Visit, problem?: Problem): Promise<Page> {
  const { api, params, zone } = visit
  const { id, processId, title, state, stateTitle, to, subject, body, attempts, lastError, queuedAt } = await api.get<Static<typeof Letter>>(`/letters/${encodeURIComponent(params.id!)}`)
  const outcome = (value: string, label: string) => buttonForm(visit, `/school/letters/${encodeURIComponent(id)}`, label, { fields: { outcome: value } })
  return {
    title,
    status: problem?.status ?? 200,
    content: html`<div ${live(processId)}>${backTo('/school/letters', texts.sentTitle)}<h1>${title}</h1>${refusalView(problem)}
      <dl class="facts">
        <dt>${texts.state}</dt><dd><span class="mark ${marks[state] ?? ''}">${stateTitle}</span></dd>
        <dt>${texts.when}</dt><dd>${momentView(queuedAt, zone)}</dd>
        <dt>${texts.to}</dt><dd>${to ?? '—'}</dd>
        <dt>${texts.subject}</dt><dd>${subject ?? '—'}</dd>
        ${attempts > 1 && html`<dt>${texts.attempts}</dt><dd>${attempts}</dd>`}${lastError !== null && html`<dt>${texts.error}</dt><dd>${lastError}</dd>`}
        <dt>${texts.process}</dt><dd><a href="/processes/${encodeURIComponent(processId)}">${texts.toProcess}</a></dd>
      </dl>
      ${state === 'unknownOutcome' && visit.may('run') && html`<section class="card"><p>${texts.decide}</p><div class="row">${outcome('arrived', texts.arrived)}${outcome('sendAgain', texts.sendAgain)}</div></section>`}
      ${body === null ? html`<p class="quiet">${texts.noBody}</p>` : html`<div class="card letter">${body}</div>`}</div>`,
  }
}
