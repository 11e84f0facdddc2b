import type { Static } from 'typebox'
import { classesTexts as texts } from '../../../school/texts/console/classes.ts'
import { html, type Html } from '../../html.ts'
import type { Joining } from '../../schemas/joining.ts'
import type { SchoolClass } from '../../schemas/structure.ts'
import type { Problem } from '../api.ts'
import type { Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { emptyView, optionsView, refusalView, searchOf } from '../list-parts.ts'
import { allJoinings, latestOf } from '../people/joinings.ts'
import { live } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

type Class = Static<typeof SchoolClass>
type Year = { key: string; title: string; current: boolean }

/** The classes of a year: how far each has come, and what can be done with several at once. */
export function classesPage(console: Console): void {
  console.page('/classes', (visit) => view(visit))
  console.form('/classes', async (visit) => {
    const { api, form } = visit
    const names = form.get('names').split(/[,;\n]/).map((name) => name.trim()).filter(Boolean)
    const year = form.get('academicYear')
    const sent = await api.post<{ created: number; rows: { name?: string; status: string; problem?: { message: string } }[] }>('/classes', { ...(year && { academicYear: year }), classes: names.map((name) => ({ name })) }, form.get('_key'))
    if (!sent.done) return view(visit, { problem: sent.problem })
    const refused = sent.body.rows.flatMap(({ problem }, index) => (problem ? [`${names[index]!}: ${problem.message}`] : []))
    return refused.length === 0 ? { to: `/classes${searchOf({ academicYear: year, added: String(sent.body.created) })}` } : view(visit, { added: sent.body.created, refused })
  }, { right: 'structure' })
}

async function view(visit: Visit, { problem, added, refused = [] }: { problem?: Problem; added?: number; refused?: string[] } = {}): Promise<Page> {
  const { api, query, form } = visit
  const [years, joinings] = await Promise.all([api.get<{ items: Year[] }>('/academic-years'), allJoinings(api)])
  const year = years.items.find(({ key }) => key === (query.get('academicYear') || form.get('academicYear'))) ?? years.items.find(({ current }) => current)!
  const { items } = await api.get<{ items: Class[] }>(`/classes?academicYear=${year.key}`)
  const count = added ?? Number(query.get('added') || NaN)
  return {
    title: texts.title,
    status: problem?.status ?? (refused.length > 0 ? 422 : 200),
    content: html`<div ${live()}>
      <h1>${texts.title}</h1>
      ${count >= 0 && html`<p class="good" role="status">${texts.added(count)}</p>`}
      ${refusalView(problem)}
      ${refused.length > 0 && html`<div class="problem" role="alert">${refused.map((line) => html`<p>${line}</p>`)}</div>`}
      <form method="get" action="/classes" class="row filter"><label>${texts.year} <select name="academicYear">${optionsView(years.items.map(({ key, title }) => ({ value: key, label: title })), year.key)}</select></label><button>${texts.show}</button></form>
      ${items.length === 0 ? emptyView(texts.emptyTitle, texts.empty, visit.may('people') && { to: '/imports', title: texts.upload }) : tableOf(visit, items, joinings)}
      ${visit.may('structure') && html`<details class="card" id="add" ${(problem ?? refused.length > 0) && html`open`}><summary>${texts.add}</summary>
        <form method="post" action="/classes" class="stack">${formGuards(visit)}<input type="hidden" name="academicYear" value="${year.key}" />
          <label for="names">${texts.names}</label><input id="names" name="names" value="${form.get('names')}" required maxlength="1000" autocomplete="off" /><button>${texts.save}</button></form></details>`}
    </div>`,
  }
}

const tableOf = (visit: Visit, items: readonly Class[], joinings: readonly Static<typeof Joining>[]): Html => html`<form method="post" action="/people/invite/preview" class="card">
  ${formGuards(visit)}
  <label class="choice js-only-flex"><input type="checkbox" data-all="class" />${texts.chooseAll}</label>
  <table class="list">
    <thead><tr><th scope="col"><span class="visually-hidden">${texts.chooseAll}</span></th><th scope="col">${texts.name}</th><th scope="col">${texts.teacher}</th><th scope="col">${texts.pupils}</th><th scope="col">${texts.guardians}</th><th scope="col">${texts.studentsIn}</th><th scope="col">${texts.guardiansIn}</th></tr></thead>
    <tbody>
      ${items.map(
        ({ id, name, classTeachers, pupils, guardians }) => html`<tr>
          <td class="box"><input type="checkbox" name="class" value="${id}" aria-label="${name}" /></td>
          <td><a href="/classes/${id}"><strong>${name}</strong></a></td>
          <td data-label="${texts.teacher}">${classTeachers.length === 0 ? html`<span class="mark warn">${texts.noTeacher}</span>` : classTeachers.map((one) => one.name).join(', ')}</td>
          <td data-label="${texts.pupils}">${pupils}</td>
          <td data-label="${texts.guardians}">${guardians}</td>
          <td data-label="${texts.studentsIn}">${progress(latestOf(joinings, id, 'student'))}</td>
          <td data-label="${texts.guardiansIn}">${progress(latestOf(joinings, id, 'guardian'))}</td>
        </tr>`,
      )}
    </tbody>
  </table>
  <p class="hint">${texts.hint}</p>
  <div class="row">
    <button name="audience" value="student">${texts.inviteStudents}</button>
    <button name="audience" value="guardian">${texts.inviteGuardians}</button>
    <button name="do" value="extend" formaction="/links/act">${texts.extend}</button>
    <button name="do" value="revoke" formaction="/links/act" class="danger">${texts.revoke}</button>
  </div>
</form>`

/** «Вступили 21 из 25»; a link whose term is over stands out. */
function progress(joining: Static<typeof Joining> | undefined): Html {
  if (!joining) return html`<span class="quiet">${texts.notInvited}</span>`
  const over = joining.link.expiresAt !== null && new Date(joining.link.expiresAt) < new Date() && joining.joined < joining.people
  return html`<span class="mark ${joining.people > 0 && joining.joined >= joining.people ? 'good' : over ? 'bad' : ''}">${joining.summary}</span>`
}
