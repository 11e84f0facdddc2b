import type { Static } from 'typebox'
import { overviewTexts as texts } from '../../../school/texts/console/overview.ts'
import { plural } from '../../../school/texts/format.ts'
import { html, type Html } from '../../html.ts'
import type { Overview } from '../../routes/overview.ts'
import type { TaskListLine } from '../../schemas/task-card.ts'
import type { Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { barChart, widths } from '../overview/chart.ts'
import { exportPages, exportView } from '../overview/export.ts'
import { live, termView } from '../parts.ts'
import { subjectOf } from '../tasks/task-values.ts'
import type { Visit } from '../visit.ts'

type Seen = Static<typeof Overview>

/** Overdue tasks named one by one; the rest are counted. */
const worst = 10
const steps = ['staff', 'invited', 'opened', 'requested', 'joined', 'verified'] as const
/** Colours that tell apart also where red and green look alike; dark enough beside white (WCAG 1.4.11). */
const blue = '#1f5fbf'
const orange = '#b45f06'
const pale = '#8793a6'

/** How far the school is, what is late with whom, and the registers as files. */
export function overviewPage(console: Console): void {
  console.page('/overview', view, { right: 'read' })
  const picture = (path: string, draw: (seen: Seen, width: number) => string) =>
    console.raw(path, async ({ api, query }, _request, reply) => reply.type('image/svg+xml; charset=utf-8').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'").send(draw(await api.get<Seen>('/overview'), query.get('narrow') === '' ? widths.wide : widths.narrow)), { right: 'read' })
  picture('/overview/staff.svg', ({ funnel }, width) => barChart(steps.map((step) => texts.steps[step]), [[{ name: texts.people, color: blue, values: steps.map((step) => funnel[step]) }]], width))
  picture('/overview/classes.svg', ({ classes }, width) =>
    barChart(classes.map(({ className }) => className), [
      [{ name: texts.pupilsJoined, color: blue, values: classes.map(({ pupilsJoined }) => pupilsJoined) }, { name: texts.pupilsLeft, color: pale, values: classes.map(({ pupils, pupilsJoined }) => Math.max(0, pupils - pupilsJoined)) }],
      [{ name: texts.guardiansJoined, color: orange, values: classes.map(({ guardiansJoined }) => guardiansJoined) }, { name: texts.guardiansLeft, color: '#d5bb9c', values: classes.map(({ guardians, guardiansJoined }) => Math.max(0, guardians - guardiansJoined)) }],
    ], width),
  )
  exportPages(console)
}

async function view(visit: Visit): Promise<Page> {
  const { api } = visit
  const [seen, { items: late }] = await Promise.all([api.get<Seen>('/overview'), api.get<{ items: Static<typeof TaskListLine>[] }>(`/tasks?overdue=true&values=true&limit=${worst}`)])
  return {
    title: texts.title,
    content: html`<div ${live()}>
      <h1>${texts.title}</h1>
      <section class="card"><h2>${texts.late}</h2>${lateView(visit, seen, late)}</section>
      <section class="card"><h2>${texts.staff}</h2>${seen.funnel.staff === 0 ? html`<p class="quiet">${texts.noStaff}</p>` : staffView(seen)}</section>
      <section class="card"><h2>${texts.classes}</h2>${seen.classes.length === 0 ? html`<p class="quiet">${texts.noClasses}</p>` : classesView(seen)}</section>
      ${visit.may('people') && html`<section class="card"><h2>${texts.export}</h2>${exportView(visit)}</section>`}
    </div>`,
  }
}

function lateView({ zone }: Visit, { late }: Seen, tasks: readonly Static<typeof TaskListLine>[]): Html {
  if (late.length === 0) return html`<p class="quiet">${texts.noLate}</p>`
  const all = late.reduce((sum, { tasks: count }) => sum + count, 0)
  return html`<p class="warn">${plural(all, texts.lateMark)}</p>
    <table class="list"><thead><tr><th scope="col">${texts.who}</th><th scope="col">${texts.tasks}</th><th scope="col">${texts.oldest}</th></tr></thead>
    <tbody>${late.map(({ person, roles, tasks: count, oldestDueAt }) => html`<tr><td data-label="${texts.who}">${person ? person.name : `${texts.nobody}: ${roles.join(', ')}`}</td><td data-label="${texts.tasks}">${count}</td><td data-label="${texts.oldest}">${termView(oldestDueAt, zone)}</td></tr>`)}</tbody></table>
    <h3>${texts.worst}</h3>
    <ul class="picks">${tasks.map((task) => html`<li><a href="/tasks/${encodeURIComponent(task.id)}">${task.title}</a> ${subjectOf(task.values ?? [])}${task.assignee && html` · ${task.assignee.name}`}${task.dueAt !== null && html` ${termView(task.dueAt, zone)}`}</li>`)}</ul>`
}

const pictureView = (path: string, alt: string): Html => html`<picture><source media="(max-width: 40rem)" srcset="${path}?narrow=1" /><img class="chart" src="${path}" alt="${alt}" /></picture>`

const percent = (part: number, whole: number) => (whole === 0 ? '—' : `${Math.round((part / whole) * 100)}\u00a0%`)

const staffView = ({ funnel, roles }: Seen): Html => html`
  ${pictureView('/overview/staff.svg', texts.funnelAlt)}
  <details id="staff-numbers"><summary>${texts.numbers}</summary>
    <table><thead><tr><th scope="col">${texts.step}</th><th scope="col">${texts.people}</th><th scope="col">${texts.share}</th></tr></thead>
    <tbody>${steps.map((step) => html`<tr><th scope="row">${texts.steps[step]}</th><td>${funnel[step]}</td><td>${percent(funnel[step], funnel.staff)}</td></tr>`)}</tbody></table>
  </details>
  <h3>${texts.roles}</h3>
  <table class="list"><thead><tr><th scope="col">${texts.role}</th><th scope="col">${texts.all}</th><th scope="col">${texts.invited}</th><th scope="col">${texts.joined}</th></tr></thead>
  <tbody>${roles.map(({ title, people, invited, joined }) => html`<tr><td><strong>${title}</strong></td><td data-label="${texts.all}">${people}</td><td data-label="${texts.invited}">${invited}</td><td data-label="${texts.joined}">${joined}</td></tr>`)}</tbody></table>`

const classesView = ({ classes }: Seen): Html => html`
  ${pictureView('/overview/classes.svg', texts.classesAlt)}
  <details id="class-numbers"><summary>${texts.numbers}</summary>
    <table><thead><tr><th scope="col">${texts.className}</th><th scope="col">${texts.pupils}</th><th scope="col">${texts.guardians}</th></tr></thead>
    <tbody>${classes.map(({ className, pupils, pupilsJoined, guardians, guardiansJoined }) => html`<tr><th scope="row">${className}</th><td>${pupilsJoined} ${texts.of} ${pupils}</td><td>${guardiansJoined} ${texts.of} ${guardians}</td></tr>`)}</tbody></table>
  </details>`
