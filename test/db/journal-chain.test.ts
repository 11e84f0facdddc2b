import { afterAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { verifyJournal } from '../../db/journal-chain.ts'
import { insertJournal } from '../../db/journal.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const write = (orgId: string, object: string | string[]) => inSchool(db, orgId, (tx) => insertJournal(tx, orgId, { personId: 'p1', keyId: null, action: 'phoneShown', object }))
const chainOf = (orgId: string) => inSchool(db, orgId, verifyJournal)

/** As somebody would who has the database itself in hand. */
async function meddle(statement: string, values: unknown[]): Promise<void> {
  await db.pool.query('alter table journal no force row level security')
  await db.pool.query(statement, values)
  await db.pool.query('alter table journal force row level security')
}

test('lines of many writers at once make one chain for each school, and nobody of the service may change one', async () => {
  const [orgId, other] = [await sampleSchool(db), await sampleSchool(db, 'org_other')]
  expect(await chainOf(orgId)).toEqual({ lines: 0, lastHash: null, brokenAt: null })
  await Promise.all(Array.from({ length: 20 }, (_, n) => write(n % 2 === 0 ? orgId : other, n % 5 === 0 ? [`a${n}`, `b${n}`] : `a${n}`)))
  for (const school of [orgId, other]) expect(await chainOf(school)).toEqual({ lines: 12, lastHash: expect.stringMatching(/^[0-9a-f]{64}$/), brokenAt: null })
  for (const statement of [`update journal set object = 'x'`, 'delete from journal']) await expect(inSchool(db, orgId, (tx) => tx.query(statement))).rejects.toThrow(/permission denied/)
})

test.each([
  ['a line that was changed', `update journal set object = 'p9' where org_id = $1 and seq = 3`, 3],
  ['a line that was taken out', `delete from journal where org_id = $1 and seq = 3`, 3],
  ['a line cut off at the end', `delete from journal where org_id = $1 and seq = 5`, 5],
  ['two lines that changed places', `update journal set seq = case seq when 2 then -1 else 2 end where org_id = $1 and seq in (2, 3)`, 1],
])('%s shows', async (what, statement, brokenAt) => {
  const orgId = await sampleSchool(db, `org ${what}`)
  await write(orgId, ['p1', 'p2', 'p3', 'p4', 'p5'])
  const { lastHash } = await chainOf(orgId)
  await meddle(statement, [orgId])
  expect(await chainOf(orgId)).toMatchObject({ lastHash, brokenAt })
})

test('who reads the journal can ask whether it is whole', async () => {
  const orgId = await sampleSchool(db, 'org_asked')
  const auditor = client(await scratchApp(db), await keyOf(db, orgId, ['auditor']))
  await write(orgId, 'p1')
  expect((await auditor.get('journal/chain')).body).toEqual({ lines: 1, lastHash: expect.stringMatching(/^[0-9a-f]{64}$/), brokenAt: null, intact: true })
  await meddle(`update journal set person_id = 'p2' where org_id = $1`, [orgId])
  expect((await auditor.get('journal/chain')).body).toMatchObject({ brokenAt: 1, intact: false })
})
