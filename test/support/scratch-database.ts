import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import type { PostgresFacts } from './postgres-server.ts'
import { sharedService } from './shared-services.ts'

/**
 * A migrated, empty database of the caller's own on the shared PostgreSQL; dropped after the file's tests.
 * Call at the top level of a test file.
 * @returns its connection string, for the product's role (not a superuser: row-level security holds)
 */
export async function scratchDatabase(): Promise<string> {
  const { adminUrl, template } = await sharedService<PostgresFacts>(inject('brokerUrl'), 'postgres')
  const name = `scratch_${randomUUID().replaceAll('-', '')}`
  await once(adminUrl, `create database ${name} template ${template}`)
  afterAll(() => once(adminUrl, `drop database if exists ${name} with (force)`))
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

async function once(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    // Two files that clone the template at once collide for a moment; the lock queues them.
    await client.query('select pg_advisory_lock(1)')
    await client.query(statement)
  } finally {
    await client.end()
  }
}
