import type { Static } from 'typebox'
import { linkTexts } from '../../../school/texts/console/links.ts'
import { newPersonTexts, peopleTexts, personTexts as texts } from '../../../school/texts/console/people.ts'
import { shortDate } from '../../../school/texts/format.ts'
import { roleLabel } from '../../../school/texts/labels.ts'
import { html, type Html } from '../../html.ts'
import type { PersonHistory, PersonTimelineLine } from '../../routes/person-history.ts'
import type { Movement } from '../../schemas/movement.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import type { Page } from '../layout.ts'
import { buttonForm } from '../list-parts.ts'
import { live, momentView, termView } from '../parts.ts'
import { placeText, statusMark, type PersonLine, type Place } from '../people/people-view.ts'
import { formGuards, type Visit } from '../visit.ts'

type History = Static<typeof PersonHistory>
type Line = Static<typeof PersonTimelineLine>

const perPage = 50
const fields: readonly FormField[] = (['lastName', 'firstName', 'patronymic', 'phone', 'email'] as const).map((name) => ({ name, label: newPersonTexts[name], required: name.endsWith('Name'), kind: 'line', options: [], maxLength: name === 'email' ? 254 : 60 }))

/** One person: what they are, what has been done about them and by whom, what waits. */
export function personPage(console: Console): void {
  console.page('/people/:id', (visit) => view(visit, {}), { right: 'read' })
  console.form('/people/:id', async (visit) => {
    const { form, api, params } = visit
    const change = { lastName: form.get('lastName'), firstName: form.get('firstName'), patronymic: form.get('patronymic') || null, email: form.get('email') || null, ...(form.get('phone') !== '' && { phone: form.get('phone') }) }
    const sent = await api.patch(`/people/${encodeURIComponent(params.id!)}`, change)
    return sent.done ? { to: `/people/${encodeURIComponent(params.id!)}?saved=1` } : view(visit, { problem: sent.problem })
  }, { right: 'people' })
  console.form('/people/:id/phone', async (visit) => {
    const shown = await visit.api.post<{ phone: string | null }>(`/people/${encodeURIComponent(visit.params.id!)}/reveal`, {}, visit.form.get('_key'))
    return view(visit, shown.done ? { phone: shown.body.phone ?? texts.none } : { problem: shown.problem })
  }, { right: 'reveal' })
}

async function view(visit: Visit, { problem, phone }: { problem?: Problem; phone?: string }): Promise<Page> {
  const { api, params, query, zone } = visit
  const path = `/people/${encodeURIComponent(params.id!)}`
  const after = query.get('after')
  const [person, history, timeline, movements, guardians] = await Promise.all([
    api.get<PersonLine>(path),
    api.get<History>(`${path}/history`),
    api.get<{ items: Line[]; next?: string }>(`${path}/timeline?limit=${perPage}${after && `&cursor=${encodeURIComponent(after)}`}`),
    api.get<{ items: Static<typeof Movement>[] }>(`/movements?limit=50&personId=${encodeURIComponent(params.id!)}`),
    api.get<{ items: PersonLine[] }>(`/people?limit=50&guardianOf=${encodeURIComponent(params.id!)}`),
  ])
  const here = person.memberships.filter(({ endedAt }) => endedAt === null)
  const invitable = visit.may('invite') && here.some(({ platformStatus, kind }) => kind !== 'staff' || !['joined', 'verified'].includes(platformStatus))
  const section = (title: string, content: Html, empty: string, count: number) => html`<section class="card"><h2>${title}</h2>${count > 0 ? content : html`<p class="quiet">${empty}</p>`}</section>`
  return {
    title: person.name,
    status: problem?.status ?? 200,
    content: html`<div ${live()}>
      ${backTo('/people', texts.back)}
      <h1>${person.name}</h1>
      ${query.get('saved') !== '' && html`<p class="good" role="status">${texts.saved}</p>`}
      <dl class="facts">
        ${person.memberships.map((place) => placeFacts(place, zone))}
        ${here.some(({ roles }) => roles.length > 0) && html`<dt>${texts.roles}</dt><dd>${here.flatMap(({ roles }) => roles).map(roleLabel).join(', ')}</dd>`}
        <dt>${texts.phone}</dt><dd>${phone ?? person.phone ?? texts.none}</dd>
        <dt>${texts.email}</dt><dd>${person.email ?? texts.none}</dd>
      </dl>
      <div class="row">
        ${invitable && buttonForm(visit, '/people/invite/preview', texts.invite, { fields: { person: person.id } })}
        ${visit.may('reveal') && person.phone !== null && phone === undefined && html`${buttonForm(visit, `${path}/phone`, texts.show)}<span class="hint">${texts.showHint}</span>`}
      </div>
      ${visit.may('people') && editForm(visit, person, path, problem)}
      ${section(texts.tasks, html`<ul>${history.tasks.map(({ id, title, dueAt, assignee }) => html`<li><a href="/tasks/${encodeURIComponent(id)}">${title}</a>${dueAt !== null && html` ${termView(dueAt, zone)}`}${assignee && html` · ${assignee.name}`}</li>`)}</ul>`, texts.noTasks, history.tasks.length)}
      ${section(texts.invitations, html`<ul>${history.invitations.map((one) => invitationView(one, zone))}</ul>`, texts.noInvitations, history.invitations.length)}
      ${here.some(({ kind }) => kind === 'student') && section(texts.guardians, html`<ul>${guardians.items.map(({ id, name, memberships }) => html`<li><a href="/people/${id}">${name}</a> ${memberships.filter(({ guardianOf, endedAt }) => guardianOf === person.id && endedAt === null).map(({ platformStatus }) => statusMark(platformStatus))}</li>`)}</ul>`, texts.noGuardians, guardians.items.length)}
      ${section(texts.movements, html`<ul>${movements.items.map(({ processId, kindTitle, number, effectiveOn, stateTitle, fromClassName, toClassName }) => html`<li><a href="/processes/${encodeURIComponent(processId)}">${kindTitle} ${number}</a> ${texts.since} ${shortDate(effectiveOn as `${number}-${number}-${number}`)}${(fromClassName ?? toClassName) && html`: ${[fromClassName, toClassName].filter(Boolean).join(' → ')}`} <span class="mark">${stateTitle}</span></li>`)}</ul>`, texts.noMovements, movements.items.length)}
      ${section(texts.processes, html`<ul>${history.processes.map(({ id, title, number, stateTitle, openedAt }) => html`<li><a href="/processes/${encodeURIComponent(id)}">${title}${number !== null && html` ${number}`}</a> <span class="mark">${stateTitle}</span> <span class="quiet">${shortDate(new Date(openedAt), zone)}</span></li>`)}</ul>`, texts.noProcesses, history.processes.length)}
      ${section(texts.timeline, html`<ol class="timeline">${timeline.items.map((line) => lineView(line, zone))}</ol>${timeline.next !== undefined && html`<p><a class="button" href="${path}?after=${encodeURIComponent(timeline.next)}">${texts.earlier}</a></p>`}`, texts.noTimeline, timeline.items.length)}
    </div>`,
  }
}

function placeFacts(place: Place, zone: string): Html {
  const since = place.startsOn !== null && `${texts.since} ${shortDate(place.startsOn as `${number}-${number}-${number}`)}`
  const till = place.endedAt !== null && `${texts.till} ${shortDate(new Date(place.endedAt), zone)} (${peopleTexts.former})`
  return html`<dt>${placeText(place)}</dt><dd>${place.endedAt === null && statusMark(place.platformStatus)} ${[since, till].filter(Boolean).join(' ')}${place.guardianOf !== null && html` <a href="/people/${place.guardianOf}">${place.childName}</a>`}</dd>`
}

const invitationView = ({ linkId, number, targetName, stateTitle, deliveryTitle, expiresAt }: History['invitations'][number], zone: string): Html =>
  html`<li>${targetName || linkTexts.staffRoom} ${texts.by} <a href="/links/${linkId}">${number}</a> <span class="mark">${stateTitle}</span> <span class="quiet">${deliveryTitle}${expiresAt !== null && html` · ${texts.term} ${shortDate(new Date(expiresAt), zone)}`}</span></li>`

const lineView = ({ at, who, what, to, about, processTitle, why, clause, applied }: Line, zone: string): Html => html`<li>
  <p>${momentView(at, zone)} <span class="quiet">${who}</span></p>
  <p><strong>${what}</strong> → ${to} <span class="quiet">${[processTitle, about, clause, !applied && texts.dropped].filter(Boolean).join(' · ')}</span></p>
  ${why !== null && html`<p class="why">${why}</p>`}
</li>`

function editForm(visit: Visit, person: PersonLine, path: string, problem: Problem | undefined): Html {
  // The phone is shown masked: an empty field leaves it as it is.
  const shown = fields.map((field) => ({ ...field, value: field.name === 'phone' ? '' : (person[field.name as 'lastName' | 'email'] ?? '') }))
  const filled = { id: 'edit', form: problem && visit.form, problem }
  return html`<details class="card" id="edit" ${problem && html`open`}><summary>${texts.edit}</summary>${problemView(filled, shown)}<form method="post" action="${path}" class="stack">${formGuards(visit)}${formView(shown, filled)}<button>${texts.save}</button></form></details>`
}
