import { settingsTexts as texts } from '../../../school/texts/console/settings.ts'
import { html } from '../../html.ts'
import type { Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { settingsPage } from '../settings/frame.ts'
import { formGuards, type Visit } from '../visit.ts'

const path = '/settings/letters'

/** What the school's letters look like, and a letter that tries whether they arrive. */
export function settingsLettersPage(console: Console): void {
  console.page(path, (visit) => view(visit), { right: 'settings' })
  console.form(`${path}/test`, async (visit) => {
    const sent = await visit.api.post('/test-letter', {}, visit.form.get('_key'))
    return sent.done ? { to: `${path}?sent=1` } : view(visit, texts.noAddress)
  }, { right: 'settings' })
}

async function view(visit: Visit, problem?: string): Promise<Page> {
  const { items } = await visit.api.get<{ items: { code: string; title: string; subject: string; text: string }[] }>('/letter-samples')
  return settingsPage(
    visit,
    texts.letters,
    html`${visit.query.get('sent') !== '' && html`<p class="good" role="status">${texts.testSent}</p>`}
      ${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
      <section class="card"><h2>${texts.testLetter}</h2><p class="hint">${texts.testLetterHint}</p><form method="post" action="${path}/test">${formGuards(visit)}<button class="main">${texts.sendTest}</button></form></section>
      <p>${texts.lettersHint}</p>
      <div class="card">${items.map(({ code, title, subject, text }) => html`<details id="letter-${code}"><summary>${title}</summary><p><span class="quiet">${texts.subject}:</span> <strong>${subject}</strong></p><div class="letter">${text}</div></details>`)}</div>`,
    problem === undefined ? 200 : 422,
  )
}
