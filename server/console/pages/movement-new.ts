import type { Static } from 'typebox'
import { staffMovementKinds, studentMovementKinds } from '../../../machines/movement-kinds.ts'
import { movementEffects, movementTexts as texts } from '../../../school/texts/console/movement.ts'
import { movementKindLabel } from '../../../school/texts/movement-labels.ts'
import { html, type Html } from '../../html.ts'
import { movementKinds } from '../../schemas/movement.ts'
import type { Person } from '../../schemas/person.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import { formView, problemView } from '../forms/form-view.ts'
import { readForm } from '../forms/read-form.ts'
import type { Page } from '../layout.ts'
import { fieldsOfKind, loadsView, openClasses, readLoads, type MovementKind } from '../movement/movement-form.ts'
import { formGuards, type Visit } from '../visit.ts'

type Found = Static<typeof Person>

const path = '/movement/new'
const withQuery = (query: Record<string, string>) => `${path}?${new URLSearchParams(query)}`
const isPupilKind = (kind: MovementKind) => (studentMovementKinds as readonly string[]).includes(kind)
/** Who comes is in no list of those who are here. */
const isComing = (kind: MovementKind) => ['enrollment', 'readmission', 'hire'].includes(kind)
const kindOf = (value: string): MovementKind | undefined => movementKinds.find((kind) => kind === value)

/** A new movement in three steps: what happened, with whom, the details. Each step is an address; names are in none (P7). */
export function newMovementPage(console: Console): void {
  console.page(path, (visit) => step(visit, visit.query.get('kind'), visit.query.get('person')), { right: 'movements' })

  console.form('/movement/find', async (visit) => {
    const kind = kindOf(visit.form.get('kind'))
    const search = visit.form.get('search')
    if (!kind || search === '') return { to: kind ? withQuery({ kind }) : path }
    const sent = await visit.api.post<{ items: Found[] }>('/people/search', { search: search.slice(0, 100), limit: 30 }, visit.form.get('_key'))
    return whoPage(visit, kind, sent.done ? { found: sent.body.items } : { problem: sent.problem })
  }, { right: 'movements' })

  console.form(path, async (visit) => {
    const { api, form, zone } = visit
    const kind = kindOf(form.get('kind'))
    const personId = form.get('person')
    if (!kind || personId === '') return { to: path }
    const loads = kind === 'assignmentChange' ? readLoads(form) : []
    const body = { kind, personId, ...readForm(await fieldsOfKind(visit, kind, personId), form, zone), ...(loads.length > 0 && { giveLoads: loads }), ...(form.get('draft') !== '' && { draft: true }) }
    const sent = await api.post<{ id: string }>('/movements', body, form.get('_key'))
    return sent.done ? { to: `/movement/${encodeURIComponent(sent.body.id)}` } : detailsPage(visit, kind, personId, sent.problem)
  }, { right: 'movements' })
}

async function step(visit: Visit, chosen: string, personId: string): Promise<Page> {
  const kind = kindOf(chosen)
  if (!kind) return kindPage()
  return personId === '' ? whoPage(visit, kind) : detailsPage(visit, kind, personId)
}

function kindPage(): Page {
  const group = (title: string, kinds: readonly MovementKind[]) =>
    html`<section class="card"><h2>${title}</h2><ul class="picks">${kinds.map((kind) => html`<li><a class="button" href="${withQuery({ kind })}">${movementKindLabel(kind)}</a><p class="hint">${movementEffects[kind]}</p></li>`)}</ul></section>`
  return { title: texts.start, content: html`${backTo('/movement', texts.title)}<h1>${texts.kindTitle}</h1>${group(texts.pupils, studentMovementKinds)}${group(texts.staff, staffMovementKinds)}` }
}

const head = (kind: MovementKind): Html => html`${backTo('/movement', texts.title)}<h1>${movementKindLabel(kind)}</h1><p>${movementEffects[kind]} <a href="${path}">${texts.otherKind}</a></p>`

async function whoPage(visit: Visit, kind: MovementKind, { found, problem }: { found?: Found[]; problem?: Problem } = {}): Promise<Page> {
  return {
    title: movementKindLabel(kind),
    status: problem?.status ?? 200,
    content: html`${head(kind)}
      <section class="card">
        <h2>${texts.whoTitle}</h2>
        ${problemView({ problem }, [])}
        <form method="post" action="/movement/find" class="row filter">${formGuards(visit)}<input type="hidden" name="kind" value="${kind}" />
          <label>${texts.search} <input name="search" type="search" value="${visit.form.get('search')}" maxlength="100" required autocomplete="off" /></label><button class="main">${texts.find}</button></form>
        ${found && html`<h3>${texts.found}</h3>${peopleView(kind, found.map((person) => ({ id: person.id, name: person.name, more: placeOf(person) })), texts.nobody)}`}
        <p class="hint">${isComing(kind) && texts.notThere}</p>
        ${!isComing(kind) && (isPupilKind(kind) ? await ofClass(visit, kind) : await ofStaff(visit, kind))}
      </section>`,
  }
}

const placeOf = ({ memberships }: Found) => memberships.filter(({ endedAt }) => endedAt === null).map(({ className, position }) => className ?? position ?? '').filter(Boolean).join(', ')

const peopleView = (kind: MovementKind, people: readonly { id: string; name: string; more?: string }[], none: string): Html =>
  people.length === 0 ? html`<p class="quiet">${none}</p>` : html`<ul class="people">${people.map(({ id, name, more }) => html`<li><a href="${withQuery({ kind, person: id })}">${name}</a>${more && html` <span class="quiet">${more}</span>`}</li>`)}</ul>`

async function ofClass(visit: Visit, kind: MovementKind): Promise<Html> {
  const classes = (await openClasses(visit)).filter(({ pupils }) => pupils > 0)
  const chosen = visit.query.get('class')
  const card = classes.some(({ id }) => id === chosen) ? await visit.api.get<{ people: { personId: string; name: string }[] }>(`/classes/${encodeURIComponent(chosen)}`) : undefined
  return html`<h3>${texts.ofClass}</h3>
    <p class="chips">${classes.map(({ id, name }) => html`<a class="button small" href="${withQuery({ kind, class: id })}" ${id === chosen && html`aria-current="true"`}>${name}</a>`)}</p>
    ${card && peopleView(kind, card.people.map(({ personId, name }) => ({ id: personId, name })), texts.noPupils)}`
}

async function ofStaff(visit: Visit, kind: MovementKind): Promise<Html> {
  const { items } = await visit.api.get<{ items: Found[] }>('/people?kind=staff&limit=200')
  return html`<h3>${texts.ofStaff}</h3>${peopleView(kind, items.map((person) => ({ id: person.id, name: person.name, more: placeOf(person) })), texts.nobody)}`
}

async function detailsPage(visit: Visit, kind: MovementKind, personId: string, problem?: Problem): Promise<Page> {
  const person = await visit.api.get<Found>(`/people/${encodeURIComponent(personId)}`)
  const fields = await fieldsOfKind(visit, kind, personId)
  const filled = { form: problem && visit.form, problem, id: 'movement' }
  return {
    title: movementKindLabel(kind),
    status: problem?.status ?? 200,
    content: html`${head(kind)}
      <section class="card">
        <h2>${person.name}</h2>
        <p class="quiet">${placeOf(person)} <a href="${withQuery({ kind })}">${texts.otherPerson}</a></p>
        <form method="post" action="${path}" class="stack">${formGuards(visit)}<input type="hidden" name="kind" value="${kind}" /><input type="hidden" name="person" value="${personId}" />
          ${problemView(filled, fields)}${formView(fields, filled)}${kind === 'assignmentChange' && (await loadsView(visit))}
          <p class="hint">${texts.draftHint}</p>
          <div class="row"><button class="main">${texts.begin}</button><button name="draft" value="1">${texts.draft}</button></div>
        </form>
      </section>`,
  }
}
