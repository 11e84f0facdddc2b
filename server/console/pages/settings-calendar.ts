import type { Static } from 'typebox'
import { dayKinds } from '../../../school/calendar/day-kind.ts'
import { settingsTexts as texts } from '../../../school/texts/console/settings.ts'
import { shortDate } from '../../../school/texts/format.ts'
import { html } from '../../html.ts'
import type { Organization } from '../../routes/organizations.ts'
import type { Problem } from '../api.ts'
import type { Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import type { Page } from '../layout.ts'
import { settingsPage } from '../settings/frame.ts'
import { formGuards, type Visit } from '../visit.ts'

type Day = Static<typeof Organization>['settings']['calendarCorrections'][number]

const path = '/settings/calendar'
const fields: readonly FormField[] = [
  { name: 'date', label: texts.date, required: true, kind: 'date', options: [] },
  { name: 'kind', label: texts.kind, required: true, kind: 'choice', options: dayKinds.map((value) => ({ value, label: texts.dayKinds[value] })) },
]

/** Days that the region or the school has set itself. */
export function settingsCalendarPage(console: Console): void {
  console.page(path, (visit) => view(visit), { right: 'settings' })
  console.form(path, (visit) => change(visit, (days) => [...days.filter(({ date }) => date !== visit.form.get('date')), { date: visit.form.get('date'), kind: visit.form.get('kind') as Day['kind'] }]), { right: 'settings' })
  console.form(`${path}/remove`, (visit) => change(visit, (days) => days.filter(({ date }) => date !== visit.form.get('date'))), { right: 'settings' })
}

const daysOf = async ({ api, school }: Visit) => (await api.get<Static<typeof Organization>>(`/organizations/${school!.id}`)).settings.calendarCorrections.toSorted((a, b) => a.date.localeCompare(b.date))

async function change(visit: Visit, to: (days: readonly Day[]) => Day[]) {
  const sent = await visit.api.patch(`/organizations/${visit.school!.id}`, { settings: { calendarCorrections: to(await daysOf(visit)) } })
  return sent.done ? { to: `${path}?saved=1` } : view(visit, sent.problem)
}

async function view(visit: Visit, problem?: Problem): Promise<Page> {
  const days = await daysOf(visit)
  // The API names the day by where it stood in the list that was sent: the new one is the last.
  const own = problem && { ...problem, problems: problem.problems?.map((one) => ({ ...one, path: one.path.split('.').at(-1)! })) ?? [] }
  const filled = { id: 'day', form: problem && visit.form, problem: own }
  return settingsPage(
    visit,
    texts.calendar,
    html`<p>${texts.calendarHint}</p>
      ${days.length === 0
        ? html`<p class="card empty">${texts.noCorrections}</p>`
        : html`<table class="list card"><thead><tr><th scope="col">${texts.date}</th><th scope="col">${texts.kind}</th><th scope="col"><span class="visually-hidden">${texts.remove}</span></th></tr></thead>
          <tbody>${days.map(({ date, kind }) => html`<tr><td><strong>${shortDate(date)}</strong></td><td>${texts.dayKinds[kind]}</td><td><form method="post" action="${path}/remove">${formGuards(visit)}<input type="hidden" name="date" value="${date}" /><button class="small" aria-label="${texts.removeDay} ${shortDate(date)}">${texts.remove}</button></form></td></tr>`)}</tbody></table>`}
      <section class="card"><h2>${texts.addDay}</h2><form method="post" action="${path}" class="stack">${formGuards(visit)}${problemView(filled, fields)}${formView(fields, filled)}<button class="main">${texts.add}</button></form></section>`,
    problem?.status,
  )
}
