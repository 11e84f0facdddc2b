import type { InvitationPage } from '../../db/invitation-pages.ts'
import type { LinkPage } from '../../db/link-pages.ts'
import { termText } from '../../school/texts/format.ts'
import { formatPhone } from '../../school/validation/phone.ts'
import { html, htmlDocument, type Html } from '../html.ts'

const roleNames = { teacher: 'учитель', student: 'ученик', guardian: 'родитель' } as const

/** A whole page: readable on a phone, complete without scripts. */
export const page = (title: string, content: Html): string => htmlDocument(title, html`<link rel="stylesheet" href="/i/style.css" />`, html`<body><main>${content}</main></body>`)

/** A page that says one thing. */
export const messagePage = (title: string, ...lines: string[]): string => page(title, html`<h1>${title}</h1>${lines.map((line) => html`<p>${line}</p>`)}`)

/** The same for a token that is wrong, old or guessed: nothing tells them apart. */
export const unknownPage = (): string => messagePage('Страница не найдена', 'Проверьте ссылку в письме: скопируйте её целиком. Если письма нет, обратитесь к администратору платформы в своей школе.')

/** What an invited person sees. */
export function invitationPage(path: string, invitation: InvitationPage): string {
  if (invitation.declined) return page('Вы отказались от приглашения', html`<h1>Вы отказались от приглашения</h1><p>Если это ошибка, обратитесь в школу.</p>${school(invitation)}`)
  if (invitation.state === 'joined' || invitation.state === 'joinedLate') return page('Вы уже вступили', html`<h1>Вы уже вступили</h1><p>Ссылка больше не нужна: вы подключены к школе на «Сферуме».</p>${school(invitation)}`)
  return invitation.live ? livePage(path, invitation) : closedPage(path, invitation)
}

function livePage(path: string, invitation: InvitationPage): string {
  const { platformRole, shortName, expiresAt, timezone, requestSent } = invitation
  const steps = requestSent
    ? html`<p class="done">Вы сообщили, что заявка отправлена. Администратор школы её рассмотрит, больше ничего делать не нужно.</p>`
    : html`<ol>
          <li>Нажмите «Перейти на платформу» и отправьте заявку на вступление в роли «${roleNames[platformRole]}».</li>
          <li>Вернитесь сюда и нажмите «Я отправил заявку».</li>
        </ol>
        ${button(`${path}/open`, 'Перейти на платформу', 'main')} ${button(`${path}/request-sent`, 'Я отправил заявку')}
        <details>
          <summary>Отказаться от приглашения</summary>
          <form method="post" action="${path}/decline">
            <label>Почему (можно не указывать) <textarea name="reason" rows="3" maxlength="500"></textarea></label>
            <button>Отказаться</button>
          </form>
        </details>`
  return page(
    `Приглашение — ${shortName}`,
    html`<h1>Вы приглашены в роли «${roleNames[platformRole]}»</h1>
      <p>${placeOf(invitation)} — ${shortName}, платформа «Сферум» в мессенджере MAX.</p>
      ${steps}
      <p class="term">Ссылка действует до ${expiresAt && termText(expiresAt, timezone)}.</p>
      ${school(invitation)}`,
  )
}

function closedPage(path: string, invitation: InvitationPage): string {
  const { requestSent, newLinkPending } = invitation
  const ask = requestSent
    ? html`<p class="done">Вы сообщили, что заявка отправлена. Администратор школы её рассмотрит.</p>`
    : newLinkPending
      ? html`<p class="done">Просьба о новой ссылке передана администратору школы. Новое приглашение придёт письмом.</p>`
      : button(`${path}/new-link`, 'Попросить новую ссылку', 'main')
  return page('Ссылка больше не действует', html`<h1>Ссылка больше не действует</h1><p>Её срок истёк или школа её закрыла.</p>${ask}${school(invitation)}`)
}

/** What everybody of a class sees whom the school does not keep by name: nothing is asked and nothing is kept. */
export function linkPage(path: string, link: LinkPage): string {
  const { live, platformRole, shortName, expiresAt, timezone } = link
  if (!live) return page('Ссылка больше не действует', html`<h1>Ссылка больше не действует</h1><p>Её срок истёк, школа её закрыла или создаёт заново. Новую ссылку даёт классный руководитель.</p>${school(link)}`)
  const forWhom =
    platformRole === 'guardian'
      ? html`<p>Ссылка только для родителей (законных представителей). Ученики вступают по другой ссылке. Участие добровольное: если вступать не хотите, ничего делать не нужно.</p>`
      : html`<p>Ссылка только для учеников. Родители (законные представители) вступают по другой ссылке.</p>`
  return page(
    `Приглашение — ${shortName}`,
    html`<h1>Вы приглашены в роли «${roleNames[platformRole]}»</h1>
      <p>${placeOf(link)} — ${shortName}, платформа «Сферум» в мессенджере MAX.</p>
      ${forWhom} ${button(`${path}/open`, 'Перейти на платформу', 'main')}
      <p class="term">Ссылка действует до ${expiresAt && termText(expiresAt, timezone)}.</p>
      ${school(link)}`,
  )
}

/** After an answer that cannot be taken: why, and the way back. */
export const answeredPage = (path: string, title: string, line: string): string => page(title, html`<h1>${title}</h1><p>${line}</p><p><a href="${path}">Вернуться к приглашению</a></p>`)

const placeOf = ({ target, targetName }: Pick<InvitationPage, 'target' | 'targetName'>): string => (target === 'staffRoom' ? 'Класс «Учительская»' : target === 'class' ? `Класс ${targetName}` : `Чат «${targetName}»`)

const button = (action: string, label: string, kind = ''): Html => html`<form method="post" action="${action}"><button class="${kind}">${label}</button></form>`

const school = ({ shortName, phone, email }: Pick<InvitationPage, 'shortName' | 'phone' | 'email'>): Html =>
  html`<footer><p>Вопросы — в школу: ${shortName}, телефон <a href="tel:${phone}">${formatPhone(phone)}</a>, почта <a href="mailto:${email}">${email}</a>.</p></footer>`

/** Served as a file of its own, so that no inline style has to be allowed. */
export const style = `:root{color-scheme:light dark}
body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{max-width:34rem;margin:0 auto;padding:1.5rem 1rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
form{margin:.75rem 0}
button{font:inherit;width:100%;min-height:3rem;padding:.6rem 1rem;border:1px solid #1f5fbf;border-radius:.6rem;background:transparent;color:inherit;cursor:pointer}
button.main{background:#1f5fbf;color:#fff;font-weight:600}
button:focus-visible,summary:focus-visible,a:focus-visible{outline:3px solid #f5a623;outline-offset:2px}
textarea{font:inherit;width:100%;box-sizing:border-box;display:block;margin:.5rem 0}
.done{border-left:4px solid #2e7d32;padding-left:.75rem}
.term{color:GrayText}
footer{margin-top:2rem;border-top:1px solid GrayText;font-size:.9375rem}
`
