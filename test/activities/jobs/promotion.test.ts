import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyPromotion } from '../../../activities/jobs/apply-promotion.ts'
import { draftPromotion } from '../../../activities/jobs/draft-promotion.ts'
import type { DoJob } from '../../../activities/jobs/index.ts'
import { rollBackPromotion } from '../../../activities/jobs/roll-back-promotion.ts'
import { ensureClass } from '../../../db/classes.ts'
import { inSchool, openDatabase } from '../../../db/connection.ts'
import { insertMemberships, insertPeople } from '../../../db/people.ts'
import { countDraftGaps, decide, insertPromotion, isUnusual } from '../../../db/promotions.ts'
import { samplePeople } from '../../support/sample-people.ts'
import { sampleSchool } from '../../support/sample-school.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'
import { testKeyRing } from '../../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = 'org_zarechie'
const promotionId = 'prm_1'
const classes: Record<string, string> = {}

/** Runs a job as the host does. */
const work = (job: DoJob, params: Record<string, unknown> = {}) =>
  job({ db, keys: testKeyRing }, { orgId, processId: 'promotion:x', params: { promotionId, ...params }, now: new Date(), heartbeat: () => {}, signal: new AbortController().signal })
const apply = (attempt: number) => work(applyPromotion, { attempt, orderId: 'o1', applyOn: '2027-07-01' })
const rollBack = (attempt: number, done: string[] = []) => work(rollBackPromotion, { attempt, done })

const register = () =>
  inSchool(db, orgId, async (tx) => {
    const { rows } = await tx.query<{ line: string }>(
      `select m.person_id || ' ' || c.name || ' ' || left(c.academic_year, 4) as line from memberships m join school_classes c on c.id = m.class_id
       where m.ended_at is null order by 1`,
    )
    return rows.map(({ line }) => line)
  })

/** What belongs to which class: class teachers by their assignments, and spaces that are not closed. */
const belongings = () =>
  inSchool(db, orgId, async (tx) => {
    const { rows } = await tx.query<{ line: string }>(
      `select x.who || ' ' || c.name || ' ' || left(c.academic_year, 4) as line
       from (select person_id as who, class_id from staff_assignments where state <> 'removed' union all select id, class_id from spaces where state <> 'archived') x
       join school_classes c on c.id = x.class_id order by 1`,
    )
    return rows.map(({ line }) => line)
  })

beforeAll(async () => {
  await sampleSchool(db)
  await samplePeople(db, orgId)
  await inSchool(db, orgId, async (tx) => {
    for (const name of ['3А', '4А', '9А']) classes[name] = await ensureClass(tx, orgId, '2026-2027', name)
    for (const name of ['4А', '5А']) classes[`${name}+`] = await ensureClass(tx, orgId, '2027-2028', name)
    const pupils = ['3А', '3А', '4А', '4А', '4А', '9А', '4А'].map((name, i) => ({ id: `s${i + 1}`, name }))
    await insertPeople(tx, orgId, pupils.map(({ id }) => ({ id, lastName: 'Ёлкин', firstName: 'Матвей', patronymic: null, phone: null, email: null, searchKey: 'елкин матвей' })))
    await insertMemberships(tx, orgId, pupils.map(({ id, name }) => ({ id: `mem_${id}`, personId: id, kind: 'student', roles: [], position: null, teachingStaff: false, guardianOf: null, classId: classes[name]! })))
    await tx.query(`update memberships set class_id = $1, roles = '{teacher,classTeacher}' where id = 'mem_p3'`, [classes['4А']])
    // A class of the next year has its students' chat and its class teacher already: people decided so in spring.
    await tx.query(
      `insert into spaces (id, org_id, process_id, kind, class_id, name, owner_id, state)
       select 'spc_' || r.id, $1, 'space:spc_' || r.id, r.kind, r.class_id, r.name, 'p3', r.state
       from (values ('4', 'classGuardians', $2, '4А — родители — 2026/27', 'active'), ('4u', 'classTeachers', $2, '4А — педагоги — 2026/27', 'planned'),
         ('4s', 'classStudents', $2, '4А — ученики — 2026/27', 'handover'), ('5s', 'classStudents', $3, '5А — ученики — 2027/28', 'planned'),
         ('9', 'classStudents', $4, '9А — ученики — 2026/27', 'active'), ('9p', 'classGuardians', $4, 'Родители', 'archived')) r (id, kind, class_id, name, state)`,
      [orgId, classes['4А'], classes['5А+'], classes['9А']],
    )
    await tx.query(
      `insert into staff_assignments (id, org_id, process_id, kind, person_id, class_name, class_id, state)
       select 'sta_' || r.id, $1, 'staffAssignment:sta_' || r.id, 'classTeacher', r.person, r.name, r.class_id, r.state
       from (values ('4', 'p3', '4А', $2, 'active'), ('3', 'p3', '3А', $3, 'active'), ('4next', 'p4', '4А', $4, 'platformWork'), ('4old', 'p5', '4А', $2, 'removed')) r (id, person, name, class_id, state)`,
      [orgId, classes['4А'], classes['3А'], classes['4А+']],
    )
    await insertPromotion(tx, orgId, { id: promotionId, fromYear: '2026-2027', toYear: '2027-2028' })
  })
})

describe('the year’s end of a school', () => {
  const before = ['p3 4А 2026', 's1 3А 2026', 's2 3А 2026', 's3 4А 2026', 's4 4А 2026', 's5 4А 2026', 's6 9А 2026', 's7 4А 2026']
  const gaps = () => inSchool(db, orgId, (tx) => countDraftGaps(tx, promotionId))

  test('the draft proposes the usual for everybody; what people decided stays when it is made again', async () => {
    expect(await work(draftPromotion)).toEqual({ type: 'DRAFTED', pupils: 7 })
    await inSchool(db, orgId, (tx) =>
      decide(tx, promotionId, 'p2', [
        { membershipId: 'mem_s5', decision: 'repeat', targetClassId: classes['4А+']!, reason: 'по заявлению' },
        { membershipId: 'mem_s7', decision: 'leave', targetClassId: null, reason: null },
      ]),
    )
    expect(await work(draftPromotion)).toEqual({ type: 'DRAFTED', pupils: 7 })
    const { rows } = await inSchool(db, orgId, (tx) => tx.query<{ line: string }>(`select person_id || ' ' || decision as line from promotion_decisions order by 1`))
    expect(rows.map(({ line }) => line)).toEqual(['s1 promote', 's2 promote', 's3 promote', 's4 promote', 's5 repeat', 's6 graduate', 's7 leave'])
    expect(await gaps()).toEqual({ undecided: 0, missing: 0, withoutTarget: 0 })
    // Half of 4А does not simply go up, two of seven in the school.
    expect(await inSchool(db, orgId, (tx) => isUnusual(tx, promotionId, { ofClass: 0.3, ofSchool: 0.5 }))).toBe(true)
    expect(await inSchool(db, orgId, (tx) => isUnusual(tx, promotionId, { ofClass: 0.5, ofSchool: 0.25 }))).toBe(true)
    expect(await inSchool(db, orgId, (tx) => isUnusual(tx, promotionId, { ofClass: 0.5, ofSchool: 0.3 }))).toBe(false)
  })

  test('who comes after the draft keeps it from being applied: nobody has moved', async () => {
    await inSchool(db, orgId, async (tx) => {
      await insertPeople(tx, orgId, [{ id: 's8', lastName: 'Ким', firstName: 'Даниил', patronymic: null, phone: null, email: null, searchKey: 'ким даниил' }])
      await insertMemberships(tx, orgId, [{ id: 'mem_s8', personId: 's8', kind: 'student', roles: [], position: null, teachingStaff: false, guardianOf: null, classId: classes['3А']! }])
    })
    expect(await apply(1)).toEqual({ type: 'APPLY_REFUSED', undecided: 1 })
    expect(await register()).toEqual([...before, 's8 3А 2026'])
    // In the list, and gone again before the day, by the same order.
    expect(await work(draftPromotion)).toEqual({ type: 'DRAFTED', pupils: 8 })
    await inSchool(db, orgId, (tx) => tx.query(`update memberships set ended_at = now(), ends_on = '2027-06-01', end_order_id = 'o1' where id = 'mem_s8'`))
  })

  test('an order that was cancelled on the eve carries nothing', async () => {
    await inSchool(db, orgId, (tx) => tx.query(`update orders set status = 'cancelled' where id = 'o1'`))
    expect(await apply(2)).toEqual({ type: 'APPLY_REFUSED', undecided: 0 })
    expect(await register()).toEqual(before)
    await inSchool(db, orgId, (tx) => tx.query(`update orders set status = 'registered' where id = 'o1'`))
    // A worker that was held up comes too late with what was refused.
    expect([await apply(1), await apply(2)]).toEqual(Array(2).fill({ type: 'APPLY_REFUSED', undecided: 0 }))
    expect(await register()).toEqual(before)
  })

  test('applied, the whole school has moved once, however often it is asked; class teacher and chats go along unless the next class has its own', async () => {
    const [answer, again] = await Promise.all([apply(3), apply(3)])
    expect(again).toEqual(answer)
    expect(await register()).toEqual(['p3 5А 2027', 's1 4А 2027', 's2 4А 2027', 's3 5А 2027', 's4 5А 2027', 's5 4А 2027'])
    expect(answer).toEqual({
      type: 'REGISTER_UPDATED',
      spaces: [
        { processId: 'space:spc_4', classId: classes['5А+'], name: '5А — родители — 2027/28' },
        { processId: 'space:spc_4u', classId: classes['5А+'], name: '5А — педагоги — 2027/28' },
      ],
      assignments: [{ processId: 'staffAssignment:sta_4', classId: classes['5А+'], className: '5А' }],
      steps: [
        ...[classes['4А+'], classes['5А+']].sort().map((classId) => ({ key: `openClass:${classId}`, kind: 'openClass', classId, after: 'now', ends: [] })),
        { key: `removeLeavers:${classes['5А+']}`, kind: 'removeLeavers', classId: classes['5А+'], after: 'yearEnd', ends: [] },
        ...[
          { key: `archiveChats:${classes['4А']}`, kind: 'archiveChats', classId: classes['4А'], after: 'now', ends: ['space:spc_4s'] },
          { key: `archiveChats:${classes['9А']}`, kind: 'archiveChats', classId: classes['9А'], after: 'yearEnd', ends: ['space:spc_9'] },
        ].sort((a, b) => (a.key < b.key ? -1 : 1)),
      ],
    })
    // At once, not only when the processes have heard of it.
    expect(await belongings()).toEqual([`p3 3А 2026`, 'p3 5А 2027', 'p4 4А 2027', 'spc_4 5А 2027', 'spc_4s 4А 2026', 'spc_4u 5А 2027', 'spc_5s 5А 2027', 'spc_9 9А 2026'])
  })

  test('rolled back, everything is as it was, except for who has left before and since; confirmed classes are to be restored', async () => {
    // One in summer, one on the very day.
    await inSchool(db, orgId, (tx) => tx.query(`update memberships set ended_at = now(), ends_on = case person_id when 's4' then date '2027-08-20' else '2027-07-01' end where person_id in ('s2', 's4') and ended_at is null`))
    const done = [`openClass:${classes['4А+']}`, `removeLeavers:${classes['5А+']}`, `archiveChats:${classes['9А']}`]
    const answer = await rollBack(3, done)
    expect(answer).toEqual({
      type: 'ROLLED_BACK',
      spaces: [
        { processId: 'space:spc_4', classId: classes['4А'], name: '4А — родители — 2026/27' },
        { processId: 'space:spc_4u', classId: classes['4А'], name: '4А — педагоги — 2026/27' },
      ],
      assignments: [{ processId: 'staffAssignment:sta_4', classId: classes['4А'], className: '4А' }],
      // Whoever came into the class that was changed: from 3А, and who repeats the fourth; and the class whose chats were closed.
      steps: [classes['3А'], classes['4А'], classes['9А']].sort().map((classId) => ({ key: `restoreClass:${classId}`, kind: 'restoreClass', classId, after: 'now', ends: [] })),
    })
    expect(await rollBack(3, done)).toEqual(answer)
    expect(await register()).toEqual(before.filter((line) => !/^s[24] /.test(line)))
    expect(await belongings()).toEqual(['p3 3А 2026', 'p3 4А 2026', 'p4 4А 2027', 'spc_4 4А 2026', 'spc_4s 4А 2026', 'spc_4u 4А 2026', 'spc_5s 5А 2027', 'spc_9 9А 2026'])
  })

  test('an application that was rolled back before it began never begins', async () => {
    expect(await rollBack(4)).toEqual({ type: 'ROLLED_BACK', spaces: [], steps: [], assignments: [] })
    expect(await apply(4)).toEqual({ type: 'APPLY_REFUSED', undecided: 0 })
    expect(await register()).toEqual(before.filter((line) => !/^s[24] /.test(line)))
  })
})
