import { closeReasonLabel } from '../../../school/texts/labels.ts'
import { linkActTexts as texts } from '../../../school/texts/console/links.ts'
import { html, type Html } from '../../html.ts'
import type { Problem } from '../api.ts'
import { backTo, type Answer, type Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import { acts, doAll, stepsOf, type Act, type Done, type Step } from '../links/acting.ts'
import { emptyView } from '../list-parts.ts'
import { formGuards, type Visit } from '../visit.ts'

const text = (name: string, label: string, required = false): FormField => ({ name, label, required, kind: 'text', options: [], maxLength: 1000 })
const whys = ['unclaimed', 'wrongRole', 'personLeft', 'superseded']

/** What has to be said for each action. */
const fieldsOf: Readonly<Record<Act, readonly FormField[]>> = {
  extend: [text('reason', texts.reason, true), { name: 'expiresAt', label: texts.until, required: false, kind: 'moment', options: [] }],
  resend: [{ name: 'extend', label: texts.extendToo, required: false, kind: 'confirm', options: [] }],
  revoke: [{ name: 'why', label: texts.why, required: false, kind: 'choice', options: whys.map((value) => ({ value, label: closeReasonLabel(value) })) }, text('comment', texts.comment)],
  leak: [text('comment', texts.comment)],
  withdraw: [text('reason', texts.reason)],
}

/** Something is done with links or invitations, one, some or all: first what will happen and to whom, then a result for each. */
export function linkActPages(console: Console): void {
  console.form('/links/act', (visit) => preview(visit), { right: 'work' })
  console.form('/links/act/do', async (visit) => {
    const steps = await stepsOf(visit, actOf(visit))
    const results = await doAll(visit, steps, visit.form.get('_key'))
    const [first] = results
    // All refused for the same reason: the form comes back with what is wrong in it.
    if (first?.problem && results.every(({ problem }) => problem !== undefined)) return preview(visit, first.problem)
    return { title: texts.doneTitle, content: html`${backTo('/links', texts.back)}<h1>${texts.doneTitle}</h1><p class="good" role="status">${texts.done(results.filter(({ problem }) => !problem).length, steps.length)}</p><ul>${results.map(resultView)}${steps.filter(({ will }) => will === null).map(({ name }) => html`<li><strong>${name}</strong> — ${texts.not}</li>`)}</ul>` }
  }, { right: 'work' })
}

const actOf = ({ form }: Visit): Act => acts.find((act) => act === form.get('do')) ?? 'extend'

async function preview(visit: Visit, problem?: Problem): Promise<Answer> {
  const { form } = visit
  const act = actOf(visit)
  const steps = await stepsOf(visit, act)
  const able = steps.some(({ will }) => will !== null)
  const hidden = ['do', 'link', 'class', 'invitation'].flatMap((name) => form.all(name).map((value) => html`<input type="hidden" name="${name}" value="${value}" />`))
  const filled = { id: 'act', form: problem && form, problem }
  const grave = act !== 'extend' && act !== 'resend'
  return {
    title: texts.title[act],
    status: problem?.status ?? 200,
    content: html`${backTo('/links', texts.back)}
      <h1>${texts.title[act]}</h1>
      ${problemView(filled, fieldsOf[act])}
      ${steps.length === 0 ? emptyView(texts.none, texts.noneHint, { to: '/links', title: texts.back }) : html`<p>${texts.lead}</p><ul class="card plain-list">${steps.map(stepView)}</ul>`}
      ${able && html`<form method="post" action="/links/act/do" class="stack">${formGuards(visit)}${hidden}${formView(fieldsOf[act], filled)}<div class="row"><button class="${grave ? 'danger' : 'main'}">${texts.confirm[act]}</button><a class="button" href="/links">${texts.back}</a></div></form>`}`,
  }
}

const stepView = ({ name, will }: Step): Html => html`<li><strong>${name}</strong>: ${will ?? texts.not}</li>`
const resultView = ({ name, problem }: Done): Html => html`<li><strong>${name}</strong> — ${problem ? html`<span class="mark bad">${problem.title}</span> ${problem.problems?.[0]?.message ?? problem.detail}` : html`<span class="mark good">${texts.ok}</span>`}</li>`
