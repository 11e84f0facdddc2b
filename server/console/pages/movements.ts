import type { Static } from 'typebox'
import { movementEffects, movementTexts as texts, orderName } from '../../../school/texts/console/movement.ts'
import { shortDate } from '../../../school/texts/format.ts'
import { movementKindLabel } from '../../../school/texts/movement-labels.ts'
import { html, type Html } from '../../html.ts'
import { movementKinds, type Movement, type MovementCard } from '../../schemas/movement.ts'
import type { Process } from '../../schemas/process.ts'
import { backTo, type Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { live, momentView } from '../parts.ts'
import { ownEvents } from '../process/own-events.ts'
import type { Visit } from '../visit.ts'

type Line = Static<typeof Movement>
type Card = Static<typeof MovementCard>

/** Lines at once. */
const perPage = 50

/** Movement of pupils and staff: what goes on, and each with its steps. */
export function movementPages(console: Console): void {
  console.page('/movement', list, { right: 'read' })
  console.page('/movement/:id', card, { right: 'read' })
}

async function list(visit: Visit): Promise<Page> {
  const { api, query } = visit
  const [kind, state, after] = [query.get('kind'), query.get('state'), query.get('after')]
  const filter = new URLSearchParams({ ...(kind && { kind }), ...(state && { state }) })
  const [{ items, next }, meta] = await Promise.all([
    api.get<{ items: Line[]; next?: string }>(`/movements?${new URLSearchParams([...filter, ['limit', String(perPage)], ...(after ? [['cursor', after]] : [])] as [string, string][])}`),
    api.get<{ processes: { id: string; states: { id: string; title: string }[] }[] }>('/meta'),
  ])
  const states = meta.processes.find(({ id }) => id === 'studentMovement')!.states
  const pick = (name: string, label: string, all: string, chosen: string, options: readonly { id: string; title: string }[]) =>
    html`<label>${label} <select name="${name}"><option value="">${all}</option>${options.map(({ id, title }) => html`<option value="${id}" ${id === chosen && html`selected`}>${title}</option>`)}</select></label>`
  return {
    title: texts.title,
    content: html`<div ${live()}>
      <h1>${texts.title}</h1>
      <p class="row">${visit.may('movements') && html`<a class="button main" href="/movement/new">${texts.start}</a>`}<a class="button" href="/movement/year-end">${texts.yearEnd}</a></p>
      <form method="get" action="/movement" class="row filter">${pick('kind', texts.kind, texts.anyKind, kind, movementKinds.map((id) => ({ id, title: movementKindLabel(id) })))}${pick('state', texts.state, texts.anyState, state, states)}<button>${texts.show}</button></form>
      ${items.length === 0 ? emptyView(visit, filter.size > 0) : html`<div class="scroll card"><table class="list">
        <thead><tr><th scope="col">${texts.number}</th><th scope="col">${texts.kind}</th><th scope="col">${texts.person}</th><th scope="col">${texts.classes}</th><th scope="col">${texts.from}</th><th scope="col">${texts.state}</th></tr></thead>
        <tbody>${items.map(lineView)}</tbody></table></div>`}
      ${next !== undefined && html`<p><a class="button" href="/movement?${new URLSearchParams([...filter, ['after', next]]).toString()}">${texts.next}</a></p>`}
    </div>`,
  }
}

const emptyView = ({ may }: Visit, filtered: boolean): Html =>
  html`<div class="card empty"><h2>${texts.emptyTitle}</h2><p>${filtered ? texts.emptyFiltered : texts.empty}</p>${!filtered && may('movements') && html`<p><a class="button main" href="/movement/new">${texts.start}</a></p>`}</div>`

const places = ({ fromClassName, toClassName }: Line) => [fromClassName, toClassName].filter(Boolean).join(' → ')

const lineView = (line: Line): Html => html`<tr>
  <td data-label="${texts.number}"><a href="/movement/${encodeURIComponent(line.id)}">${line.number}</a></td>
  <td data-label="${texts.kind}">${line.kindTitle}</td>
  <td data-label="${texts.person}">${line.person.name}</td>
  <td ${places(line) !== '' && html`data-label="${texts.classes}"`}>${places(line)}</td>
  <td data-label="${texts.from}">${shortDate(line.effectiveOn)}</td>
  <td data-label="${texts.state}">${stateMark(line)}</td>
</tr>`

const marks: Readonly<Record<string, string>> = { completed: 'good', partiallyDone: 'bad', awaitingOrder: 'warn' }
const stateMark = ({ state, stateTitle }: Line): Html => html`<span class="mark ${marks[state]}">${stateTitle}</span>`

const stepMarks: Readonly<Record<string, string>> = { done: 'good', alreadyDone: 'good', failed: 'bad' }

async function card(visit: Visit): Promise<Page> {
  const { api, params, zone } = visit
  const movement = await api.get<Card>(`/movements/${encodeURIComponent(params.id!)}`)
  const process = await api.get<Static<typeof Process>>(`/processes/${encodeURIComponent(movement.processId)}`)
  const events = await ownEvents(visit, process)
  const order = movement.orderId === null ? undefined : await api.get<{ number: string; date: string; title: string }>(`/orders/${encodeURIComponent(movement.orderId)}`)
  const { until, position, successorId } = movement.details
  const successor = typeof successorId === 'string' ? await api.get<{ name: string }>(`/people/${encodeURIComponent(successorId)}`) : undefined
  const done = movement.steps.filter(({ state }) => state !== 'open').length
  const title = `${movement.kindTitle} ${movement.number}`
  return {
    title,
    content: html`<div ${live(movement.processId)}>
      ${backTo('/movement', texts.title)}
      <h1>${title}</h1>
      <p>${stateMark(movement)} <strong>${movement.person.name}</strong> ${places(movement)}</p>
      <section class="card"><h2>${texts.facts}</h2>
        <dl class="facts">
          <dt>${texts.from}</dt><dd>${shortDate(movement.effectiveOn)}</dd>
          ${typeof until === 'string' && html`<dt>${texts.until}</dt><dd>${shortDate(until)}</dd>`}
          ${typeof position === 'string' && html`<dt>${texts.position}</dt><dd>${position}</dd>`}
          ${successor && html`<dt>${texts.successor}</dt><dd>${successor.name}</dd>`}
          <dt>${texts.order}</dt><dd>${order ? orderName(order.number, shortDate(order.date), order.title) : texts.noOrder}</dd>
          ${movement.reasonTitle !== null && html`<dt>${texts.reason}</dt><dd>${movement.reasonTitle}</dd>`}
          <dt>${texts.entered}</dt><dd>${momentView(movement.createdAt, zone)}</dd>
          ${movement.begunAt !== null && html`<dt>${texts.begunAt}</dt><dd>${momentView(movement.begunAt, zone)}</dd>`}
          ${movement.takenBackAt !== null && html`<dt>${texts.takenBackAt}</dt><dd>${momentView(movement.takenBackAt, zone)}</dd>`}
        </dl>
        <p class="hint">${texts.effect}: ${movementEffects[movement.kind]}</p>
        <p><a href="/processes/${encodeURIComponent(movement.processId)}">${texts.process}</a></p>
      </section>
      <section class="card"><h2>${texts.steps}</h2>${movement.steps.length === 0 ? html`<p class="quiet">${texts.noSteps}</p>` : html`<p>${texts.progress}: ${done} ${texts.of} ${movement.steps.length} <progress max="${movement.steps.length}" value="${done}" aria-label="${texts.progress}"></progress></p>${stepsView(movement)}`}</section>
      <section class="card"><h2>${texts.now}</h2>${events.length > 0 ? events : html`<p class="quiet">${texts.nothingNow}</p>`}</section>
    </div>`,
  }
}

const stepsView = ({ steps }: Card): Html => html`<table class="list">
  <thead><tr><th scope="col">${texts.action}</th><th scope="col">${texts.where}</th><th scope="col">${texts.person}</th><th scope="col">${texts.result}</th></tr></thead>
  <tbody>${steps.map(
    ({ actionTitle, what, person, state, stateTitle, reason }) =>
      html`<tr><td data-label="${texts.action}">${actionTitle}</td><td data-label="${texts.where}">${what}</td><td data-label="${texts.person}">${person.name}</td><td data-label="${texts.result}"><span class="mark ${stepMarks[state]}">${stateTitle}</span>${reason !== null && html` ${reason}`}</td></tr>`,
  )}</tbody></table>`
