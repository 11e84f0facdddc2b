import { inviteTexts as texts } from '../../../school/texts/console/invite.ts'
import { html, type Html } from '../../html.ts'
import type { Problem } from '../api.ts'
import { backTo, type Answer, type Console } from '../console.ts'
import { momentIn } from '../forms/read-form.ts'
import { emptyView, refusalView } from '../list-parts.ts'
import { chosenOf, inviteAll, previewAll, type Group, type Result } from '../people/inviting.ts'
import { formGuards, type Visit } from '../visit.ts'

/** People who were marked, or whole classes: first what an invitation would do, then the invitation. */
export function invitePages(console: Console): void {
  console.form('/people/invite/preview', (visit) => preview(visit), { right: 'work' })
  console.form('/people/invite', async (visit) => {
    const { form, zone } = visit
    const local = form.get('expiresAt')
    const results = await inviteAll(visit, await chosenOf(visit), { letters: form.get('letters') === 'true', ...(local !== '' && { expiresAt: momentIn(local, zone) }) }, form.get('_key'))
    const refused = results.flatMap((result) => ('problem' in result ? [result.problem] : []))
    // Nothing was done: the form comes back with what stands in the way.
    return refused.length === results.length && refused[0] ? preview(visit, refused[0]) : { title: texts.doneTitle, content: html`${backTo('/people', texts.back)}<h1>${texts.doneTitle}</h1>${results.map(resultView)}<p>${texts.next}</p><p class="row">${visit.may('work') && html`<a class="button main" href="/today">${texts.toToday}</a>`}<a class="button" href="/links">${texts.toLinks}</a></p>` }
  }, { right: 'work' })
}

async function preview(visit: Visit, problem?: Problem): Promise<Answer> {
  const { form } = visit
  const chosen = await chosenOf(visit)
  const groups = await previewAll(visit, chosen)
  const able = groups.some(({ people }) => people > 0)
  const hidden = ['person', 'class', 'audience'].flatMap((name) => form.all(name).map((value) => html`<input type="hidden" name="${name}" value="${value}" />`))
  const chats = groups.some(({ audience, people }) => audience !== 'staff' && people > 0)
  return {
    title: texts.title,
    status: problem?.status ?? 200,
    content: html`${backTo(form.all('class').length > 0 ? '/classes' : '/people', texts.back)}
      <h1>${texts.title}</h1>
      ${refusalView(problem)}
      ${groups.length === 0 && emptyView(texts.nobodyTitle, texts.nobody, { to: '/people', title: texts.back })}
      ${groups.length > 0 && html`<p>${able ? texts.lead : texts.nobodyLeft}</p>`}
      ${groups.map(groupView)}
      ${able && html`<form method="post" action="/people/invite" class="stack">
        ${formGuards(visit)}${hidden}
        ${chats && html`<label class="choice"><input type="checkbox" name="letters" value="true" ${(problem === undefined || form.get('letters') === 'true') && html`checked`} />${texts.letters}</label>`}
        <label for="expiresAt">${texts.expiresAt}</label><input type="datetime-local" id="expiresAt" name="expiresAt" value="${form.get('expiresAt')}" />
        <p class="hint">${texts.link}</p>
        <button class="main">${texts.confirm}</button>
      </form>`}`,
  }
}

const groupView = ({ audience, people, byLetter, lines, leftOut, problem }: Group): Html => html`<section class="card"><h2>${texts[audience]}</h2>
  ${refusalView(problem)}
  ${people > 0 && html`<p><strong>${texts.willBe(people)}</strong>: ${texts.byLetter(byLetter)}, ${texts.byHand(people - byLetter)}</p>`}
  ${lines.length > 0 && html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`}
  ${leftOut.length > 0 && html`<details ${people === 0 && html`open`}><summary>${texts.leftOut(leftOut.length)}</summary><ul>${leftOut.map(({ name, why }) => html`<li><strong>${name}</strong> — ${why}</li>`)}</ul></details>`}
</section>`

function resultView(result: Result): Html {
  const { audience } = result
  if ('problem' in result) return html`<section class="card"><h2>${texts[audience]}</h2>${refusalView(result.problem)}</section>`
  return html`<section class="card"><h2>${texts[audience]}</h2><p class="good" role="status">${audience === 'staff' ? texts.started(result.started) : texts.startedChats(result.started)}</p>
    ${result.refused.length > 0 && html`<p>${texts.notDone}:</p><ul>${result.refused.map(({ name, why }) => html`<li><strong>${name}</strong> — ${why}</li>`)}</ul>`}</section>`
}
