import type { Static } from 'typebox'
import { weekday } from '../../../school/texts/console/dates.ts'
import { formTexts } from '../../../school/texts/console/form-labels.ts'
import { todayTexts as texts } from '../../../school/texts/console/today.ts'
import { plural } from '../../../school/texts/format.ts'
import { html, type Html } from '../../html.ts'
import type { TaskCard, TaskKindCard, TaskListLine } from '../../schemas/task-card.ts'
import type { Problem } from '../api.ts'
import type { Console } from '../console.ts'
import { isCommon, type Schema } from '../forms/form-field.ts'
import { readForm } from '../forms/read-form.ts'
import type { Page } from '../layout.ts'
import { live } from '../parts.ts'
import { evidenceFields } from '../tasks/evidence.ts'
import { groupView, type Group } from '../tasks/group-view.ts'
import { resultView, type RowResult } from '../tasks/result-view.ts'
import { subjectOf } from '../tasks/task-values.ts'
import type { Visit } from '../visit.ts'

type Line = Static<typeof TaskListLine>
type Kind = Static<typeof TaskKindCard>

/** As many as anybody looks through; the rest follow when these are done. */
const most = 100

/** «Сегодня»: what waits for me, the most urgent first, together what is done together. */
export function todayPage(console: Console): void {
  console.page('/today', (visit) => view(visit), { right: 'work' })

  console.form(
    '/today/complete',
    async (visit) => {
      const { api, form, zone } = visit
      const kind = (await kinds(visit)).get(form.get('kind'))
      const items = form.all('items')
      if (!kind || items.length === 0) return view(visit, { tried: form.get('kind'), problem: { status: 422, title: texts.markSome, detail: '' } })
      const fields = await evidenceFields(visit, { ...kind, values: [] })
      const evidence = readForm(fields, form, zone)
      const names = new Map((await list(visit)).items.map(({ id, values = [] }) => [id, subjectOf(values)]))
      const sent = await api.post<{ completed: number; rows: RowResult[] }>('/tasks/complete', { items: items.map((id) => ({ id, evidence })) }, form.get('_key'))
      if (!sent.done) return view(visit, { tried: kind.kind, problem: sent.problem })
      const { completed, rows } = sent.body
      const [first] = rows
      // The answer itself does not fit: nothing was done, and the form says why.
      if (completed === 0 && first?.problem?.problems?.every(({ path }) => path.startsWith('items.0.evidence'))) return view(visit, { tried: kind.kind, problem: relative(first.problem) })
      if (completed === rows.length && rows.length === 1) return { to: `/today?done=${encodeURIComponent(items[0]!)}` }
      // Who was done by somebody else meanwhile is in no list any more.
      for (const { id } of rows.filter(({ status, id }) => status === 'refused' && !names.has(id))) names.set(id, await api.get<Static<typeof TaskCard>>(`/tasks/${encodeURIComponent(id)}`).then(({ values }) => subjectOf(values), () => ''))
      return view(visit, { result: resultView(kind.title, completed, rows, names) })
    },
    { right: 'work' },
  )
}

/** A row's problem as one of the form that all rows share. */
const relative = (problem: Problem): Problem => ({ ...problem, problems: problem.problems?.map((one) => ({ ...one, path: one.path.replace(/^items\.0\./, '') })) ?? [] })

const list = ({ api }: Visit) => api.get<{ items: Line[]; next?: string }>(`/my-tasks?values=true&limit=${most}`)
const kinds = async ({ api }: Visit): Promise<Map<string, Kind>> => new Map((await api.get<{ items: Kind[] }>('/task-kinds')).items.map((kind) => [kind.kind, kind]))

async function view(visit: Visit, { tried, problem, result }: { tried?: string; problem?: Problem; result?: Html } = {}): Promise<Page> {
  const now = new Date()
  const [{ items, next }, words] = await Promise.all([list(visit), kinds(visit)])
  const [snoozed, waiting] = [items.filter(({ snoozedUntil }) => isLater(snoozedUntil, now)), items.filter(({ snoozedUntil }) => !isLater(snoozedUntil, now))]
  const overdue = waiting.filter(({ overdue }) => overdue).length
  const groups = await Promise.all(groupsOf(waiting).map(async (tasks): Promise<Group> => {
    const kind = words.get(tasks[0]!.kind)!
    const common = isCommon(kind.evidence as Schema)
    return { kind, tasks, fields: common ? await evidenceFields(visit, { ...kind, values: [] }) : null, ...(kind.kind === tried && { filled: { form: visit.form, problem } }) }
  }))
  const counts = [plural(waiting.length, texts.count), ...(overdue > 0 ? [plural(overdue, texts.overdueCount)] : [])].join(', ')
  return {
    title: texts.title,
    status: problem?.status ?? 200,
    content: html`<div ${live()}>
      <h1>${texts.title}, ${weekday(now, visit.zone)}</h1>
      ${await doneView(visit)} ${result}
      ${problem && !groups.some(({ kind }) => kind.kind === tried) && html`<p class="problem" role="alert">${problem.title} ${problem.detail || formTexts.check}</p>`}
      ${waiting.length === 0 ? emptyView() : html`<p class="counts">${counts}</p>`}
      ${groups.map((group) => groupView(visit, group, now))}
      ${next !== undefined && html`<p class="hint">${texts.more}</p>`}
      ${snoozed.length > 0 && html`<details class="card" id="snoozed"><summary>${texts.snoozed}: ${snoozed.length}</summary>${groupsOf(snoozed).map((tasks) => groupView(visit, { kind: words.get(tasks[0]!.kind)!, tasks, fields: null }, now))}</details>`}
    </div>`,
  }
}

const isLater = (moment: string | null, now: Date): boolean => moment !== null && new Date(moment) > now

/** All of one kind together; a group is as urgent as its first. */
function groupsOf(tasks: readonly Line[]): Line[][] {
  const weight = ({ urgent, overdue, dueAt }: Line) => `${urgent ? 0 : 1}${overdue ? 0 : 1}${dueAt ?? '9'}`
  const sorted = tasks.toSorted((a, b) => weight(a).localeCompare(weight(b)))
  return [...Map.groupBy(sorted, ({ kind }) => kind).values()]
}

/** What was done just now; the address says which task it was. */
async function doneView({ api, query }: Visit): Promise<Html | false> {
  const id = query.get('done')
  if (id === '') return false
  const { title, values } = await api.get<Static<typeof TaskCard>>(`/tasks/${encodeURIComponent(id)}`)
  return html`<p class="good" role="status">${texts.doneOne} ${title}. ${subjectOf(values)}</p>`
}

const emptyView = (): Html =>
  html`<div class="card empty"><h2>${texts.nothingTitle}</h2><p>${texts.nothing}</p><p><a class="button" href="/processes">${texts.toProcesses}</a></p></div>`
