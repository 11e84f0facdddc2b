import { Type, type Static } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { cancelOrder, findOrder, findOrderFile, insertOrder, listOrders, orderKinds, orderStatuses, type OrderRow } from '../../db/orders.ts'
import { findPerson } from '../../db/people.ts'
import { readCalendarSettings } from '../../db/calendar-settings.ts'
import { listMovementsOn } from '../../db/movements.ts'
import { findRestingOnOrders } from '../../db/process-queries.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { checkOrderDate } from '../../school/validation/order-date.ts'
import { checkOrderFile } from '../../school/validation/order-file.ts'
import { checkOrderNumber, foldOrderNumber } from '../../school/validation/order-number.ts'
import { checkText } from '../../school/validation/text.ts'
import { sessionOf } from '../authentication.ts'
import { collectProblems } from '../collect-problems.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { wordedProblem } from '../problem-json.ts'
import { closed, Id, IdParams, Nullable, OneOf, PageOf, Problem } from '../schemas/common.ts'
import { formReader, uploadTimeout } from '../upload.ts'

const megabyte = 1024 * 1024

const NewOrder = Type.Object(
  {
    kind: OneOf(orderKinds),
    number: Type.String({ maxLength: 100 }),
    date: Type.String({ maxLength: 10 }),
    title: Type.String({ maxLength: 500 }),
    signedBy: Type.Optional(Id),
  },
  closed,
)

export const Order = Type.Object({
  id: Id,
  kind: OneOf(orderKinds),
  number: Type.String(),
  date: Type.String(),
  title: Type.String(),
  signedBy: Nullable(Id),
  status: OneOf(orderStatuses),
  file: Nullable(Type.Object({ sha256: Type.String(), mime: Type.String(), size: Type.Integer() })),
  createdAt: Type.String(),
  warnings: Type.Optional(Type.Array(Problem)),
})

const view = ({ createdAt, ...order }: OrderRow): Static<typeof Order> => ({ ...order, createdAt: createdAt.toISOString() })

const ListQuery = Type.Object({ ...PageQuery, kind: Type.Optional(OneOf(orderKinds)), status: Type.Optional(OneOf(orderStatuses)) }, closed)

/** The register of orders. An order with its file is registered; one without is a draft (BR-01). */
export function orderRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const { db, dispatcher } = deps
  const tags = ['Приказы']
  app.decorateRequest('upload', null)

  app.get('/orders', { config: { right: 'read' }, schema: { tags, summary: 'Реестр приказов', querystring: ListQuery, response: { 200: PageOf(Order) } } }, async (request) => {
    const { limit, cursor, ...filter } = request.query
    const after = decodeCursor(cursor, ['date', 'text'])
    const orders = await inSchool(db, sessionOf(request).orgId, (tx) => listOrders(tx, { ...filter, after, limit: limit + 1 }))
    return pageOf(orders, limit, view, ({ date, id }) => [date, id])
  })

  app.get('/orders/:id', { config: { right: 'read' }, schema: { tags, summary: 'Приказ', params: IdParams, response: { 200: Order } } }, async (request) => {
    const order = await inSchool(db, sessionOf(request).orgId, (tx) => findOrder(tx, request.params.id))
    if (!order) throw new Refusal('notFound')
    return view(order)
  })

  app.get('/orders/:id/file', { config: { right: 'read' }, schema: { tags, summary: 'Файл приказа', params: IdParams } }, async (request, reply) => {
    const [order, content] = await inSchool(db, sessionOf(request).orgId, async (tx) => [await findOrder(tx, request.params.id), await findOrderFile(tx, request.params.id)])
    if (!order?.file || !content) throw new Refusal('notFound')
    // Never rendered in the page's own origin, whatever the file turns out to be.
    return reply.type(order.file.mime).header('content-disposition', 'attachment; filename="order"').header('content-security-policy', 'sandbox').send(content)
  })

  app.post(
    '/orders',
    {
      config: { right: 'orders' },
      bodyLimit: 11 * megabyte,
      handlerTimeout: uploadTimeout,
      preValidation: formReader({ fileBytes: 10 * megabyte, atOnce: 20 }),
      schema: { tags, summary: 'Внести приказ (форма multipart с файлом file: PDF, JPEG или PNG до 10 МБ)', consumes: ['multipart/form-data', 'application/json'], body: NewOrder, response: { 201: Order } },
    },
    async (request, reply) => {
      const { orgId } = sessionOf(request)
      const { body, upload } = request
      return inCommand(deps, request, reply, 201, async (tx) => {
        const today = localClock((await readCalendarSettings(tx)).timezone).localDate(new Date())
        const found = collectProblems()
        const number = found.take('number', checkOrderNumber(body.number))
        const date = found.take('date', checkOrderDate(body.date, today))
        const title = found.take('title', checkText(body.title, { max: 300 }))
        const file = upload ? found.take('file', checkOrderFile(upload.bytes, upload.mime, upload.name)) : null
        if (body.signedBy !== undefined && !(await findPerson(tx, body.signedBy))) found.problems.push({ code: 'personUnknown', path: 'signedBy' })
        found.refuseAny()
        const id = newId('ord')
        const inserted = await insertOrder(tx, orgId, {
          id,
          kind: body.kind,
          number: number!,
          foldedNumber: foldOrderNumber(number!),
          date: date!,
          title: title!,
          signedBy: body.signedBy ?? null,
          status: file ? 'registered' : 'draft',
          file: file ?? null,
          content: upload?.bytes ?? null,
        })
        if (!inserted) throw new Refusal('duplicateOrder')
        const warnings = found.warnings.map((warning) => wordedProblem(warning, languageOf(request)))
        return { ...view((await findOrder(tx, id))!), ...(warnings.length > 0 && { warnings }) }
      })
    },
  )

  app.post('/orders/:id/cancel', { config: { right: 'orders' }, schema: { tags, summary: 'Отменить приказ', params: IdParams, response: { 200: Order } } }, async (request) => {
    const { orgId, personId } = sessionOf(request)
    const { order, cancelledNow, resting } = await inSchool(db, orgId, async (tx) => {
      const known = await findOrder(tx, request.params.id)
      if (!known) throw new Refusal('notFound')
      const others = (await findRestingOnOrders(tx)).map((to) => ({ to, type: 'ORDER_INVALIDATED' }))
      const movements = (await listMovementsOn(tx, known.id)).map((to) => ({ to, type: 'ORDER_CANCELLED' }))
      return { order: { ...known, status: 'cancelled' as const }, cancelledNow: await cancelOrder(tx, known.id), resting: [...others, ...movements] }
    })
    // The event's id is the order's: cancelled once, told once to each, whoever repeats it after a crash.
    const events = resting.map(({ to, type }) => ({ id: `orderCancelled:${order.id}:${to}`, to, event: { type, orderId: order.id, by: personId }, actor: { kind: 'person', personId } as const }))
    if (events.length > 0) await dispatcher.deliver(events)
    if (!cancelledNow) throw new Refusal('orderCancelled')
    return view(order)
  })
}
