import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClass } from '../../db/classes.ts'
import { inSchool, openDatabase, type Queryable } from '../../db/connection.ts'
import { placeJoined } from '../../db/joined-places.ts'
import { findNeglectedLinks } from '../../db/link-sweep.ts'
import { insertPromotion } from '../../db/promotions.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { sampleSpaces } from '../support/sample-spaces.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const inIt = <T>(work: (tx: Queryable) => Promise<T>) => inSchool(db, orgId, work)
let spaces = {} as Awaited<ReturnType<typeof sampleSpaces>>
beforeAll(async () => {
  await samplePeople(db, orgId)
  spaces = await sampleSpaces(db, orgId)
  await inIt((tx) => tx.query(`insert into spaces (id, org_id, kind, name, state) values ('room', $1, 'staffRoom', 'Учительская', 'active'), ('channel', $1, 'staffChannel', 'Сотрудники', 'active')`, [orgId]))
})

const places = () => inIt(async (tx) => (await tx.query<{ place: string }>(`select space_id || ' ' || person_id || ' ' || standing as place from places order by 1`)).rows.map(({ place }) => place))

test('who joins is where the invitation led, who was taken off again is not, and colleagues see their channel', async () => {
  const joined = (target: string, targetId: string, personId: string, removed = false) => inIt((tx) => placeJoined(tx, orgId, [{ personId, target, targetId, removed }]))
  for (let again = 0; again < 2; again++) await joined('staffRoom', '', 'p4')
  expect(await places()).toEqual(['channel p4 expected', 'room p4 there'])
  await joined('class', spaces.classId, 'p5')
  await joined('chat', spaces.classTeachers, 'p5')
  await joined('chat', 'Родители 5А', 'p5')
  expect(await places()).toEqual(['channel p4 expected', `${spaces.schoolClass} p5 there`, `${spaces.classTeachers} p5 there`, 'room p4 there'].sort())
  await joined('chat', spaces.classTeachers, 'p5', true)
  expect(await places()).toHaveLength(3)
})

test('who joins a class by a link of the year before is in the class as it goes on', async () => {
  await inIt(async (tx) => {
    await insertPromotion(tx, orgId, { id: 'prm_1', fromYear: '2026-2027', toYear: '2027-2028' })
    const next = await ensureClass(tx, orgId, '2027-2028', '6А')
    await tx.query(`insert into promotion_classes (promotion_id, class_id, org_id, target_class_id, spaces) values ('prm_1', $1, $2, $3, $4)`, [spaces.classId, orgId, next, [spaces.schoolClass]])
    await tx.query('update spaces set class_id = $1 where id = $2', [next, spaces.schoolClass])
    await placeJoined(tx, orgId, [{ personId: 'p4', target: 'class', targetId: spaces.classId, removed: false }])
  })
  expect(await places()).toContain(`${spaces.schoolClass} p4 there`)
  await inIt(async (tx) => {
    await tx.query('update spaces set class_id = $1 where id = $2', [spaces.classId, spaces.schoolClass])
    await tx.query('delete from promotion_classes')
  })
})

test('a link that is alive into a class or chat that is gone is found by the sweep', async () => {
  await inIt(async (tx) => {
    await tx.query(`insert into cohorts (id, org_id, workflow_id, status) values ('coh_1', $1, 'cohort:coh_1', 'running')`, [orgId])
    const targets = { living: ['chat', spaces.classGuardians], archived: ['chat', spaces.classStudents], closed: ['class', spaces.classId], old: ['chat', 'Родители 5А'] }
    for (const [id, [target, targetId]] of Object.entries(targets)) {
      await tx.query(`insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at) values ($1, $2, 'coh_1', 'inviteLink', 1, 'active', '{}', 1, now(), now())`, [id, orgId])
      await tx.query(
        `insert into invite_links (id, org_id, process_id, number, target, target_id, platform_role, scope, expires_at, state, platform_state) values ($1, $2, $1, $1, $3, $4, 'guardian', 'group', now() + interval '1 day', 'active', 'live')`,
        [id, orgId, target, targetId],
      )
    }
    await tx.query(`update spaces set state = 'archived' where id = $1`, [spaces.classStudents])
    await tx.query(`update school_classes set closed_at = now() where id = $1`, [spaces.classId])
  })
  expect(await inIt((tx) => findNeglectedLinks(tx, new Date()))).toEqual(['archived', 'closed'].map((linkId) => ({ linkId, problem: 'targetGone' })))
})
