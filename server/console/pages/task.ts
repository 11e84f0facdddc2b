import type { Static } from 'typebox'
import { roleLabel, stateLabel } from '../../../school/texts/labels.ts'
import { taskTexts as texts, todayTexts } from '../../../school/texts/console/today.ts'
import { layoutTexts } from '../../../school/texts/console/layout.ts'
import { html, type Html } from '../../html.ts'
import type { TaskCard, TaskValue } from '../../schemas/task-card.ts'
import type { Problem } from '../api.ts'
import { backTo, type Answer, type Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import { readForm } from '../forms/read-form.ts'
import { live, momentView, termView } from '../parts.ts'
import { evidenceFields, staffOptions } from '../tasks/evidence.ts'
import { subjectOf, valuesView } from '../tasks/task-values.ts'
import { formGuards, type Visit } from '../visit.ts'

type Card = Static<typeof TaskCard>

/** What is done with a task, beside completing it: what the API is sent, and where one is led afterwards. */
const acts = {
  claim: [],
  release: [],
  fail: ['reason', 'comment'],
  reassign: ['to', 'reason'],
  snooze: ['until'],
} as const
type Act = keyof typeof acts | 'complete'

/** One task: what to do, step by step, what to type, what to bring back. */
export function taskPage(console: Console): void {
  console.page('/tasks/:id', (visit) => view(visit), { right: 'work' })

  console.form(
    '/tasks/:id/complete',
    async (visit) => {
      const { api, form, zone, params } = visit
      const card = await cardOf(visit)
      const evidence = readForm(await evidenceFields(visit, card), form, zone)
      const sent = await api.post(`/tasks/${encodeURIComponent(params.id!)}/complete`, { evidence }, form.get('_key'))
      return sent.done ? { to: `/today?done=${encodeURIComponent(params.id!)}` } : view(visit, { tried: 'complete', problem: sent.problem })
    },
    { right: 'work' },
  )
  console.form(
    '/tasks/:id/reveal',
    async (visit) => {
      const sent = await visit.api.post<{ values: Static<typeof TaskValue>[] }>(`/tasks/${encodeURIComponent(visit.params.id!)}/reveal`, {}, visit.form.get('_key'))
      return sent.done ? view(visit, { values: sent.body.values }) : view(visit, { problem: sent.problem })
    },
    { right: 'work' },
  )
  for (const [act, fields] of Object.entries(acts) as [keyof typeof acts, readonly string[]][]) {
    console.form(
      `/tasks/:id/${act}`,
      async (visit) => {
        const { api, form, zone, params } = visit
        const body = readForm(fields.map((name): FormField => ({ name, label: '', required: true, kind: name === 'until' ? 'moment' : 'line', options: [] })), form, zone)
        const sent = await api.post(`/tasks/${encodeURIComponent(params.id!)}/${act}`, body, form.get('_key'))
        return sent.done ? { to: `/tasks/${encodeURIComponent(params.id!)}?did=${act}` } : view(visit, { tried: act, problem: sent.problem })
      },
      { right: 'work' },
    )
  }
}

const cardOf = ({ api, params }: Visit) => api.get<Card>(`/tasks/${encodeURIComponent(params.id!)}`)

async function view(visit: Visit, tried: { tried?: Act; problem?: Problem; values?: Static<typeof TaskValue>[] } = {}): Promise<Answer> {
  // A task that was handed over may be out of sight for who did it.
  const card = await cardOf(visit)
  const { zone } = visit
  const values = tried.values ?? card.values
  const subject = subjectOf(values)
  const did = texts.done[visit.query.get('did') as keyof typeof texts.done] as string | undefined
  return {
    title: card.title,
    status: tried.problem?.status ?? 200,
    content: html`<div ${live(card.processId)}>
      ${backTo('/today', todayTexts.title)}
      <h1>${card.title}</h1>
      ${did !== undefined && html`<p class="good" role="status">${did}</p>`}
      ${tried.problem && problemView({ problem: tried.problem, under: tried.tried === 'complete' ? 'evidence' : '' }, [])}
      <p>
        <span class="mark ${card.closedAt !== null && 'good'}">${stateLabel('humanTask', card.state)}</span>
        ${card.urgent && html`<span class="mark bad">${todayTexts.urgent}</span>`} ${card.escalated && html`<span class="mark warn">${todayTexts.escalated}</span>`}
        ${subject !== '' && html`<strong>${subject}</strong>`}
      </p>
      ${card.closedAt !== null && closedView(card, zone)}
      <dl class="facts">
        ${card.dueAt !== null && card.closedAt === null && html`<dt>${texts.dueAt}</dt><dd>${termView(card.dueAt, zone)}</dd>`}
        ${card.snoozedUntil !== null && html`<dt>${todayTexts.snoozedUntil}</dt><dd>${momentView(card.snoozedUntil, zone)}</dd>`}
        ${card.assignee ? html`<dt>${texts.someoneHas}</dt><dd>${card.assignee.name}</dd>` : card.roles.length > 0 && html`<dt>${texts.forRoles}</dt><dd>${card.roles.map(roleLabel).join(', ')}</dd>`}
        ${card.clause !== null && html`<dt>${texts.clause}</dt><dd>${card.clause}</dd>`}
        <dt>${todayTexts.process}</dt><dd><a href="/processes/${encodeURIComponent(card.processId)}">${layoutTexts.open}</a></dd>
      </dl>
      ${values.length > 0 && html`<section class="card"><h2>${texts.values}</h2>${valuesView(values)}${revealForm(visit, card, values)}</section>`}
      <section class="card"><h2>${texts.steps}</h2><ol class="steps">${card.steps.map((step) => html`<li>${step}</li>`)}</ol></section>
      ${card.closedAt === null && (card.mine ? await doView(visit, card, tried) : html`<p class="hint">${texts.notYours}</p>`)}
    </div>`,
  }
}

const closedView = ({ outcome, closedAt }: Card, zone: string): Html =>
  html`<p class="good">${texts.closedBy} ${outcome?.by?.name || texts.service}, ${momentView(closedAt!, zone)}${outcome?.reason && html`. ${outcome.reason}`}${outcome?.comment && html`: ${outcome.comment}`}</p>`

function revealForm(visit: Visit, { id, mine }: Card, values: readonly Static<typeof TaskValue>[]): Html | false {
  if (!mine || !values.some(({ hidden, value }) => hidden && /[*…]/.test(value))) return false
  return html`<form method="post" action="/tasks/${encodeURIComponent(id)}/reveal">${formGuards(visit)}<button class="small">${texts.reveal}</button> <span class="hint">${texts.revealHint}</span></form>`
}

/** What can be done with an open task. */
async function doView(visit: Visit, card: Card, { tried, problem }: { tried?: Act; problem?: Problem }): Promise<Html> {
  const fields = await evidenceFields(visit, card)
  const colleagues = await staffOptions(visit)
  const action = (act: Act) => `/tasks/${encodeURIComponent(card.id)}/${act}`
  const filled = (act: Act) => (tried === act ? { form: visit.form, problem } : {})
  const line = (name: string, label: string, more: Partial<FormField> = {}): FormField => ({ name, label, required: true, kind: 'line', options: [], maxLength: 1000, ...more })
  const form = (act: Act, shown: readonly FormField[], button: string, kind = '', hint: string | false = false): Html =>
    html`<form method="post" action="${action(act)}" class="stack">
      ${formGuards(visit)}${formView(shown, { ...filled(act), under: act === 'complete' ? 'evidence' : '', id: act })}${hint !== false && html`<p class="hint">${hint}</p>`}<button class="${kind}">${button}</button>
    </form>`
  const folded = (act: Act, title: string, content: Html): Html => html`<details class="card" id="${act}" ${tried === act && html`open`}><summary>${title}</summary>${content}</details>`
  const failFields = [line('reason', texts.reason, { kind: 'choice', options: card.reasons.map(({ reason, title }) => ({ value: reason, label: title })) }), line('comment', texts.comment, { kind: 'text' })]
  return html`<section class="card"><h2>${texts.complete}</h2>${form('complete', fields, texts.complete, 'main', `${texts.afterDone} ${card.afterDone}`)}</section>
    ${folded('fail', texts.fail, form('fail', failFields, texts.failButton, 'danger', `${texts.afterFailed} ${card.afterFailed}`))}
    ${colleagues.length > 0 && folded('reassign', texts.handOver, form('reassign', [line('to', texts.handOverTo, { kind: 'choice', options: colleagues }), line('reason', texts.handOverReason, { required: false })], texts.handOverButton))}
    ${folded('snooze', texts.putOff, form('snooze', [line('until', texts.putOffUntil, { kind: 'moment' })], texts.putOffButton, '', texts.putOffHint))}
    ${card.assignee?.id === visit.holder.personId ? form('release', [], texts.release) : form('claim', [], texts.claim)}`
}
