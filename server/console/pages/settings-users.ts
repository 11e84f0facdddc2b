import type { Static } from 'typebox'
import { settingsTexts as texts } from '../../../school/texts/console/settings.ts'
import { roleLabel } from '../../../school/texts/labels.ts'
import { html } from '../../html.ts'
import { schoolRoles } from '../../rights.ts'
import type { Person } from '../../schemas/person.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import { problemView } from '../forms/form-view.ts'
import type { Page } from '../layout.ts'
import { settingsPage } from '../settings/frame.ts'
import { formGuards, type Visit } from '../visit.ts'

type Who = Static<typeof Person>

const path = '/settings/users'
/** More than a school has staff. */
const most = 200

/** Who of the staff may do what in the service. */
export function settingsUsersPage(console: Console): void {
  console.page(path, list, { right: 'settings' })
  console.page(`${path}/:id`, (visit) => person(visit), { right: 'settings' })
  console.form(`${path}/:id`, async (visit) => {
    const place = placeOf(await visit.api.get<Who>(`/people/${encodeURIComponent(visit.params.id!)}`))
    if (!place) return { to: path }
    const sent = await visit.api.patch(`/memberships/${encodeURIComponent(place.id)}`, { roles: visit.form.all('roles') })
    return sent.done ? { to: `${path}?saved=1` } : person(visit, sent.problem)
  }, { right: 'settings' })
}

const placeOf = ({ memberships }: Who) => memberships.find(({ kind, endedAt }) => kind === 'staff' && endedAt === null)

async function list(visit: Visit): Promise<Page> {
  const { items } = await visit.api.get<{ items: Who[] }>(`/people?kind=staff&limit=${most}`)
  const rolesOf = (who: Who) => placeOf(who)?.roles ?? []
  return settingsPage(
    visit,
    texts.users,
    html`<p>${texts.usersHint}</p>
      ${items.length === 0
        ? html`<p class="card empty">${texts.noUsers}</p>`
        : html`<table class="list card"><thead><tr><th scope="col">${texts.name}</th><th scope="col">${texts.roles}</th></tr></thead>
          <tbody>${items.map((who) => html`<tr><td><a href="${path}/${encodeURIComponent(who.id)}">${who.name}</a></td><td>${rolesOf(who).length === 0 ? html`<span class="quiet">${texts.noRoles}</span>` : rolesOf(who).map((role) => html`<span class="mark">${roleLabel(role)}</span> `)}</td></tr>`)}</tbody></table>`}`,
  )
}

async function person(visit: Visit, problem?: Problem): Promise<Page> {
  const who = await visit.api.get<Who>(`/people/${encodeURIComponent(visit.params.id!)}`)
  const place = placeOf(who)
  const held: readonly string[] = problem ? visit.form.all('roles') : (place?.roles ?? [])
  return settingsPage(
    visit,
    who.name,
    html`${backTo(path, texts.users)}
      <section class="card"><h2>${who.name}</h2>${place?.position && html`<p class="quiet">${place.position}</p>`}
        ${who.email === null && html`<p class="warn">${texts.noEmail}</p>`}
        <form method="post" action="${path}/${encodeURIComponent(who.id)}" class="stack">${formGuards(visit)}${problemView({ problem }, [])}
          <fieldset class="field"><legend>${texts.roles}</legend>${schoolRoles.map((role) => html`<label class="choice"><input type="checkbox" name="roles" value="${role}" ${held.includes(role) && html`checked`} />${roleLabel(role)}</label>`)}</fieldset>
          <p class="hint">${texts.rolesEffect}</p><button class="main">${texts.changeRoles}</button></form>
      </section>`,
    problem?.status,
  )
}
