import type { Static } from 'typebox'
import { processTexts as texts } from '../../../school/texts/console/process.ts'
import { html, type Html } from '../../html.ts'
import type { AllowedEvent, Process } from '../../schemas/process.ts'
import type { TimelinePageLine } from '../../schemas/timeline.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { live, momentView, termView } from '../parts.ts'
import { deadlinesView, moveFields } from '../process/deadlines-view.ts'
import { canBeFilled, eventFields, eventView, isGrave } from '../process/event-view.ts'
import { timelineView, wayOf } from '../process/timeline-view.ts'
import { problemView } from '../forms/form-view.ts'
import { readForm } from '../forms/read-form.ts'
import type { Visit } from '../visit.ts'

type Card = Static<typeof Process>

/** Lines of the history at once; more follow by a link. */
const perPage = 100

const pathOf = (id: string) => `/processes/${encodeURIComponent(id)}`

/** One process: where it stands and how it came there, what it waits for, what can be done. */
export function processPage(console: Console): void {
  console.page('/processes/:id', (visit) => view(visit))
  console.raw('/processes/:id/diagram.svg', async ({ api, params }, _request, reply) => {
    const { type, body, headers } = await api.file(`${pathOf(params.id!)}/diagram.svg`)
    return reply.type(type).header('content-security-policy', headers['content-security-policy']).send(body)
  })

  console.form('/processes/:id/events/:type', async (visit) => {
    const { api, form, zone, params } = visit
    const { id = '', type = '' } = params
    const card = await api.get<Card>(pathOf(id))
    const event = card.allowed.find((one) => one.type === type)
    const fields = event ? readForm(await eventFields(visit, card, event), form, zone) : {}
    const sent = await api.post<{ stateTitle: string }>(`${pathOf(id)}/events`, { type, ...fields }, form.get('_key'))
    return sent.done ? { to: `${pathOf(id)}?did=${type}` } : view(visit, { tried: type, problem: sent.problem })
  })

  console.form('/processes/:id/deadlines/:name', async (visit) => {
    const { api, form, zone, params } = visit
    const { id = '', name = '' } = params
    const body = readForm(moveFields, form, zone)
    const sent = await api.post(`${pathOf(id)}/deadlines/${name}`, body.action === 'stop' ? { action: 'stop', reason: body.reason } : body, form.get('_key'))
    return sent.done ? { to: `${pathOf(id)}?did=${name}` } : view(visit, { tried: name, problem: sent.problem })
  })
}

async function view(visit: Visit, { tried, problem }: { tried?: string; problem?: Problem } = {}): Promise<Page> {
  const { api, params, query, zone } = visit
  const id = params.id!
  const after = query.get('after')
  const [card, history] = await Promise.all([
    api.get<Card>(pathOf(id)),
    api.get<{ items: Static<typeof TimelinePageLine>[]; next?: string }>(`${pathOf(id)}/timeline?limit=${perPage}${after && `&cursor=${encodeURIComponent(after)}`}`),
  ])
  const filled = (name: string) => (tried === name ? { form: visit.form, problem } : {})
  const own = card.allowed.filter(({ mine }) => mine).toSorted((a, b) => Number(isGrave(a)) - Number(isGrave(b)))
  const open = card.tasks.filter(({ closedAt }) => closedAt === null)
  const forms = await Promise.all(own.map(async (event) => ({ event, fields: await eventFields(visit, card, event) })))
  const events = forms.filter(({ event, fields }) => canBeFilled(event, fields)).map(({ event, fields }) => eventView(visit, card, event, fields, { ...filled(event.type), open: tried === event.type }))
  const title = [card.title, card.number].filter(Boolean).join(' ')
  // What was refused may be allowed no longer: then its form is not there to say why.
  const shown = problem !== undefined && (own.some(({ type }) => type === tried) || card.deadlines.some(({ name }) => name === tried))
  return {
    title,
    status: problem?.status ?? 200,
    content: html`<div ${live(id)}>
      ${backTo('/processes', texts.back)}
      <h1>${title}</h1>
      ${query.get('did') !== '' && html`<p class="good" role="status">${texts.did} ${card.stateTitle}</p>`}
      ${problem && !shown && problemView({ problem }, [])}
      <p><span class="mark ${card.endedAt !== null && 'good'}">${card.stateTitle}</span> ${card.person && html`<strong>${card.person.name}</strong>`}</p>
      <dl class="facts">
        <dt>${texts.opened}</dt><dd>${momentView(card.openedAt, zone)}${card.openedBy && html`, ${card.openedBy.name}`}</dd>
        <dt>${texts.changed}</dt><dd>${momentView(card.changedAt, zone)}</dd>
        ${card.endedAt !== null && html`<dt>${texts.ended_at}</dt><dd>${momentView(card.endedAt, zone)}</dd>`}
      </dl>
      <section class="card"><h2>${texts.tasks}</h2>${open.length === 0 ? html`<p class="quiet">${texts.noTasks}</p>` : html`<ul>${open.map((task) => html`<li><a href="/tasks/${encodeURIComponent(task.id)}">${task.title}</a>${task.dueAt !== null && html` ${termView(task.dueAt, zone)}`}${task.assignee && html` · ${task.assignee.name}`}</li>`)}</ul>`}</section>
      <section class="card"><h2>${texts.now}</h2>${events.length > 0 ? events : html`<p class="quiet">${idleText(card, own)}</p>`}</section>
      <section class="card"><h2>${texts.deadlines}</h2>${deadlinesView(visit, card, (name) => ({ ...filled(name), open: tried === name }))}</section>
      <section class="card"><h2>${texts.timeline}</h2>${wayView(history.items, card)}${timelineView(history.items, zone)}${history.next !== undefined && html`<p><a class="button" href="${pathOf(id)}?after=${encodeURIComponent(history.next)}">${texts.earlier}</a></p>`}</section>
      <section class="card"><h2>${texts.diagram}</h2>
        <a class="diagram" href="${pathOf(id)}/diagram.svg" hx-boost="false" title="${texts.openDiagram}"><img src="${pathOf(id)}/diagram.svg?state=${card.state}" alt="${texts.diagramAlt} ${card.stateTitle}" loading="lazy" /></a>
      </section>
    </div>`,
  }
}

const idleText = ({ endedAt, allowed }: Card, own: readonly Static<typeof AllowedEvent>[]): string => (endedAt !== null ? texts.over : allowed.length > own.length ? texts.notYours : texts.nothingNow)

const wayView = (lines: readonly Static<typeof TimelinePageLine>[], { id }: Card): Html => html`<p class="way"><span class="quiet">${texts.way}:</span> ${wayOf(lines, id).join(' → ')}</p>`
