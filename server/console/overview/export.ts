import { exportFormats } from '../../../db/exports.ts'
import { tableKinds } from '../../../school/roster/kinds.ts'
import { overviewTexts as texts } from '../../../school/texts/console/overview.ts'
import { fileKindLabel } from '../../../school/texts/import-labels.ts'
import { html, type Html } from '../../html.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import { problemView } from '../forms/form-view.ts'
import { formGuards, type Visit } from '../visit.ts'

/** What to take away as a file. */
export const exportView = (visit: Visit, problem?: Problem): Html => html`
  <form method="post" action="/overview/export" class="stack">${formGuards(visit)}${problemView({ problem }, [])}
    <label for="register">${texts.register}</label><select id="register" name="register"><option value="all">${texts.everything}</option>${tableKinds.map((kind) => html`<option value="${kind}">${fileKindLabel(kind)}</option>`)}</select>
    <label for="format">${texts.format}</label><select id="format" name="format">${exportFormats.toReversed().map((format) => html`<option value="${format}" ${format === 'xlsx' && html`selected`}>${texts[format]}</option>`)}</select>
    ${visit.may('reveal') && html`<label class="choice"><input type="checkbox" name="full" value="1" />${texts.full}</label>`}
    <p class="hint">${texts.exportHint}</p><button>${texts.take}</button>
  </form>`

/** Orders a file and hands it over. */
export function exportPages(console: Console): void {
  console.form('/overview/export', async (visit) => {
    const { api, form } = visit
    const sent = await api.post<{ id: string }>('/exports', { register: form.get('register'), format: form.get('format'), ...(form.get('full') !== '' && { fullContacts: true }) }, form.get('_key'))
    return sent.done ? { to: `/overview/export/${encodeURIComponent(sent.body.id)}` } : { title: texts.export, status: sent.problem.status, content: html`${backTo('/overview', texts.title)}<h1>${texts.export}</h1>${exportView(visit, sent.problem)}` }
  }, { right: 'people' })

  console.page('/overview/export/:id', async ({ params }) => ({
    title: texts.export,
    content: html`${backTo('/overview', texts.title)}<h1>${texts.export}</h1><p class="good" role="status">${texts.ready}</p><p><a class="button main" href="/overview/export/${encodeURIComponent(params.id!)}/file" hx-boost="false">${texts.download}</a></p><p class="hint">${texts.exportHint}</p>`,
  }), { right: 'people' })

  console.raw('/overview/export/:id/file', async ({ api, params }, _request, reply) => {
    const { type, body, headers } = await api.file(`/exports/${encodeURIComponent(params.id!)}/file`)
    return reply.type(type).header('content-disposition', headers['content-disposition']).header('content-security-policy', 'sandbox').send(body)
  }, { right: 'people' })
}
