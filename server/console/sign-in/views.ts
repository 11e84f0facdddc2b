import { signInTexts as texts } from '../../../school/texts/console/sign-in.ts'
import { html, type Html } from '../../html.ts'
import type { Page } from '../layout.ts'

/** The two ways in. `problem` is why the last try failed. */
export function signInView({ next, email = '', problem, byPassword = false }: { next: string; email?: string; problem?: string | undefined; byPassword?: boolean }): Page {
  const address = (id: string) => html`<label for="${id}">${texts.email}</label><input id="${id}" type="email" name="email" value="${email}" autocomplete="username" required maxlength="254" />`
  return {
    title: texts.title,
    status: problem === undefined ? 200 : 422,
    content: html`<h1>${texts.title}</h1>
      ${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
      <p>${texts.lead}</p>
      <form method="post" action="/sign-in/link" class="stack">${address('link-email')}<button class="main">${texts.send}</button></form>
      <details class="card" ${byPassword && html`open`}>
        <summary>${texts.byPassword}</summary>
        <p class="hint">${texts.passwordHint}</p>
        <form method="post" action="/sign-in/password" class="stack">
          <input type="hidden" name="next" value="${next}" />
          ${address('password-email')}
          <label for="password">${texts.password}</label><input id="password" type="password" name="password" autocomplete="current-password" required maxlength="128" />
          <button>${texts.enter}</button>
        </form>
      </details>`,
  }
}

const said = (title: string, lines: readonly string[], more: Html): Page => ({ title, content: html`<h1>${title}</h1>${lines.map((line) => html`<p>${line}</p>`)}${more}` })
const toSignIn = (label: string) => html`<p><a class="button" href="/sign-in">${label}</a></p>`

export const sentView = (): Page => said(texts.sentTitle, [texts.sent, texts.sentElse], toSignIn(texts.again))
export const deadView = (): Page => ({ ...said(texts.deadTitle, [texts.dead], toSignIn(texts.newLink)), status: 410 })
export const outView = (everywhere: boolean): Page => said(texts.outTitle, [everywhere ? texts.outEverywhere : texts.out], toSignIn(texts.backIn))

/** Looking at it changes nothing: mail scanners follow every link. The button uses it up. */
export const openView = (token: string): Page => said(texts.openTitle, [texts.open], html`<form method="post" action="/sign-in/${token}"><button class="main">${texts.enter}</button></form>`)
