import type { Static } from 'typebox'
import { orderKinds } from '../../../db/orders.ts'
import { ordersTexts as texts } from '../../../school/texts/console/school.ts'
import { shortDate } from '../../../school/texts/format.ts'
import { html, type Html } from '../../html.ts'
import type { Order } from '../../routes/orders.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import type { Page } from '../layout.ts'
import { buttonForm, emptyView, nextView, refusalView, searchOf } from '../list-parts.ts'
import { live } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

type Line = Static<typeof Order>
const megabyte = 1024 * 1024

const fields: readonly FormField[] = [
  { name: 'kind', label: texts.kind, required: true, kind: 'choice', options: orderKinds.map((value) => ({ value, label: texts.kinds[value] })) },
  { name: 'number', label: texts.number, required: true, kind: 'line', options: [], maxLength: 32 },
  { name: 'date', label: texts.date, required: true, kind: 'date', options: [] },
  { name: 'title', label: texts.heading, required: true, kind: 'line', options: [], maxLength: 300 },
]

/** The register of orders, with their files. */
export function ordersPages(console: Console): void {
  console.page('/school/orders', (visit) => view(visit), { right: 'read' })
  console.upload('/school/orders', async (visit, request) => {
    const { api, form } = visit
    const upload = request.upload && request.upload.bytes.length > 0 ? request.upload : null
    const sent = await api.upload<Line>('/orders', Object.fromEntries(fields.map(({ name }) => [name, form.get(name)])), upload, form.get('_key'))
    return sent.done ? { to: '/school/orders' } : view(visit, sent.problem)
  }, { right: 'orders', fileBytes: 10 * megabyte, atOnce: 20 })
  console.raw('/school/orders/:id/file', async ({ api, params }, _request, reply) => {
    const { type, body, headers } = await api.file(`/orders/${encodeURIComponent(params.id!)}/file`)
    return reply.type(type).header('content-disposition', headers['content-disposition']).header('content-security-policy', 'sandbox').send(body)
  }, { right: 'read' })

  console.page('/school/orders/:id/cancel', (visit) => confirmView(visit), { right: 'orders' })
  console.form('/school/orders/:id/cancel', async (visit) => {
    const sent = await visit.api.post(`/orders/${encodeURIComponent(visit.params.id!)}/cancel`, {}, visit.form.get('_key'))
    return sent.done ? { to: '/school/orders' } : confirmView(visit, sent.problem)
  }, { right: 'orders' })
}

const orderText = ({ number, date, title }: Line): string => `№ ${number} от ${shortDate(date as `${number}-${number}-${number}`)} «${title}»`

async function confirmView(visit: Visit, problem?: Problem): Promise<Page> {
  const order = await visit.api.get<Line>(`/orders/${encodeURIComponent(visit.params.id!)}`)
  return {
    title: texts.cancelTitle,
    status: problem?.status ?? 200,
    content: html`${backTo('/school/orders', texts.title)}<h1>${texts.cancelTitle}</h1>${refusalView(problem)}<p><strong>${orderText(order)}</strong></p><p>${texts.cancelHint}</p>
      <div class="row">${buttonForm(visit, `/school/orders/${encodeURIComponent(order.id)}/cancel`, texts.cancelYes, { danger: true })}<a class="button" href="/school/orders">${texts.keep}</a></div>`,
  }
}

async function view(visit: Visit, problem?: Problem): Promise<Page> {
  const { items, next } = await visit.api.get<{ items: Line[]; next?: string }>(`/orders${searchOf({ limit: '50', cursor: visit.query.get('cursor') })}`)
  const filled = { id: 'order', form: problem && visit.form, problem }
  const own = [...fields, { name: 'file', label: texts.file, required: false, kind: 'line', options: [] } as FormField]
  return {
    title: texts.title,
    status: problem?.status ?? 200,
    content: html`<div ${live()}>${backTo('/school', texts.back)}<h1>${texts.title}</h1>
      ${items.length === 0 ? emptyView(texts.emptyTitle, texts.empty) : tableOf(visit, items)}
      ${nextView('/school/orders', {}, next, texts.next)}
      ${visit.may('orders') && html`<details class="card" id="add" ${(problem !== undefined || items.length === 0) && html`open`}><summary>${texts.add}</summary>${problemView(filled, own)}
        <form method="post" action="/school/orders" enctype="multipart/form-data" class="stack">${formGuards(visit)}${formView(fields, filled)}
          <div class="field"><label for="file">${texts.file}</label><input type="file" id="file" name="file" accept=".pdf,.jpg,.jpeg,.png" />${(problem?.problems ?? []).filter(({ path }) => path === 'file').map(({ message }) => html`<p class="field-problem">${message}</p>`)}</div>
          <p class="hint">${texts.fileHint}</p><button class="main">${texts.save}</button></form></details>`}</div>`,
  }
}

const tableOf = (visit: Visit, items: readonly Line[]): Html => html`<table class="list card">
  <thead><tr><th scope="col">${texts.number}</th><th scope="col">${texts.date}</th><th scope="col">${texts.heading}</th><th scope="col">${texts.kind}</th><th scope="col">${texts.status}</th></tr></thead>
  <tbody>${items.map(({ id, number, date, title, kind, status, file }) => html`<tr><td>№ ${number}</td><td class="nowrap" data-label="${texts.date}">${shortDate(date as `${number}-${number}-${number}`)}</td><td data-label="${texts.heading}">${title}</td><td data-label="${texts.kind}">${texts.kinds[kind]}</td>
    <td data-label="${texts.status}"><span class="mark ${status === 'cancelled' ? 'bad' : status === 'draft' ? 'warn' : 'good'}">${texts.statuses[status]}</span>${file && html`<span class="line"><a href="/school/orders/${encodeURIComponent(id)}/file" hx-boost="false">${texts.download}</a></span>`}${status !== 'cancelled' && visit.may('orders') && html`<span class="line"><a href="/school/orders/${encodeURIComponent(id)}/cancel">${texts.cancel}</a></span>`}</td></tr>`)}</tbody>
</table>`
