import { linkTexts as texts } from '../../../school/texts/console/links.ts'
import { html, type Html } from '../../html.ts'
import type { Console } from '../console.ts'
import { linksTable, type LinkLine } from '../links/link-view.ts'
import { emptyView, nextView, optionsView, searchOf } from '../list-parts.ts'
import { live } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

type View = keyof typeof texts.views
type Found = { items: LinkLine[]; next?: string }

const perPage = '50'
/** What of the register a view shows; the API filters by one state, so two of them are read one after the other. */
const asks: Readonly<Record<View, readonly Record<string, string>[]>> = {
  all: [{}],
  annul: [{ toAnnul: 'true' }],
  active: [{ state: 'active' }],
  waiting: [{ state: 'requested' }, { state: 'creating' }, { state: 'creationFailed' }],
  over: [{ state: 'revoked' }, { state: 'cancelled' }],
}

/** The register of links: every state as it is at this moment; what must be annulled comes first. */
export function linksPage(console: Console): void {
  console.page('/links', async (visit) => {
    const { api, query } = visit
    const view = (Object.keys(asks) as View[]).find((name) => name === query.get('view')) ?? 'all'
    const read = async (filter: Record<string, string>): Promise<Found> => api.get<Found>(`/links${searchOf({ limit: perPage, ...filter, cursor: asks[view].length === 1 ? query.get('cursor') : '' })}`)
    const [pages, annul] = await Promise.all([Promise.all(asks[view].map(read)), api.get<Found>(`/links${searchOf({ limit: '200', toAnnul: 'true' })}`)])
    const items = pages.flatMap(({ items }) => items)
    const next = pages.length === 1 ? pages[0]!.next : undefined
    return {
      title: texts.title,
      content: html`<div ${live()}>
        <h1>${texts.title}</h1>
        ${annul.items.length > 0 && view !== 'annul' && html`<section class="problem"><p><strong><a href="/links?view=annul">${texts.annulHead(annul.items.length)}</a></strong></p><p>${texts.annulHint}</p></section>`}
        <form method="get" action="/links" class="row filter"><label>${texts.state} <select name="view">${optionsView(Object.entries(texts.views).map(([value, label]) => ({ value, label })), view)}</select></label><button>${texts.show}</button></form>
        ${items.length > 0 ? listForm(visit, items) : view === 'all' ? emptyView(texts.emptyTitle, texts.empty, visit.may('read') && { to: '/people', title: texts.invite }) : emptyView(texts.noneTitle, texts.none, { to: '/links', title: texts.all })}
        ${nextView('/links', { view }, next, texts.next)}
      </div>`,
    }
  })
}

const listForm = (visit: Visit, items: readonly LinkLine[]): Html => html`<form method="post" action="/links/act" class="card">
  ${formGuards(visit)}
  <label class="choice js-only-flex"><input type="checkbox" data-all="link" />${texts.chooseAll}</label>
  ${linksTable(items, visit.zone)}
  ${visit.may('work') && html`<p class="hint">${texts.hint}</p>
    <div class="row"><button name="do" value="extend">${texts.extend}</button><button name="do" value="resend">${texts.resend}</button><button name="do" value="revoke" class="danger">${texts.revoke}</button></div>`}
</form>`
