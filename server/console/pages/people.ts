import type { Static } from 'typebox'
import { membershipKinds, platformStatuses } from '../../../db/people.ts'
import { membershipKindLabel, peopleTexts as texts, platformStatusLabel } from '../../../school/texts/console/people.ts'
import { html, type Html } from '../../html.ts'
import type { SchoolClass } from '../../schemas/structure.ts'
import type { Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { emptyView, nextView, optionsView, searchOf } from '../list-parts.ts'
import { live } from '../parts.ts'
import { peopleTable, type PersonLine } from '../people/people-view.ts'
import { formGuards, type Visit } from '../visit.ts'

const perPage = 50

/** What is asked for; the name goes in a body only, never in an address (P7). */
interface Asked {
  q: string
  kind: string
  classId: string
  platformStatus: string
  cursor: string
}

const askedOf = (fields: Visit['query'], q: string): Asked => ({ q, kind: fields.get('kind'), classId: fields.get('classId'), platformStatus: fields.get('platformStatus'), cursor: fields.get('cursor') })
const filters = ({ kind, classId, platformStatus }: Asked) => ({ kind, classId, platformStatus })

/** The people of the school: found by name, class and state; those that are marked are invited. */
export function peoplePage(console: Console): void {
  console.page('/people', (visit) => view(visit, askedOf(visit.query, '')), { right: 'read' })
  console.form('/people/search', async (visit) => {
    const asked = askedOf(visit.form, visit.form.get('q'))
    return asked.q === '' ? { to: `/people${searchOf(filters(asked))}` } : view(visit, asked)
  }, { right: 'read' })
}

async function view(visit: Visit, asked: Asked): Promise<Page> {
  const { api } = visit
  const query = { limit: perPage, ...Object.fromEntries(Object.entries({ ...filters(asked), cursor: asked.cursor }).filter(([, value]) => value !== '')) }
  const classes = await api.get<{ items: Static<typeof SchoolClass>[] }>('/classes')
  const found = asked.q === '' ? await api.get<{ items: PersonLine[]; next?: string }>(`/people${searchOf({ ...query, limit: String(perPage) })}`) : await api.ask<{ items: PersonLine[]; next?: string }>('/people/search', { ...query, search: asked.q.slice(0, 100) })
  const filtered = Object.values(filters(asked)).some((value) => value !== '') || asked.q !== ''
  return {
    title: texts.title,
    content: html`<div ${live()}>
      <h1>${texts.title}</h1>
      ${searchForm(visit, asked, classes.items)}
      ${found.items.length === 0 ? nothing(visit, filtered) : listForm(visit, asked, found)}
      ${visit.may('people') && found.items.length > 0 && html`<p class="row"><a class="button" href="/people/new">${texts.add}</a><a class="button" href="/imports">${texts.upload}</a></p>`}
    </div>`,
  }
}

const nothing = (visit: Visit, filtered: boolean): Html =>
  filtered ? emptyView(texts.noneTitle, texts.none, { to: '/people', title: texts.reset }) : html`${emptyView(texts.emptyTitle, texts.empty, visit.may('people') && { to: '/imports', title: texts.upload })}${visit.may('people') && html`<p><a href="/people/new">${texts.add}</a></p>`}`

const searchForm = (visit: Visit, { q, kind, classId, platformStatus }: Asked, classes: readonly { id: string; name: string }[]): Html => html`<form method="post" action="/people/search" class="row filter" role="search">
  ${formGuards(visit)}
  <label>${texts.search} <input type="search" name="q" value="${q}" maxlength="100" autocomplete="off" /></label>
  <label>${texts.kind} <select name="kind"><option value="">${texts.anyKind}</option>${optionsView(membershipKinds.map((value) => ({ value, label: membershipKindLabel(value) })), kind)}</select></label>
  <label>${texts.className} <select name="classId"><option value="">${texts.anyClass}</option>${optionsView(classes.map(({ id, name }) => ({ value: id, label: name })), classId)}</select></label>
  <label>${texts.status} <select name="platformStatus"><option value="">${texts.anyStatus}</option>${optionsView(platformStatuses.map((value) => ({ value, label: platformStatusLabel(value) })), platformStatus)}</select></label>
  <button>${texts.find}</button>
</form>`

function listForm(visit: Visit, asked: Asked, { items, next }: { items: readonly PersonLine[]; next?: string }): Html {
  const mayInvite = visit.may('invite')
  const more = next !== undefined && (asked.q === ''
    ? nextView('/people', filters(asked), next, texts.next)
    : html`<form method="post" action="/people/search">${formGuards(visit)}${Object.entries({ ...filters(asked), q: asked.q, cursor: next }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}<button>${texts.next}</button></form>`)
  const table = peopleTable(items, mayInvite)
  return html`${mayInvite
    ? html`<form method="post" action="/people/invite/preview" class="card">
        ${formGuards(visit)}
        <label class="choice js-only-flex"><input type="checkbox" data-all="person" />${texts.chooseAll}</label>
        ${table}
        <p class="hint">${texts.inviteHint}</p>
        <button class="main">${texts.invite}</button>
      </form>`
    : html`<div class="card">${table}</div>`}${more}`
}
