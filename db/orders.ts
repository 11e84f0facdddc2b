import type { Queryable } from './connection.ts'

export const orderKinds = ['main', 'staff', 'students'] as const
export type OrderKind = (typeof orderKinds)[number]
export const orderStatuses = ['draft', 'registered', 'cancelled'] as const
export type OrderStatus = (typeof orderStatuses)[number]

/** An order of the head in the school's register. `date` is local, 'YYYY-MM-DD'. */
export interface OrderRow {
  id: string
  kind: OrderKind
  number: string
  date: string
  title: string
  signedBy: string | null
  status: OrderStatus
  file: { sha256: string; mime: string; size: number } | null
  createdAt: Date
}

const columns = `id, kind, number, date, title, signed_by as "signedBy", status,
  case when file_sha256 is null then null else json_build_object('sha256', file_sha256, 'mime', file_mime, 'size', file_size) end as file,
  created_at as "createdAt"`

/**
 * Enters an order. False when the kind and year have one with this number that is not cancelled: numbers are
 * compared in their folded form (domain.md 11).
 */
export async function insertOrder(
  tx: Queryable,
  orgId: string,
  order: Omit<OrderRow, 'createdAt'> & { foldedNumber: string; content: Uint8Array | null },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into orders (id, org_id, kind, number, folded_number, date, title, signed_by, status, file_sha256, file_mime, file_size)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (org_id, kind, (extract(year from date)), folded_number) where status <> 'cancelled' do nothing`,
    [
      order.id, orgId, order.kind, order.number, order.foldedNumber, order.date, order.title, order.signedBy, order.status,
      order.file?.sha256 ?? null, order.file?.mime ?? null, order.file?.size ?? null,
    ],
  )
  if (rowCount !== 1) return false
  if (order.content) await tx.query(`insert into order_files (order_id, org_id, content) values ($1, $2, $3)`, [order.id, orgId, order.content])
  return true
}

export async function findOrder(tx: Queryable, id: string): Promise<OrderRow | undefined> {
  const { rows } = await tx.query<OrderRow>(`select ${columns} from orders where id = $1`, [id])
  return rows[0]
}

/** The file of an order, as it was uploaded. */
export async function findOrderFile(tx: Queryable, orderId: string): Promise<Buffer | undefined> {
  const { rows } = await tx.query<{ content: Buffer }>(`select content from order_files where order_id = $1`, [orderId])
  return rows[0]?.content
}

export interface OrderFilter {
  kind?: OrderKind | undefined
  status?: OrderStatus | undefined
  after?: readonly [date: string, id: string] | undefined
  limit: number
}

/** A page of the register, the latest first. */
export async function listOrders(tx: Queryable, filter: OrderFilter): Promise<OrderRow[]> {
  const { rows } = await tx.query<OrderRow>(
    `select ${columns} from orders
     where ($1::text is null or kind = $1) and ($2::text is null or status = $2) and ($3::date is null or (date, id) < ($3, $4))
     order by date desc, id desc limit $5`,
    [filter.kind ?? null, filter.status ?? null, filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit],
  )
  return rows
}

/** Cancels an order. False when it is cancelled already or not there. */
export async function cancelOrder(tx: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(`update orders set status = 'cancelled' where id = $1 and status <> 'cancelled'`, [id])
  return rowCount === 1
}
