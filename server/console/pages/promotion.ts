import type { Static } from 'typebox'
import { promotionDecisions } from '../../../machines/promotion-decision.ts'
import { promotionEffects, promotionRoad, promotionTexts as texts } from '../../../school/texts/console/promotion.ts'
import { promotionDecisionLabel } from '../../../school/texts/promotion-labels.ts'
import { html, type Html } from '../../html.ts'
import type { Promotion, PromotionSummary } from '../../routes/promotions.ts'
import type { Process } from '../../schemas/process.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import { problemView } from '../forms/form-view.ts'
import type { Page } from '../layout.ts'
import { live, termView } from '../parts.ts'
import { ownEvents } from '../process/own-events.ts'
import { nextYearView } from '../promotion/next-year.ts'
import { formGuards, type Visit } from '../visit.ts'

type Line = Static<typeof Promotion>
type Summary = Static<typeof PromotionSummary>
type Card = Static<typeof Process>

const pathOf = (id: string) => `/movement/year-end/${encodeURIComponent(id)}`
/** Told with the first row that was refused; the rest are as they were. */
const mostNames = 200

/** The year's end of the school: its road, the decisions by class, who is waited for. */
export function promotionPages(console: Console): void {
  console.page('/movement/year-end', (visit) => list(visit), { right: 'read' })
  console.page('/movement/year-end/:id', (visit) => card(visit), { right: 'read' })

  console.form('/movement/year-end', async (visit) => {
    const sent = await visit.api.post<{ id: string }>('/promotions', {}, visit.form.get('_key'))
    return sent.done ? { to: pathOf(sent.body.id) } : list(visit, sent.problem)
  }, { right: 'run' })

  console.form('/movement/year-end/:id/classes', async (visit) => {
    const id = visit.params.id!
    const names = visit.form.get('names').split('\n').map((line) => line.trim()).filter(Boolean).slice(0, mostNames)
    if (names.length === 0) return card(visit, { names: texts.noClasses })
    const { toYear } = await visit.api.get<Summary>(`/promotions/${encodeURIComponent(id)}`)
    const sent = await visit.api.post<{ rows: { index: number; problem?: { message: string } }[] }>('/classes', { academicYear: toYear, classes: names.map((name) => ({ name })) }, visit.form.get('_key'))
    if (!sent.done) return card(visit, { names: [sent.problem.detail, ...(sent.problem.problems ?? []).map(({ message }) => message)].join(' ') })
    const refused = sent.body.rows.flatMap(({ index, problem }) => (problem ? [`«${names[index]!}»: ${problem.message}`] : []))
    return refused.length > 0 ? card(visit, { names: refused.join(' ') }) : { to: pathOf(id) }
  }, { right: 'structure' })
}

async function list(visit: Visit, problem?: Problem): Promise<Page> {
  const { items } = await visit.api.get<{ items: Line[] }>('/promotions')
  const start = visit.may('run') && html`<form method="post" action="/movement/year-end">${formGuards(visit)}<button class="main">${texts.start}</button></form><p class="hint">${texts.startHint}</p>`
  return {
    title: texts.title,
    status: problem?.status ?? 200,
    content: html`${backTo('/movement')}<h1>${texts.title}</h1>
      ${problemView({ problem }, [])}
      ${items.length === 0
        ? html`<div class="card empty"><h2>${texts.emptyTitle}</h2>${start}</div>`
        : html`<ul class="picks card">${items.map(({ id, title, stateTitle }) => html`<li><a href="${pathOf(id)}">${title}</a> <span class="mark">${stateTitle}</span></li>`)}</ul>${items.every(({ state }) => ['cancelled', 'completed', 'completedWithRemarks'].includes(state)) && start}`}`,
  }
}

async function card(visit: Visit, { names }: { names?: string } = {}): Promise<Page> {
  const { api, params } = visit
  const promotion = await api.get<Summary>(`/promotions/${encodeURIComponent(params.id!)}`)
  const process = promotion.processId === null ? undefined : await api.get<Card>(`/processes/${encodeURIComponent(promotion.processId)}`)
  const said = (view: Html, { type }: { type: string }) => html`${view}${promotionEffects[type] !== undefined && html`<p class="hint">${promotionEffects[type]}</p>`}`
  const events = process ? await ownEvents(visit, process, said) : []
  return {
    title: promotion.title,
    status: names === undefined ? 200 : 422,
    content: html`<div ${promotion.processId !== null && live(promotion.processId)}>
      ${backTo('/movement/year-end', texts.title)}
      <h1>${promotion.title}</h1>
      ${roadView(promotion)}
      ${promotion.state === 'preparing' && (await nextYearView(visit, promotion.id, promotion, names))}
      <section class="card"><h2>${texts.now}</h2>${events.length > 0 ? events : html`<p class="quiet">${texts.nothingNow}</p>`}</section>
      <section class="card"><h2>${texts.classesTitle}</h2>${promotion.classes.length === 0 ? html`<p class="quiet">${texts.noDecisions}</p>` : classesView(promotion)}</section>
      ${process && tasksView(visit, promotion, process)}
      ${process && html`<p><a href="/processes/${encodeURIComponent(process.id)}">${texts.process}</a></p>`}
    </div>`,
  }
}

function roadView({ state, stateTitle }: Summary): Html {
  const at = promotionRoad.findIndex(({ states }) => states.includes(state))
  return html`<p><span class="mark">${stateTitle}</span></p>${at >= 0 && html`<ol class="road">${promotionRoad.map(({ title }, index) => html`<li ${index === at && html`aria-current="step"`} class="${index < at && 'past'}">${title}<span class="visually-hidden">${index < at ? ` — ${texts.stepsDone}` : index === at && ` — ${texts.stepNow}`}</span></li>`)}</ol>`}`
}

function classesView({ id, classes }: Summary): Html {
  const shown = promotionDecisions.filter((decision) => classes.some((row) => row.decision === decision))
  const ids = [...new Set(classes.map(({ classId }) => classId))]
  const count = (classId: string, decision?: string) => classes.filter((row) => row.classId === classId && (decision === undefined || row.decision === decision)).reduce((sum, { pupils }) => sum + pupils, 0)
  const sorted = ids.map((classId) => ({ classId, name: classes.find((row) => row.classId === classId)!.className })).toSorted((a, b) => a.name.localeCompare(b.name, 'ru', { numeric: true }))
  return html`<table class="list">
    <thead><tr><th scope="col">${texts.className}</th>${shown.map((decision) => html`<th scope="col">${promotionDecisionLabel(decision)}</th>`)}<th scope="col">${texts.pupils}</th></tr></thead>
    <tbody>${sorted.map(
      ({ classId, name }) =>
        html`<tr><td data-label="${texts.className}"><a href="${pathOf(id)}/classes/${encodeURIComponent(classId)}">${name}</a></td>${shown.map((decision) => html`<td data-label="${promotionDecisionLabel(decision)}">${count(classId, decision) === 0 ? '—' : decision === 'undecided' ? html`<span class="mark bad">${count(classId, decision)}</span>` : count(classId, decision)}</td>`)}<td data-label="${texts.pupils}">${count(classId)}</td></tr>`,
    )}</tbody></table>`
}

function tasksView({ zone }: Visit, { state, classes }: Summary, { tasks }: Card): Html {
  const open = tasks.filter(({ closedAt }) => closedAt === null)
  const all = new Set(classes.map(({ classId }) => classId)).size
  const reviews = open.filter(({ kind }) => kind === 'T-PROM-CLASS').length
  return html`<section class="card"><h2>${texts.tasks}</h2>
    ${state === 'classReview' && html`<p>${texts.reviewed}: ${all - reviews} ${texts.of} ${all} <progress max="${all}" value="${all - reviews}" aria-label="${texts.reviewed}"></progress></p>`}
    ${open.length === 0 ? html`<p class="quiet">${state === 'platformWork' ? texts.platformDone : texts.noTasks}</p>` : html`<ul class="picks">${open.map((task) => html`<li><a href="/tasks/${encodeURIComponent(task.id)}">${task.title}</a>${task.assignee && html` · ${task.assignee.name}`}${task.dueAt !== null && html` ${termView(task.dueAt, zone)}`}</li>`)}</ul>`}
  </section>`
}
