import { afterAll, expect, test } from 'vitest'
import { previewImport } from '../../activities/jobs/preview-import.ts'
import { openDatabase } from '../../db/connection.ts'
import { importsOf } from '../support/imported.ts'
import { pupilList } from '../support/pupil-list.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())

const megabyte = 1024 * 1024

test('fifty thousand pupils come in, every statement within what a person waits for, with bounded memory', async () => {
  const imports = importsOf(db, await sampleSchool(db))
  const list = pupilList(50_000)
  const id = await imports.upload(list, { wantedKind: 'students' })
  const before = process.memoryUsage().rss
  let peak = before
  const heartbeat = () => (peak = Math.max(peak, process.memoryUsage().rss))
  const ready = await imports.work(previewImport, id, {}, { heartbeat })
  expect(ready.counts).toMatchObject({ create: 50_000, problem: 0, ask: 0 })
  expect(await imports.commit(id, ready.version)).toMatchObject({ type: 'COMMITTED', counts: { create: 50_000 } })
  const again = await imports.upload(list)
  expect((await imports.work(previewImport, again, {}, { heartbeat })).counts).toMatchObject({ same: 50_000, create: 0, leave: 0 })
  // Fifteen thousand rows take 200: what grows is the heaps of two threads, not with the list.
  expect((peak - before) / megabyte).toBeLessThan(400)
})
