import type { Static } from 'typebox'
import { classTexts as texts, classesTexts } from '../../../school/texts/console/classes.ts'
import { html, type Html } from '../../html.ts'
import type { Joining } from '../../schemas/joining.ts'
import type { SchoolClass, Space } from '../../schemas/structure.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { buttonForm, refusalView } from '../list-parts.ts'
import { live, momentView, termView } from '../parts.ts'
import { allJoinings, latestOf } from '../people/joinings.ts'
import { statusMark } from '../people/people-view.ts'
import type { Visit } from '../visit.ts'

type Card = Static<typeof SchoolClass> & { people: { personId: string; name: string; platformStatus: string }[]; places: Static<typeof Space>[] }
type JoiningCard = Static<typeof Joining> & { members?: { personId: string; name: string; state: string | null; stateTitle: string | null; delivery: string | null }[] }

const audiences = ['student', 'guardian'] as const

/** One class: who has joined, who is invited, who is late; a sheet to hand out. */
export function classPage(console: Console): void {
  console.page('/classes/:id', (visit) => view(visit))
  console.form('/classes/:id/sheet/:joining', async (visit) => {
    const made = await visit.api.print(`/joinings/${encodeURIComponent(visit.params.joining!)}/sheet`)
    return made.done ? { file: made.file } : view(visit, made.problem)
  }, { right: 'work' })
}

async function view(visit: Visit, problem?: Problem): Promise<Page> {
  const { api, params } = visit
  const id = params.id!
  const [card, joinings] = await Promise.all([api.get<Card>(`/classes/${encodeURIComponent(id)}`), allJoinings(api, id)])
  const latest = await Promise.all(
    audiences.map(async (audience) => {
      const line = latestOf(joinings, id, audience)
      return { audience, joining: line && (line.byName ? await api.get<JoiningCard>(`/joinings/${line.id}`) : (line as JoiningCard)) }
    }),
  )
  return {
    title: card.name,
    status: problem?.status ?? 200,
    content: html`<div ${live()}>
      ${backTo('/classes', texts.back)}
      <h1>${classesTexts.name} ${card.name}</h1>
      ${refusalView(problem)}
      <dl class="facts">
        <dt>${classesTexts.teacher}</dt><dd>${card.classTeachers.length === 0 ? html`<span class="mark warn">${classesTexts.noTeacher}</span>` : card.classTeachers.map((one) => (visit.may('read') ? html`<a href="/people/${one.id}">${one.name}</a> ` : one.name))}</dd>
        <dt>${classesTexts.pupils}</dt><dd>${card.pupils}</dd>
        <dt>${classesTexts.guardians}</dt><dd>${card.guardians}${visit.may('read') && card.guardians > 0 && html` · <a href="/people?classId=${card.id}&amp;kind=guardian">${texts.guardiansList}</a>`}</dd>
        <dt>${texts.onPlatform}</dt><dd>${card.platformName ?? html`<span class="quiet">${texts.notOnPlatform}</span>`}</dd>
      </dl>
      ${latest.map(({ audience, joining }) => joiningView(visit, card, audience, joining))}
      <section class="card"><h2>${texts.list}</h2>${card.people.length === 0 ? html`<p class="quiet">${texts.nobody}</p>` : html`<ul class="columns">${card.people.map(({ personId, name, platformStatus }) => html`<li>${visit.may('read') ? html`<a href="/people/${personId}">${name}</a>` : name} ${platformStatus !== 'absent' && statusMark(platformStatus)}</li>`)}</ul>`}</section>
      <section class="card"><h2>${texts.places}</h2>${card.places.length === 0 ? html`<p class="quiet">${texts.noPlaces}</p>` : html`<ul>${card.places.map(({ name, kindTitle, stateTitle, processId }) => html`<li>${processId === null ? name : html`<a href="/processes/${encodeURIComponent(processId)}">${name}</a>`} <span class="quiet">${kindTitle}</span> <span class="mark">${stateTitle}</span></li>`)}</ul>`}</section>
    </div>`,
  }
}

function joiningView(visit: Visit, card: Card, audience: 'student' | 'guardian', joining: JoiningCard | undefined): Html {
  const invite = buttonForm(visit, '/people/invite/preview', texts.invite, { fields: { class: card.id, audience } })
  if (!joining) return html`<section class="card"><h2>${texts[audience]}</h2><p class="quiet">${texts.noJoining}</p><div class="row">${invite}</div></section>`
  const { link } = joining
  const over = link.expiresAt !== null && new Date(link.expiresAt) < new Date()
  const alive = link.state === 'active'
  return html`<section class="card"><h2>${texts[audience]}</h2>
    <p><strong>${joining.summary}</strong> <span class="mark">${joining.stateTitle}</span></p>
    <p>${texts.link} <a href="/links/${link.id}">${link.number}</a> ${texts.inChat} «${joining.space.name}» <span class="mark ${over && 'bad'}">${link.stateTitle}</span>${link.expiresAt !== null && html` ${texts.term} ${alive ? termView(link.expiresAt, visit.zone) : momentView(link.expiresAt, visit.zone)}`}</p>
    ${over && joining.joined < joining.people && html`<p class="warn">${texts.late}</p>`}
    ${membersView(visit, joining, over)}
    <div class="row">
      ${alive && !over && buttonForm(visit, `/classes/${card.id}/sheet/${joining.id}`, texts.sheet, { file: true })}
      ${alive && buttonForm(visit, '/links/act', texts.extend, { fields: { link: link.id, do: 'extend' } })}
      ${alive && buttonForm(visit, '/links/act', texts.revoke, { fields: { link: link.id, do: 'revoke' }, danger: true })}
      ${(!alive || joining.byName) && invite}
      <a class="button" href="/processes/${encodeURIComponent(joining.processId)}">${texts.process}</a>
    </div>
    ${alive && !over && html`<p class="hint">${texts.sheetHint}</p>`}
  </section>`
}

/** By name where the school decided so: who is there, who is awaited, who is late, who said no. */
function membersView(visit: Visit, { members }: JoiningCard, over: boolean): Html {
  if (!members) return html`<p class="hint">${texts.countsOnly}</p>`
  const groups = { joined: ['joined', 'joinedLate', 'lateChecked'], waiting: ['planned', 'sent'], declined: ['declined'], late: ['expired'] }
  const of = (states: readonly string[]) => members.filter(({ state }) => state !== null && states.includes(state))
  const list = (title: string, people: typeof members, mark: string) =>
    people.length > 0 && html`<h3><span class="mark ${mark}">${title}: ${people.length}</span></h3><ul class="columns">${people.map(({ personId, name }) => html`<li>${visit.may('read') ? html`<a href="/people/${personId}">${name}</a>` : name}</li>`)}</ul>`
  return html`${list(texts.lateNames, [...(over ? of(groups.waiting) : []), ...of(groups.late)], 'bad')}${!over && list(texts.waitingNames, of(groups.waiting), 'warn')}${list(texts.joinedNames, of(groups.joined), 'good')}${list(texts.declinedNames, of(groups.declined), '')}`
}
