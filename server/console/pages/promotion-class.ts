import type { Static } from 'typebox'
import { promotionDecisions, staysInSchool, type PromotionDecision } from '../../../machines/promotion-decision.ts'
import { promotionTexts as texts } from '../../../school/texts/console/promotion.ts'
import { promotionDecisionLabel } from '../../../school/texts/promotion-labels.ts'
import { html, type Html } from '../../html.ts'
import type { PromotionChoice, PromotionSummary } from '../../routes/promotions.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import { problemView } from '../forms/form-view.ts'
import type { Page } from '../layout.ts'
import { formGuards, type Visit } from '../visit.ts'

type Row = Static<typeof PromotionChoice>
type Target = { id: string; name: string }

/** More than a class has. */
const most = 200
const pathOf = (visit: Visit) => `/movement/year-end/${encodeURIComponent(visit.params.id!)}/classes/${encodeURIComponent(visit.params.classId!)}`

/** What becomes of each pupil of a class, corrected in place while the list is being drawn up. */
export function promotionClassPage(console: Console): void {
  console.page('/movement/year-end/:id/classes/:classId', (visit) => view(visit), { right: 'read' })
  console.form('/movement/year-end/:id/classes/:classId', async (visit) => {
    const { api, form } = visit
    const changed = (await rowsOf(visit)).map((row) => ({ before: row, after: sentFor(visit, row) })).filter(({ before, after }) => isOther(before, after))
    if (changed.length === 0) return { to: `${pathOf(visit)}?saved=0` }
    const sent = await api.post(`/promotions/${encodeURIComponent(visit.params.id!)}/decisions`, { decisions: changed.map(({ after }) => after) }, form.get('_key'))
    return sent.done ? { to: `${pathOf(visit)}?saved=1` } : view(visit, sent.problem, changed.map(({ before }) => before.membershipId))
  }, { right: 'run' })
}

const rowsOf = async ({ api, params }: Visit) =>
  (await api.get<{ items: Row[] }>(`/promotions/${encodeURIComponent(params.id!)}/decisions?classId=${encodeURIComponent(params.classId!)}&limit=${most}`)).items

/** What the form says of a pupil; who leaves school has no class of the next year, whatever stands in the list beside it. */
function sentFor({ form }: Visit, { membershipId, decision: before }: Row) {
  const decision = (form.get(`decision:${membershipId}`) || before) as PromotionDecision
  const [target, reason] = [form.get(`target:${membershipId}`), form.get(`reason:${membershipId}`)]
  return { membershipId, decision, ...(staysInSchool.includes(decision) && target !== '' && { targetClassId: target }), ...(reason !== '' && { reason }) }
}

const isOther = ({ decision, targetClassId, reason }: Row, after: ReturnType<typeof sentFor>) => decision !== after.decision || (targetClassId ?? undefined) !== after.targetClassId || (reason ?? undefined) !== after.reason

async function view(visit: Visit, problem?: Problem, tried: readonly string[] = []): Promise<Page> {
  const { api, params, query } = visit
  const promotion = await api.get<Static<typeof PromotionSummary>>(`/promotions/${encodeURIComponent(params.id!)}`)
  const rows = await rowsOf(visit)
  const { items: targets } = await api.get<{ items: Target[] }>(`/classes?academicYear=${promotion.toYear}`)
  const changes = promotion.state === 'drafting' && visit.may('run')
  const name = rows[0]?.className ?? ''
  // The API names the row by where it stood in what was sent.
  const problemAt = (id: string) => problem?.problems?.filter(({ path }) => path.startsWith(`decisions.${tried.indexOf(id)}.`)).map(({ message }) => message).join('. ')
  const body = rows.length === 0 ? html`<p class="card empty">${texts.emptyClass}</p>` : tableView(visit, rows, targets, changes, problem !== undefined, problemAt)
  return {
    title: `${texts.classTitle} ${name}`,
    status: problem?.status ?? 200,
    content: html`${backTo(`/movement/year-end/${encodeURIComponent(params.id!)}`, promotion.title)}
      <h1>${texts.classTitle} ${name}</h1>
      ${query.get('saved') !== '' && html`<p class="good" role="status">${query.get('saved') === '1' ? texts.saved : texts.unchanged}</p>`}
      ${problemView({ problem: problem && { ...problem, problems: [] } }, [])}
      ${promotion.state !== 'drafting' && html`<p class="warn">${texts.closed}</p>`}
      ${changes ? html`<form method="post" action="${pathOf(visit)}">${formGuards(visit)}${body}<p><button class="main">${texts.save}</button></p></form>` : body}`,
  }
}

function tableView({ form }: Visit, rows: readonly Row[], targets: readonly Target[], changes: boolean, filled: boolean, problemAt: (id: string) => string | undefined): Html {
  const cells = (row: Row): Html => {
    const { membershipId: id, name } = row
    if (!changes) return html`<td data-label="${texts.decision}"><span class="mark ${row.decision === 'undecided' && 'bad'}">${row.decisionTitle}</span></td><td data-label="${texts.target}">${row.targetClassName ?? '—'}</td><td ${row.reason !== null && html`data-label="${texts.reason}"`}>${row.reason}</td>`
    const [decision, target, reason] = filled ? [form.get(`decision:${id}`), form.get(`target:${id}`), form.get(`reason:${id}`)] : [row.decision, row.targetClassId ?? '', row.reason ?? '']
    const problem = problemAt(id)
    return html`<td><select name="decision:${id}" aria-label="${texts.decision}: ${name}">${promotionDecisions.map((choice) => html`<option value="${choice}" ${choice === decision && html`selected`}>${promotionDecisionLabel(choice)}</option>`)}</select></td>
      <td><select name="target:${id}" aria-label="${texts.target}: ${name}" ${problem && html`aria-invalid="true" aria-describedby="problem-${id}"`}><option value="">${texts.noTarget}</option>${targets.map((one) => html`<option value="${one.id}" ${one.id === target && html`selected`}>${one.name}</option>`)}</select>${problem && html`<p class="field-problem" id="problem-${id}">${problem}</p>`}</td>
      <td><input name="reason:${id}" value="${reason}" maxlength="1000" aria-label="${texts.reason}: ${name}" placeholder="${texts.reason}" autocomplete="off" /></td>`
  }
  return html`<table class="list card">
    <thead><tr><th scope="col">${texts.name}</th><th scope="col">${texts.decision}</th><th scope="col">${texts.target}</th><th scope="col">${texts.reason}</th></tr></thead>
    <tbody>${rows.map((row) => html`<tr><td><strong>${row.name}</strong></td>${cells(row)}</tr>`)}</tbody></table>`
}
