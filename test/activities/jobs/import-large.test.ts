import { afterAll, expect, test } from 'vitest'
import type { DoJob } from '../../../activities/jobs/index.ts'
import { commitImport } from '../../../activities/jobs/commit-import.ts'
import { previewImport } from '../../../activities/jobs/preview-import.ts'
import { inSchool, openDatabase } from '../../../db/connection.ts'
import { findImport } from '../../../db/imports.ts'
import { importsOf } from '../../support/imported.ts'
import { pupilList } from '../../support/pupil-list.ts'
import { sampleSchool } from '../../support/sample-school.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())

const count = async (orgId: string, what: string) => (await inSchool(db, orgId, (tx) => tx.query<{ count: number }>(`select count(*)::int as count from ${what}`))).rows[0]!.count

test('five thousand pupils are read, compared and entered a thousand at a time, and their work is told of', { timeout: 120_000 }, async () => {
  const imports = importsOf(db, await sampleSchool(db, 'org_large'))
  const id = await imports.upload(pupilList(5_000), { wantedKind: 'students' })
  let beats = 0
  const ready = await imports.work(previewImport, id, {}, { heartbeat: () => (beats += 1) })
  expect(ready.counts).toMatchObject({ create: 5_000, problem: 0, ask: 0 })
  // A batch of the reader is five hundred rows, a chunk of the comparison a thousand.
  expect(beats).toBeGreaterThanOrEqual(15)
  expect(await inSchool(db, 'org_large', (tx) => findImport(tx, id))).toMatchObject({ phase: null, done: 5_000, total: 5_000 })
  expect(await imports.commit(id, ready.version)).toMatchObject({ type: 'COMMITTED', counts: { create: 5_000 } })
  expect(await count('org_large', 'people')).toBe(5_000)
  expect(await count('org_large', 'school_classes')).toBe(27)
  expect((await imports.preview(await imports.upload(pupilList(5_000)))).counts).toMatchObject({ same: 5_000, create: 0, leave: 0 })
})

test('a worker that dies at any sign of life leaves nothing half done; the next one goes on, and a repeat doubles nothing', { timeout: 240_000 }, async () => {
  const rows = 1_500
  const imports = importsOf(db, await sampleSchool(db, 'org_resumed'))
  const have = (what: string) => count('org_resumed', what)
  const id = await imports.upload(pupilList(rows))
  /** Does the work again and again, killed a sign of life later each time, until it is done. */
  async function untilDone(job: DoJob, params: object, look: () => Promise<void>) {
    for (let deaths = 0; ; deaths += 1) {
      let life = deaths
      const heartbeat = () => {
        if ((life -= 1) < 0) throw new Error('killed')
      }
      const outcome = await imports.work(job, id, { ...params }, { heartbeat }).catch((error: Error) => error)
      if (!(outcome instanceof Error)) return { deaths, answer: outcome }
      expect(outcome.message).toBe('killed')
      await look()
    }
  }

  const read = await untilDone(previewImport, {}, async () => {
    // The file, or every row of it.
    expect([[1, 0], [0, rows]]).toContainEqual([await have('import_files'), await have('import_rows')])
  })
  expect(read.deaths).toBeGreaterThanOrEqual(4)
  expect(read.answer.counts).toMatchObject({ create: rows })
  expect(await imports.preview(id)).toEqual(read.answer)

  const params = { version: read.answer.version, rows: 'all' }
  const written = await untilDone(commitImport, params, async () => expect(await have('people')).toBe(0))
  expect(written.deaths).toBeGreaterThanOrEqual(4)
  expect(written.answer).toMatchObject({ type: 'COMMITTED', counts: { create: rows } })
  const again = () => imports.work(commitImport, id, params)
  expect(await Promise.all([again(), again()])).toEqual([written.answer, written.answer])
  expect([await have('people'), await have('memberships')]).toEqual([rows, rows])

  const other = await imports.upload(pupilList(10))
  await expect(imports.work(previewImport, other, {}, { signal: AbortSignal.abort(new Error('shut down')) })).rejects.toThrow('shut down')
  expect(await have('import_files')).toBe(1)
})
