import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyPromotion } from '../../../activities/jobs/apply-promotion.ts'
import { draftPromotion } from '../../../activities/jobs/draft-promotion.ts'
import type { DoJob } from '../../../activities/jobs/index.ts'
import { rollBackPromotion } from '../../../activities/jobs/roll-back-promotion.ts'
import { inSchool, longStatements, openDatabase } from '../../../db/connection.ts'
import { insertPromotion } from '../../../db/promotions.ts'
import { largeYearEnd } from '../../support/large-year-end.ts'
import { samplePeople } from '../../support/sample-people.ts'
import { sampleSchool } from '../../support/sample-school.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'
import { testKeyRing } from '../../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase(), { statement: longStatements })
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const grades = 9
const perGrade = 6
const pupils = 1_500
const years = ['2026-2027', '2027-2028'] as const

const work = (job: DoJob, params: object = {}) =>
  job({ db, keys: testKeyRing }, { orgId, processId: 'promotion:x', params: { promotionId: 'prm_1', ...params }, now: new Date(), heartbeat: () => {}, signal: new AbortController().signal })

/** How many pupils learn in each grade of each year. */
const register = async () =>
  (
    await inSchool(db, orgId, (tx) =>
      tx.query<{ line: string }>(
        `select left(c.academic_year, 4) || ' ' || c.grades[1] || ': ' || count(*) as line from memberships m join school_classes c on c.id = m.class_id where m.kind = 'student' and m.ended_at is null
         group by c.academic_year, c.grades[1] order by c.academic_year, c.grades[1]`,
      ),
    )
  ).rows.map(({ line }) => line)

beforeAll(async () => {
  await samplePeople(db, orgId)
  await largeYearEnd(db, orgId, years, pupils)
  await inSchool(db, orgId, (tx) => insertPromotion(tx, orgId, { id: 'prm_1', fromYear: years[0], toYear: years[1] }))
})

test('a school of 1,500 pupils moves up, and back, as a whole', async () => {
  const before = await register()
  expect(await work(draftPromotion)).toEqual({ type: 'DRAFTED', pupils })
  const applied = (await work(applyPromotion, { attempt: 1, orderId: 'o1', applyOn: '2027-07-01' })) as unknown as { spaces: unknown[]; steps: { kind: string }[] }
  const moved = before.slice(0, -1).map((line) => line.replace(/^\d+ (\d+)/, (_, grade) => `2027 ${Number(grade) + 1}`))
  expect(await register()).toEqual(moved)
  expect(applied.spaces).toHaveLength((grades - 1) * perGrade * 4)
  expect(applied.steps.map(({ kind }) => kind).sort()).toEqual([...Array<string>(perGrade).fill('archiveChats'), ...Array<string>((grades - 1) * perGrade).fill('openClass')])
  await work(rollBackPromotion, { attempt: 1, done: [] })
  expect(await register()).toEqual(before)
})
