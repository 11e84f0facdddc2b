import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyPromotion } from '../../../activities/jobs/apply-promotion.ts'
import { draftPromotion } from '../../../activities/jobs/draft-promotion.ts'
import type { DoJob } from '../../../activities/jobs/index.ts'
import { rollBackPromotion } from '../../../activities/jobs/roll-back-promotion.ts'
import { inSchool, longStatements, openDatabase } from '../../../db/connection.ts'
import { insertPromotion } from '../../../db/promotions.ts'
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
  await inSchool(db, orgId, async (tx) => {
    for (const [year, prefix] of [['2026-2027', 'a'], ['2027-2028', 'b']]) {
      await tx.query(
        `insert into school_classes (id, org_id, academic_year, grades, letter, name, folded_name)
         select $3 || g || '_' || l, $1, $2, array[g]::smallint[], chr(1039 + l), g || chr(1039 + l), g || ':' || chr(1039 + l) from generate_series(1, $4::int) g, generate_series(1, $5::int) l`,
        [orgId, year, prefix, grades, perGrade],
      )
    }
    await tx.query(`insert into people (id, org_id, last_name, first_name, search_key) select 's' || n, $1, 'Ёлкин', 'Матвей', 'елкин матвей' from generate_series(1, $2::int) n`, [orgId, pupils])
    await tx.query(
      `insert into memberships (id, org_id, person_id, kind, roles, class_id) select 'mem_s' || n, $1, 's' || n, 'student', '{}', 'a' || (n % $3 + 1) || '_' || (n / $3 % $4 + 1) from generate_series(1, $2::int) n`,
      [orgId, pupils, grades, perGrade],
    )
    // A class on the platform and three chats for every class.
    await tx.query(
      `insert into spaces (id, org_id, process_id, kind, class_id, name, state)
       select k || ':' || c.id, $1, 'space:' || k || ':' || c.id, k, c.id, c.name, 'active'
       from school_classes c, unnest(array['schoolClass', 'classStudents', 'classGuardians', 'classTeachers']) k where c.academic_year = '2026-2027'`,
      [orgId],
    )
    await insertPromotion(tx, orgId, { id: 'prm_1', fromYear: '2026-2027', toYear: '2027-2028' })
  })
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
