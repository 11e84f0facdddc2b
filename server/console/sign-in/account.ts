import { asService } from '../../../db/connection.ts'
import { countSessionsOf, endSessionsOf, type Account } from '../../../db/sessions.ts'
import { countAttempt, findPassword, forgetAttempts, storePassword } from '../../../db/sign-in.ts'
import { accountTexts as texts } from '../../../school/texts/console/sign-in.ts'
import type { AppDeps } from '../../deps.ts'
import { html } from '../../html.ts'
import type { Answer, Console } from '../console.ts'
import { beginSession, type sessionCookie } from '../session.ts'
import { formGuards, type Visit } from '../visit.ts'
import { hashPassword, isPassword } from './password.ts'
import { mostPasswords, tryWindow } from './try.ts'

const shortest = 12
const longest = 128

/** Who I am here, where I am signed in, my password. */
export function accountPage(console: Console, { db }: Pick<AppDeps, 'db'>, session: ReturnType<typeof sessionCookie>): void {
  const accountOf = ({ holder: { orgId, personId } }: Visit) => ({ orgId, personId }) as Account

  async function view(visit: Visit, { problem, saved = false }: { problem?: string; saved?: boolean } = {}): Promise<Answer> {
    const account = accountOf(visit)
    const { sessions, password } = await asService(db, async (tx) => ({ sessions: await countSessionsOf(tx, account), password: await findPassword(tx, account) }))
    const passwordForm = html`<form method="post" action="/account/password" class="stack">
      ${formGuards(visit)}
      ${password !== undefined && html`<label for="current">${texts.current}</label><input id="current" type="password" name="current" autocomplete="current-password" required maxlength="${longest}" />`}
      <label for="fresh">${texts.fresh}</label><input id="fresh" type="password" name="fresh" autocomplete="new-password" required minlength="${shortest}" maxlength="${longest}" aria-describedby="fresh-hint" />
      <p class="hint" id="fresh-hint">${texts.freshHint}</p>
      <button>${texts.save}</button>
    </form>`
    return {
      title: texts.title,
      status: problem === undefined ? 200 : 422,
      content: html`<h1>${texts.title}</h1>
        ${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`} ${saved && html`<p class="good" role="status">${texts.saved}</p>`}
        <dl class="facts">
          <dt>${visit.name}</dt><dd>${visit.roles.join(', ')}</dd>
          ${visit.school && html`<dt>${texts.school}</dt><dd>${visit.school.shortName}</dd>`}
          <dt>${texts.sessions}</dt><dd>${sessions}</dd>
        </dl>
        <p class="hint">${texts.sessionsHint}</p>
        <form method="post" action="/sign-out/everywhere" hx-boost="false">${formGuards(visit)}<button>${texts.outEverywhere}</button></form>
        <p class="hint">${texts.outEverywhereHint}</p>
        <h2>${texts.passwordTitle}</h2>
        ${visit.school?.passwords ? passwordForm : html`<p>${texts.noPasswords}</p>`}`,
    }
  }

  console.page('/account', (visit) => view(visit, { saved: visit.query.get('saved') !== '' }))

  console.form('/account/password', async (visit, request, reply) => {
    const account = accountOf(visit)
    if (!visit.school?.passwords) return view(visit)
    const { current, fresh } = request.body as { current?: unknown; fresh?: unknown }
    if (typeof fresh !== 'string' || [...fresh].length < shortest) return view(visit, { problem: texts.short })
    if (fresh.length > longest) return view(visit, { problem: texts.long })
    const { stored, attempts } = await asService(db, async (tx) => ({ stored: await findPassword(tx, account), attempts: await countAttempt(tx, `account ${visit.holder.personId}`, 'password', tryWindow) }))
    const known = stored === undefined || (attempts <= mostPasswords && typeof current === 'string' && (await isPassword(current, stored)))
    if (!known) return view(visit, { problem: texts.currentWrong })
    const hash = await hashPassword(fresh)
    await asService(db, async (tx) => {
      await storePassword(tx, account, hash)
      await forgetAttempts(tx, `account ${visit.holder.personId}`)
      await endSessionsOf(tx, account)
    })
    session.set(reply, await beginSession({ db }, account, undefined))
    return { to: '/account?saved=1' }
  })
}
