import pg from 'pg'
import { isUnanswered } from './away.ts'
import { PreparingClient } from './prepared-statements.ts'

/** What a query needs: a pool client inside one of the transactions below. */
export type Queryable = Pick<pg.ClientBase, 'query'>

/** The pool of one process. Every query runs inside a transaction that names its role. */
export interface Database {
  pool: pg.Pool
  close(): Promise<void>
}

// Dates stay 'YYYY-MM-DD' strings: a local date has no instant (domain.md 12).
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value)
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** How long PostgreSQL may take, ms, where a statement gets so long. */
const limits = (statement: number) => ({
  connectionTimeoutMillis: 5_000,
  /** It gives a statement up by itself, the wait for somebody's lock included. */
  statement_timeout: statement,
  /** What it has not answered by then, it never will: the connection is lost without a word. */
  query_timeout: statement + 2_000,
  /** A client that is lost without a word in the middle of a transaction holds its locks no longer. */
  idle_in_transaction_session_timeout: 2 * statement,
})

/** What a person waits for. */
const statementLimit = 10_000
/** Work on a whole school at once, which nobody's request waits for: fifty thousand rows of an import. */
export const longStatements = 300_000

/** Opens a pool. Connects lazily; a lost connection is replaced on the next query. `statement`: how long one may take, ms. */
export function openDatabase(connectionString: string, options: { max?: number; statement?: number; onError?: (error: Error) => void } = {}): Database {
  const statement = options.statement ?? statementLimit
  // What takes long depends on its values: it is planned for them each time.
  const Client = statement > statementLimit ? pg.Client : PreparingClient
  const pool = new pg.Pool({ connectionString, Client, max: options.max ?? 10, ...limits(statement) })
  // Without a listener an idle connection that PostgreSQL closes (a restart) would end the process.
  pool.on('error', (error) => options.onError?.(error))
  return { pool, close: () => pool.end() }
}

async function inTransaction<T>(db: Database, settings: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await db.pool.connect()
  // A client that dies while it is checked out emits outside the pool's listener; the query in flight still rejects.
  const ignore = () => {}
  client.on('error', ignore)
  let broken: Error | undefined
  try {
    // One way there and back for both: half of our transactions are two or three statements long.
    await client.query(`begin; ${settings}`)
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    if (isUnanswered(error)) broken = error as Error
    else await client.query('rollback').catch((rollbackError: Error) => (broken = rollbackError))
    throw error
  } finally {
    client.off('error', ignore)
    client.release(broken)
  }
}

const schoolSettings = (orgId: string) => `set_config('role', 'app_school', true), set_config('app.org_id', ${pg.escapeLiteral(orgId)}, true)`

/** Runs `work` in one transaction that sees and writes one school only (row-level security). */
export function inSchool<T>(db: Database, orgId: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return inTransaction(db, `select ${schoolSettings(orgId)}`, work)
}

/**
 * The same for work on the whole school at once. Every table is gone through once: of rows that have just come PostgreSQL
 * has no statistics, takes them for few, and would look each up for each of the others.
 */
export function inWholeSchool<T>(db: Database, orgId: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return inTransaction(db, `select ${schoolSettings(orgId)}, set_config('enable_nestloop', 'off', true)`, work)
}

/** Runs `work` as the service itself: whose is this token, key, message; what must be started (no personal data). */
export function asService<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return inTransaction(db, `select set_config('role', 'app_service', true)`, work)
}

/** Runs `work` as the operator: counts and states across schools, no personal data. */
export function asOperator<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return inTransaction(db, `select set_config('role', 'app_operator', true)`, work)
}

/** Goes on as the school that this transaction of the service has just opened. */
export async function enterSchool(tx: Queryable, orgId: string): Promise<void> {
  await tx.query(`select set_config('role', 'app_school', true), set_config('app.org_id', $1, true)`, [orgId])
}

/** The unique index that a statement failed on, or undefined for any other failure. */
export function violatedRule(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code === '23505' ? constraint : undefined
}
