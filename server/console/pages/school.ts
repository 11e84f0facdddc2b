import type { Static } from 'typebox'
import { schoolTexts as texts } from '../../../school/texts/console/school.ts'
import { html, type Html } from '../../html.ts'
import type { Organization } from '../../routes/organizations.ts'
import type { Process } from '../../schemas/process.ts'
import type { Problem } from '../api.ts'
import type { Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import type { Page } from '../layout.ts'
import { optionsView, refusalView } from '../list-parts.ts'
import { live, termView } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

type Card = Static<typeof Process>

const fields: readonly FormField[] = [
  { name: 'email', label: texts.email, required: true, kind: 'line', options: [], maxLength: 254 },
  { name: 'phone', label: texts.phone, required: true, kind: 'line', options: [], maxLength: 40 },
  { name: 'address', label: texts.address, required: true, kind: 'line', options: [], maxLength: 500 },
]

/** On which of the steps each state is; the last is behind everything (domain.md 7.1). */
const stepOf: Readonly<Record<string, number>> = {
  draft: 0, awaitingOrder: 0, readyToSend: 0, sending: 1, deliveryProblem: 1, awaitingReply: 2, clarification: 2, rejected: 2, adminSignIn: 3, rightsMissing: 3, profileSetup: 4, staffRoomSetup: 5, completed: 6,
}

/** The school itself: its way onto the platform, letters, orders, what is known of it. */
export function schoolPage(console: Console): void {
  console.page('/school', (visit) => view(visit), { right: 'read' })
  console.form('/school', async (visit) => {
    const { api, form } = visit
    const sent = await api.patch(`/organizations/${visit.school!.id}`, Object.fromEntries(fields.map(({ name }) => [name, form.get(name)])))
    return sent.done ? { to: '/school?saved=1' } : view(visit, { facts: sent.problem })
  }, { right: 'settings' })
  console.form('/school/registration', async (visit) => {
    const { api, form } = visit
    const body = Object.fromEntries(['administratorId', 'orderId'].flatMap((name) => (form.get(name) ? [[name, form.get(name)]] : [])))
    const sent = await api.post('/registrations', body, form.get('_key'))
    return sent.done ? { to: '/school' } : view(visit, { begun: sent.problem })
  }, { right: 'run' })
}

async function view(visit: Visit, problems: { facts?: Problem; begun?: Problem } = {}): Promise<Page> {
  const { api, query } = visit
  const [organization, { items }] = await Promise.all([
    api.get<Static<typeof Organization>>(`/organizations/${visit.school!.id}`),
    api.get<{ items: { id: string }[] }>('/processes?kind=organizationRegistration&limit=1'),
  ])
  const card = items[0] && (await api.get<Card>(`/processes/${encodeURIComponent(items[0].id)}`))
  return {
    title: texts.title,
    status: (problems.facts ?? problems.begun)?.status ?? 200,
    content: html`<div ${live()}>
      <h1>${organization.shortName}</h1>
      ${query.get('saved') !== '' && html`<p class="good" role="status">${texts.saved}</p>`}
      <section class="card"><h2>${texts.way}</h2>${card ? wayView(visit, card) : html`<p>${texts.notBegun}</p>`}${refusalView(problems.begun)}${(!card || card.state === 'cancelled') && visit.may('run') && (await beginForm(visit))}</section>
      <nav class="row" aria-label="${texts.lettersTitle}"><a class="button" href="/school/letters">${texts.sent}</a><a class="button" href="/school/inbox">${texts.received}</a><a class="button" href="/school/orders">${texts.orders}</a></nav>
      <h2>${texts.facts}</h2>
      ${factsView(organization)}
      ${visit.may('settings') && editForm(visit, organization, problems.facts)}
    </div>`,
  }
}

function wayView({ zone }: Visit, { id, state, stateTitle, tasks }: Card): Html {
  const at = stepOf[state] ?? -1
  const open = tasks.filter(({ closedAt }) => closedAt === null)
  return html`<ol class="stepper">${texts.steps.map((step, index) => {
      const here = index === at && state !== 'completed'
      const done = index < at || state === 'completed'
      return html`<li class="${here ? 'here' : done ? 'done' : ''}" ${here && html`aria-current="step"`}>${step}${here && html` <span class="mark warn">${stateTitle}</span>`}${done && html` <span class="visually-hidden">(${texts.done})</span>`}</li>`
    })}</ol>
    ${state === 'cancelled' && html`<p class="warn">${texts.cancelled}</p>`}${state === 'rejected' && html`<p class="problem">${texts.rejected}</p>`}
    ${open.length > 0 ? html`<h3>${texts.nowTasks}</h3><ul>${open.map(({ id: task, title, dueAt, assignee }) => html`<li><a href="/tasks/${encodeURIComponent(task)}">${title}</a>${dueAt !== null && html` ${termView(dueAt, zone)}`}${assignee && html` · ${assignee.name}`}</li>`)}</ul>` : state !== 'completed' && state !== 'cancelled' && html`<p class="quiet">${texts.noTasks}</p>`}
    <p><a class="button" href="/processes/${encodeURIComponent(id)}">${texts.open}</a></p>`
}

async function beginForm(visit: Visit): Promise<Html> {
  const { api, form } = visit
  const [people, orders] = await Promise.all([
    api.get<{ items: { id: string; name: string }[] }>('/people?role=platformAdmin&limit=100'),
    api.get<{ items: { id: string; number: string; title: string }[] }>('/orders?kind=main&status=registered&limit=100'),
  ])
  return html`<form method="post" action="/school/registration" class="stack">${formGuards(visit)}
    <label for="administratorId">${texts.administrator}</label><select id="administratorId" name="administratorId"><option value="">${texts.later}</option>${optionsView(people.items.map(({ id, name }) => ({ value: id, label: name })), form.get('administratorId'))}</select>
    <label for="orderId">${texts.order}</label><select id="orderId" name="orderId"><option value="">${texts.later}</option>${optionsView(orders.items.map(({ id, number, title }) => ({ value: id, label: `${number} ${title}` })), form.get('orderId'))}</select>
    <button class="main">${texts.begin}</button></form>`
}

const factsView = ({ fullName, region, inn, ogrn, kpp, timezone, schoolWeek, email, phone, address }: Static<typeof Organization>): Html => html`<dl class="facts">
  <dt>${texts.fullName}</dt><dd>${fullName}</dd><dt>${texts.region}</dt><dd>${region}</dd><dt>${texts.requisites}</dt><dd>${[inn, ogrn, kpp].filter(Boolean).join(' / ')}</dd>
  <dt>${texts.zone}</dt><dd>${timezone}</dd><dt>${texts.week}</dt><dd>${schoolWeek} ${texts.days}</dd><dt>${texts.email}</dt><dd>${email}</dd><dt>${texts.phone}</dt><dd>${phone}</dd><dt>${texts.address}</dt><dd>${address}</dd>
</dl>`

function editForm(visit: Visit, organization: Static<typeof Organization>, problem: Problem | undefined): Html {
  const shown = fields.map((field) => ({ ...field, value: organization[field.name as 'email' | 'phone' | 'address'] }))
  const filled = { id: 'facts', form: problem && visit.form, problem }
  return html`<details class="card" id="edit" ${problem && html`open`}><summary>${texts.edit}</summary>${problemView(filled, shown)}<form method="post" action="/school" class="stack">${formGuards(visit)}${formView(shown, filled)}<button>${texts.save}</button></form></details>`
}
