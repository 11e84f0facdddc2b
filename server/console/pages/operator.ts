import type { Static } from 'typebox'
import { operatorTexts as texts } from '../../../school/texts/console/operator.ts'
import { shortDate } from '../../../school/texts/format.ts'
import { html, type Html } from '../../html.ts'
import type { SchoolLine, State } from '../../routes/operator.ts'
import type { OperatorLetterLine, StuckLine } from '../../routes/operator-work.ts'
import type { Ready } from '../../routes/status.ts'
import { ApiProblem } from '../api.ts'
import type { Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { newSchoolButton, nothing, operatorPage } from '../operator/frame.ts'
import { momentView } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

const right = { right: 'operate' } as const
const perPage = 50
const partMarks = { up: 'good', readOnly: 'warn', down: 'bad' } as const
const statusMarks = { ready: 'good', degraded: 'warn', notReady: 'problem' } as const

/** What the operator looks after; nothing personal is here. */
export function operatorPages(console: Console): void {
  console.page('/operator/state', (visit) => state(visit), right)
  console.form('/operator/stuck/:id', async (visit) => {
    try {
      const sent = await visit.api.post(`/operator/stuck/${encodeURIComponent(visit.params.id!)}/retry`, {}, visit.form.get('_key'))
      return { to: sent.done ? '/operator/state?retried=1' : '/operator/state' }
    } catch (error) {
      if (error instanceof ApiProblem && error.problem.status === 503) return state(visit, texts.away)
      throw error
    }
  }, right)
  console.page('/operator/schools', schools, right)
  console.page('/operator/letters', (visit) => letters(visit), right)
  console.form('/operator/letters/:id', async (visit) => {
    const sent = await visit.api.post(`/operator/letters/${encodeURIComponent(visit.params.id!)}/hasten`, {}, visit.form.get('_key'))
    return sent.done ? { to: '/operator/letters?hastened=1' } : letters(visit, texts.settled)
  }, right)
}

async function state(visit: Visit, problem?: string): Promise<Page> {
  const { api, zone } = visit
  const [health, { backlog }, { items: stuck }] = await Promise.all([api.get<Static<typeof Ready>>('/operator/health'), api.get<Static<typeof State>>('/operator/state'), api.get<{ items: Static<typeof StuckLine>[] }>('/operator/stuck')])
  const waits = Object.entries(texts.waits) as [keyof typeof backlog, string][]
  return operatorPage(
    texts.title,
    html`<section class="card"><h2>${texts.all}</h2><p class="${statusMarks[health.status]}">${texts.status[health.status]}</p>
        <dl class="facts">${Object.entries(health.dependencies).map(([name, is]) => html`<dt>${texts.parts[name] ?? name}</dt><dd><span class="mark ${partMarks[is]}">${texts.partStates[is]}</span></dd>`)}</dl></section>
      <section class="card"><h2>${texts.backlog}</h2><dl class="facts">${waits.map(([name, title]) => html`<dt>${title}</dt><dd>${backlog[name]}</dd>`)}</dl></section>
      <section class="card"><h2>${texts.stuck}</h2>${stuck.length === 0 ? html`<p class="quiet">${texts.noStuck}</p>` : stuckView(visit, stuck, zone)}</section>`,
    { ...(problem !== undefined ? { status: 503, said: { good: false, text: problem } } : visit.query.get('retried') !== '' && { said: { good: true, text: texts.retried } }) },
  )
}

const stuckView = (visit: Visit, stuck: readonly Static<typeof StuckLine>[], zone: string): Html => html`<p class="hint">${texts.retryHint}</p>
  <table class="list"><thead><tr><th scope="col">${texts.school}</th><th scope="col">${texts.process}</th><th scope="col">${texts.trouble}</th><th scope="col">${texts.since}</th><th scope="col"><span class="visually-hidden">${texts.retry}</span></th></tr></thead>
  <tbody>${stuck.map(({ cohortId, school, trouble, since, titles }) => html`<tr><td data-label="${texts.school}">${school.shortName}</td><td data-label="${texts.process}">${titles.join(', ') || '—'}</td><td><span class="mark bad">${texts.troubles[trouble]}</span></td><td data-label="${texts.since}">${momentView(since, zone)}</td>
    <td><form method="post" action="/operator/stuck/${encodeURIComponent(cohortId)}">${formGuards(visit)}<button class="small" aria-label="${texts.retry}: ${school.shortName}, ${titles.join(', ')}">${texts.retry}</button></form></td></tr>`)}</tbody></table>`

async function schools({ api, query, zone }: Visit): Promise<Page> {
  const after = query.get('after')
  const { items, next } = await api.get<{ items: Static<typeof SchoolLine>[]; next?: string }>(`/operator/organizations?limit=${perPage}${after && `&cursor=${encodeURIComponent(after)}`}`)
  return operatorPage(
    texts.schools,
    html`${newSchoolButton()}${
      items.length === 0
        ? nothing(texts.schoolsEmpty)
        : html`<table class="list card"><thead><tr><th scope="col">${texts.school}</th><th scope="col">${texts.opened}</th><th scope="col">${texts.registered}</th><th scope="col">${texts.processes}</th><th scope="col">${texts.overdue}</th></tr></thead>
          <tbody>${items.map(({ id, shortName, createdAt, registeredAt, processes, tasksOverdue }) => html`<tr><td><strong>${shortName}</strong><br /><span class="quiet">${id}</span></td><td data-label="${texts.opened}">${shortDate(new Date(createdAt), zone)}</td><td data-label="${texts.registered}">${registeredAt === null ? html`<span class="quiet">${texts.notRegistered}</span>` : shortDate(new Date(registeredAt), zone)}</td><td data-label="${texts.processes}">${processes}</td><td data-label="${texts.overdue}">${tasksOverdue > 0 ? html`<span class="mark bad">${tasksOverdue}</span>` : 0}</td></tr>`)}</tbody></table>`
    }${next !== undefined && html`<p><a class="button" href="/operator/schools?after=${encodeURIComponent(next)}">${texts.next}</a></p>`}`,
  )
}

async function letters(visit: Visit, problem?: string): Promise<Page> {
  const { api, query } = visit
  const list = query.get('list') === 'troubled' ? 'troubled' : 'waiting'
  const after = query.get('after')
  const { items, next } = await api.get<{ items: Static<typeof OperatorLetterLine>[]; next?: string }>(`/operator/letters?list=${list}&limit=${perPage}${after && `&cursor=${encodeURIComponent(after)}`}`)
  return operatorPage(
    texts.letters,
    html`<nav class="chips" aria-label="${texts.letters}">${(['waiting', 'troubled'] as const).map((one) => html`<a class="button small" href="/operator/letters?list=${one}" ${one === list && html`aria-current="page"`}>${texts[one]}</a>`)}</nav>
      ${list === 'troubled' && html`<p class="hint">${texts.troubledHint}</p>`}
      ${items.length === 0 ? nothing(list === 'waiting' ? texts.noWaiting : texts.noTroubled) : lettersView(visit, items)}
      ${next !== undefined && html`<p><a class="button" href="/operator/letters?list=${list}&after=${encodeURIComponent(next)}">${texts.next}</a></p>`}`,
    { ...(problem !== undefined ? { status: 409, said: { good: false, text: problem } } : query.get('hastened') !== '' && { said: { good: true, text: texts.hastened } }) },
  )
}

const lettersView = (visit: Visit, items: readonly Static<typeof OperatorLetterLine>[]): Html => html`<table class="list card">
  <thead><tr><th scope="col">${texts.letter}</th><th scope="col">${texts.state}</th><th scope="col">${texts.attempts}</th><th scope="col">${texts.queued}</th><th scope="col">${texts.nextAttempt}</th></tr></thead>
  <tbody>${items.map(
    ({ id, school, title, state, stateTitle, attempts, lastError, queuedAt, nextAttemptAt }) => html`<tr>
      <td><strong>${title}</strong><br /><span class="quiet">${school.shortName}</span></td>
      <td><span class="mark ${nextAttemptAt === null && 'bad'}">${stateTitle}</span>${lastError !== null && html`<br /><span class="quiet">${texts.error}: ${lastError}</span>`}</td>
      <td data-label="${texts.attempts}">${attempts}</td>
      <td data-label="${texts.queued}">${momentView(queuedAt, visit.zone)}</td>
      <td ${nextAttemptAt !== null && html`data-label="${texts.nextAttempt}"`}>${nextAttemptAt !== null && momentView(nextAttemptAt, visit.zone)}${(state === 'queued' || state === 'rendered') && html` <form method="post" action="/operator/letters/${encodeURIComponent(id)}">${formGuards(visit)}<button class="small" aria-label="${texts.hasten}: ${title}, ${school.shortName}">${texts.hasten}</button></form>`}</td>
    </tr>`,
  )}</tbody></table>`
