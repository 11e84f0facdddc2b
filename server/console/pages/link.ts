import { linkTexts, linkTextsOfCard as texts } from '../../../school/texts/console/links.ts'
import { platformStateLabel } from '../../../school/texts/labels.ts'
import { html, type Html } from '../../html.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { linkMark, targetText, type LinkPage } from '../links/link-view.ts'
import { buttonForm, refusalView } from '../list-parts.ts'
import { copyButton, live, momentView, termView } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

interface Shown {
  problem?: Problem
  /** The platform's own address, shown on demand. */
  url?: string
  pages?: { name: string; url: string }[]
}

/** One link: for whom, until when, who has joined; what can be done for one, for some, for all. */
export function linkPage(console: Console): void {
  console.page('/links/:id', (visit) => view(visit))
  const shows = (path: string, show: (visit: Visit, path: string) => Promise<Shown>) =>
    console.form(`/links/:id/${path}`, async (visit) => view(visit, await show(visit, `/links/${encodeURIComponent(visit.params.id!)}/${path}`)), { right: 'reveal' })
  shows('reveal', async ({ api, form }, path) => {
    const sent = await api.post<{ url: string }>(path, {}, form.get('_key'))
    return sent.done ? { url: sent.body.url } : { problem: sent.problem }
  })
  shows('pages', async ({ api, form }, path) => {
    const sent = await api.post<{ pages: { name: string; url: string }[] }>(path, {}, form.get('_key'))
    return sent.done ? { pages: sent.body.pages } : { problem: sent.problem }
  })
}

const open = ['planned', 'sent']

async function view(visit: Visit, { problem, url, pages }: Shown = {}): Promise<Page> {
  const { api, params, zone } = visit
  const link = await api.get<LinkPage>(`/links/${encodeURIComponent(params.id!)}`)
  const act = (name: 'extend' | 'resend' | 'revoke' | 'leak') => buttonForm(visit, '/links/act', texts[name], { fields: { link: link.id, do: name }, danger: name === 'revoke' || name === 'leak' })
  const waiting = link.people.filter(({ state }) => open.includes(state))
  const early = ['requested', 'creating', 'creationFailed'].includes(link.state)
  const title = `${linkTexts.title}: ${link.number}`
  return {
    title,
    status: problem?.status ?? 200,
    content: html`<div ${live(link.processId)}>
      ${backTo('/links', texts.back)}
      <h1>${link.number} <span class="quiet">${targetText(link)}</span></h1>
      ${refusalView(problem)}
      ${link.annulSince !== null && html`<section class="problem"><p><strong>${linkTexts.annulSince} ${momentView(link.annulSince, zone)}</strong></p><p>${linkTexts.annulHint}</p></section>`}
      <dl class="facts">
        <dt>${linkTexts.state}</dt><dd>${linkMark(link)} ${link.closeReason !== null && html`<span class="quiet">${texts.closed}: ${link.closeReason}</span>`}</dd>
        <dt>${texts.platform}</dt><dd>${platformStateLabel(link.platformState)}</dd>
        <dt>${texts.role}</dt><dd>${texts.roles[link.platformRole]}</dd>
        ${link.owner && html`<dt>${texts.owner}</dt><dd>${link.owner.name}</dd>`}
        <dt>${texts.issued}</dt><dd>${link.issuedAt === null ? '—' : momentView(link.issuedAt, zone)}</dd>
        <dt>${linkTexts.term}</dt><dd>${link.expiresAt === null ? linkTexts.noTerm : link.state === 'active' ? termView(link.expiresAt, zone) : momentView(link.expiresAt, zone)}</dd>
        <dt>${linkTexts.joined}</dt><dd>${linkTexts.of(link.joined, link.recipients)}</dd>
        ${url !== undefined && html`<dt>${texts.address}</dt><dd>${url} ${copyButton(url, texts.address)}</dd>`}
      </dl>
      <div class="row">
        ${visit.may('work') && link.state === 'active' && html`${act('extend')}${waiting.length > 0 && act('resend')}`}
        ${visit.may('work') && (link.state === 'active' || early) && act('revoke')}
        ${visit.may('work') && ['active', 'closing'].includes(link.state) && act('leak')}
        <a class="button" href="/processes/${encodeURIComponent(link.processId)}">${texts.task}</a>
      </div>
      ${visit.may('reveal') && link.platformState === 'live' && url === undefined && html`<div class="row">${buttonForm(visit, `/links/${link.id}/reveal`, texts.reveal)}<span class="hint">${texts.revealHint}</span></div>`}
      <section class="card"><h2>${texts.people}</h2>${peopleForm(visit, link, pages)}</section>
    </div>`,
  }
}

function peopleForm(visit: Visit, { id, people, platformState }: LinkPage, pages: Shown['pages']): Html {
  if (people.length === 0) return html`<p class="quiet">${texts.nobody}</p>`
  const mayAct = visit.may('work') && people.some(({ state }) => open.includes(state))
  const names = people.toSorted((a, b) => a.name.localeCompare(b.name, 'ru'))
  return html`<form method="post" action="/links/act">
      ${formGuards(visit)}<input type="hidden" name="link" value="${id}" />
      <ul class="plain-list">${names.map(({ invitationId, personId, name, state, stateTitle, deliveryTitle }) => html`<li class="row">${mayAct && open.includes(state) ? html`<input type="checkbox" name="invitation" value="${invitationId}" aria-label="${name}" />` : html`<span class="no-box"></span>`}<a href="/people/${personId}">${name}</a> <span class="mark ${state === 'joined' ? 'good' : ['expired', 'declined'].includes(state) ? 'bad' : ''}">${stateTitle}</span> <span class="quiet">${deliveryTitle}</span></li>`)}</ul>
      ${mayAct && html`<div class="row">${platformState === 'live' && html`<button name="do" value="resend">${texts.resendMarked}</button>`}<button name="do" value="withdraw" class="danger">${texts.withdrawMarked}</button></div>`}
    </form>
    ${visit.may('reveal') && platformState === 'live' && mayAct && pages === undefined && html`<div class="row">${buttonForm(visit, `/links/${id}/pages`, texts.pages)}<span class="hint">${texts.pagesHint}</span></div>`}
    ${pages && html`<h3>${texts.personal}</h3><ul>${pages.map(({ name, url }) => html`<li><strong>${name}</strong>: ${url} ${copyButton(url, name)}</li>`)}</ul>`}`
}
