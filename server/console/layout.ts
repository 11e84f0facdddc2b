import { layoutTexts as texts } from '../../school/texts/console/layout.ts'
import { html, htmlDocument, type Html } from '../html.ts'
import { asset } from './assets.ts'
import { placesFor } from './navigation.ts'
import { formGuards, type Visit } from './visit.ts'

/** A page of the console before it is laid out. */
export interface Page {
  title: string
  content: Html
  status?: number
}

/** What htmx may do: no code from attributes, no style of its own; error pages are shown like any other. */
const htmxConfig = JSON.stringify({
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: '204', swap: false },
    { code: '...', swap: true },
  ],
})

const document = (title: string, body: Html): string =>
  htmlDocument(
    `${title} — ${texts.product}`,
    html`<meta name="color-scheme" content="light dark" />
      <meta name="htmx-config" content="${htmxConfig}" />
      <link rel="icon" href="${asset('icon.svg')}" type="image/svg+xml" />
      <link rel="stylesheet" href="${asset('console.css')}" />
      <script src="${asset('htmx.min.js')}" defer></script>
      <script src="${asset('console.js')}" defer></script>`,
    body,
  )

/** A page for who has signed in: the head with the way to the other pages, and the content. */
export function layOut(visit: Visit, { title, content }: Page): string {
  const here = (path: string) => visit.path === path || visit.path.startsWith(`${path}/`)
  const links = placesFor(visit).map(({ path, title: name }) => html`<li><a href="${path}" ${here(path) && html`aria-current="page"`}>${name}</a></li>`)
  return document(
    title,
    html`<body hx-boost="true" hx-target="#page" hx-select="#page" hx-swap="outerHTML show:window:top" data-copied="${texts.copied}" data-failed="${texts.failedRequest}">
      <a class="skip" href="#main" hx-boost="false">${texts.skip}</a>
      <div id="page">
        <header class="top">
          <p class="school">${visit.school?.shortName ?? visit.name}</p>
          <nav aria-label="${texts.navigation}"><ul>${links}</ul></nav>
          <div class="who">
            <a href="/account" ${here('/account') && html`aria-current="page"`}>${visit.name}</a>
            <form method="post" action="/sign-out" hx-boost="false">${formGuards(visit)}<button class="plain">${texts.signOut}</button></form>
          </div>
        </header>
        <main id="main" tabindex="-1">${content}</main>
        <div class="changed" data-changed hidden><p>${texts.changed}</p><a class="button" href="${visit.path}">${texts.refresh}</a></div>
      </div>
      <p class="toast" role="status" aria-live="polite" data-toast></p>
    </body>`,
  )
}

/** A page for who has not signed in: one thing, no way anywhere else. */
export function layOutPlain({ title, content }: Page): string {
  return document(
    title,
    html`<body>
      <a class="skip" href="#main">${texts.skip}</a>
      <div id="page" class="plain-page">
        <header class="top"><p class="school">${texts.product}</p></header>
        <main id="main" tabindex="-1">${content}</main>
      </div>
    </body>`,
  )
}
