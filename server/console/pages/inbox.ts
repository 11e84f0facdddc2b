import type { Static } from 'typebox'
import { lettersTexts as texts } from '../../../school/texts/console/school.ts'
import { html, type Html } from '../../html.ts'
import type { Line, Message } from '../../routes/inbound.ts'
import type { Process, ProcessLine } from '../../schemas/process.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { emptyView, nextView, optionsView, refusalView, searchOf } from '../list-parts.ts'
import { live, momentView } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

type Card = Static<typeof Process>

/** Answers that came: to be read, put to where they belong, and given a meaning by a person. */
export function inboxPages(console: Console): void {
  console.page('/school/inbox', async ({ api, query, zone }) => {
    const { items, next } = await api.get<{ items: Static<typeof Line>[]; next?: string }>(`/inbound${searchOf({ limit: '50', cursor: query.get('cursor') })}`)
    return {
      title: texts.receivedTitle,
      content: html`<div ${live()}>${backTo('/school', texts.back)}<h1>${texts.receivedTitle}</h1>
        ${items.length === 0 ? emptyView(texts.emptyTitle, texts.emptyReceived, { to: '/school', title: texts.back }) : tableOf(items, zone)}
        ${nextView('/school/inbox', {}, next, texts.next)}</div>`,
    }
  }, { right: 'read' })

  console.page('/school/inbox/:id', (visit) => view(visit), { right: 'read' })
  const acts = (path: string, act: (visit: Visit, id: string) => Promise<Problem | undefined>) =>
    console.form(`/school/inbox/:id/${path}`, async (visit) => {
      const problem = await act(visit, visit.params.id!)
      return problem ? view(visit, problem) : { to: `/school/inbox/${encodeURIComponent(visit.params.id!)}?told=${path}` }
    }, { right: 'run' })
  acts('file', async ({ api, form }, id) => {
    const sent = await api.post(`/inbound/${encodeURIComponent(id)}/file`, { processId: form.get('processId') }, form.get('_key'))
    return sent.done ? undefined : sent.problem
  })
  acts('meaning', async ({ api, form }, id) => {
    const { processId, text } = await api.get<Static<typeof Message>>(`/inbound/${encodeURIComponent(id)}`)
    const said = text.trim().slice(0, 4000)
    const sent = await api.post(`/processes/${encodeURIComponent(processId ?? '')}/events`, { type: form.get('type'), receivedOn: form.get('receivedOn'), messageId: id, ...(said !== '' && { text: said }) }, form.get('_key'))
    return sent.done ? undefined : sent.problem
  })
}

const tableOf = (items: readonly Static<typeof Line>[], zone: string): Html => html`<table class="list card">
  <thead><tr><th scope="col">${texts.subject}</th><th scope="col">${texts.from}</th><th scope="col">${texts.kind}</th><th scope="col">${texts.when}</th></tr></thead>
  <tbody>${items.map(({ id, subject, from, kind, processId, receivedAt }) => html`<tr><td><a href="/school/inbox/${id}">${subject || '—'}</a>${processId === null && html` <span class="mark warn">${texts.unfiled}</span>`}</td><td data-label="${texts.from}">${from}</td><td data-label="${texts.kind}">${texts.kinds[kind]}</td><td data-label="${texts.when}">${momentView(receivedAt, zone)}</td></tr>`)}</tbody>
</table>`

async function view(visit: Visit, problem?: Problem): Promise<Page> {
  const { api, params, zone, query } = visit
  const message = await api.get<Static<typeof Message>>(`/inbound/${encodeURIComponent(params.id!)}`)
  const card = message.processId === null ? undefined : await api.get<Card>(`/processes/${encodeURIComponent(message.processId)}`)
  // What an answer can mean now is what the process says it may be told (machines/organization-registration-events.ts).
  const meanings = card?.allowed.filter(({ schema }) => ['receivedOn', 'messageId'].every((name) => name in ((schema as { properties?: object }).properties ?? {}))) ?? []
  const run = visit.may('run')
  return {
    title: message.subject || texts.receivedTitle,
    status: problem?.status ?? 200,
    content: html`<div ${live()}>${backTo('/school/inbox', texts.receivedTitle)}<h1>${message.subject || '—'}</h1>${refusalView(problem)}
      ${query.get('told') === 'meaning' && html`<p class="good" role="status">${texts.told}</p>`}
      <dl class="facts">
        <dt>${texts.from}</dt><dd>${message.from}</dd><dt>${texts.when}</dt><dd>${momentView(message.receivedAt, zone)}</dd><dt>${texts.kind}</dt><dd>${texts.kinds[message.kind]}</dd>
        <dt>${texts.process}</dt><dd>${card ? html`<a href="/processes/${encodeURIComponent(card.id)}">${card.title} ${card.number}</a> <span class="mark">${card.stateTitle}</span>` : html`<span class="mark warn">${texts.unfiled}</span>`}</dd>
        ${message.attachments.length > 0 && html`<dt>${texts.attachments}</dt><dd>${message.attachments.map(({ filename }) => filename).join(', ')}</dd>`}
      </dl>
      <div class="card letter">${message.text}</div>
      ${run && message.kind === 'answer' && meanings.length > 0 && html`<section class="card"><h2>${texts.meaning}</h2><p>${texts.meaningHint}</p>
        <form method="post" action="/school/inbox/${message.id}/meaning" class="stack">${formGuards(visit)}
          <fieldset class="field"><legend>${texts.meaning}</legend>${meanings.map(({ type, title }) => html`<label class="choice"><input type="radio" name="type" value="${type}" required />${title}</label>`)}</fieldset>
          <label for="receivedOn">${texts.receivedOn}</label><input type="date" id="receivedOn" name="receivedOn" required value="${new Date(message.receivedAt).toLocaleDateString('sv-SE', { timeZone: zone })}" />
          <button class="main">${texts.tell}</button></form></section>`}
      ${run && (await filingForm(visit, message, card))}</div>`,
  }
}

/** Where a message belongs; one that was taken for another's answer is put right. */
async function filingForm(visit: Visit, { id, processId }: Static<typeof Message>, card: Card | undefined): Promise<Html> {
  const { items } = await visit.api.get<{ items: Static<typeof ProcessLine>[] }>('/processes?kind=organizationRegistration&limit=20')
  const form = html`<form method="post" action="/school/inbox/${id}/file" class="stack">${formGuards(visit)}<label for="processId">${texts.file}</label><select id="processId" name="processId" required>${optionsView(items.map((one) => ({ value: one.id, label: `${one.title} ${one.number ?? ''}, ${one.stateTitle}` })), processId ?? '')}</select><button>${texts.fileSave}</button></form>`
  return items.length === 0 ? html`` : card ? html`<details id="filing"><summary>${texts.file}</summary>${form}</details>` : form
}
