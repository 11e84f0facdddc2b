import { beforeAll, expect, test } from 'vitest'
import { inSchool } from '../../db/connection.ts'
import { insertOrder } from '../../db/orders.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { searchKey } from '../../school/validation/search-key.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { hostedSchool } from '../support/hosted-school.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'

const { db, cohorts, orgId } = await hostedSchool()
/** The academic year that ends in this calendar year, whenever the test runs; the window is open all of it. */
const ends = new Date().getFullYear()
const [ending, next] = [ends - 1, ends].map((year) => `${year}-${year + 1}`) as [string, string]
const titles = { ending: `${ends - 1}/${String(ends).slice(2)}`, next: `${ends}/${String(ends + 1).slice(2)}` }
const classes: Record<string, string> = {}
const keys = { head: '', admin: '', deputy: '', classTeacher: '', teacher: '' }
let promotion = { id: '', processId: '' }

const pupils = [
  ['s1', 'Андреев', '7А'], ['s2', 'Борисов', '7А'], ['s3', 'Власов', '8А'], ['s4', 'Гусев', '8А'], ['s5', 'Дёмин', '8А'], ['s6', 'Ершов', '9А'],
] as const

beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId, 3)
  await inSchool(db, orgId, async (tx) => {
    const membership = { position: null, teachingStaff: false, guardianOf: null }
    await insertPeople(tx, orgId, [...pupils, ['p6', 'Замова']].map(([id, lastName]) => ({ id: id!, lastName: lastName!, firstName: 'Анна', patronymic: null, phone: null, email: null, searchKey: searchKey(`${lastName} Анна`) })))
    await insertMemberships(tx, orgId, [{ ...membership, id: 'mem_p6', personId: 'p6', kind: 'staff', roles: ['deputy'] }])
    await insertOrder(tx, orgId, { id: 'o2', kind: 'students', number: '14-У', foldedNumber: '14-у', date: `${ends}-01-01`, title: 'О переводе', signedBy: 'p1', status: 'registered', file: { sha256: 'x', mime: 'application/pdf', size: 1 }, content: Buffer.from('x') })
    await tx.query(`update organizations set staff_room_on = '2026-09-01', registered_at = now()`)
    await tx.query(`update memberships set platform_status = 'joined' where id in ('mem_p3', 'mem_p4')`)
  })
  keys.head = await keyOf(db, orgId, ['head'], 'p1')
  keys.admin = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
  keys.deputy = await keyOf(db, orgId, ['deputy'], 'p6')
  keys.classTeacher = await keyOf(db, orgId, ['classTeacher', 'teacher'], 'p3')
  keys.teacher = await keyOf(db, orgId, ['teacher'], 'p4')
})

const app = () => scratchApp(db, { dispatcher: cohorts.dispatcher })
type Api = ReturnType<typeof client>
type Task = { id: string; kind: string }
const as = async (who: keyof typeof keys) => client(await app(), keys[who])
const problemsOf = ({ body }: { body: { problems: { code: string; path?: string }[] } }) => body.problems.map(({ code, path }) => [path, code].filter(Boolean).join(': '))
const say = (api: Api, type: string, fields: object = {}) => api.post(`processes/${promotion.processId}/events`, { type, ...fields })
const stateOf = async (api: Api) => (await api.get(`promotions/${promotion.id}`)).body.state
const becomes = (api: Api, state: string) => expect.poll(() => stateOf(api), { timeout: 20_000 }).toBe(state)
const tasksOf = async (api: Api, kind: string): Promise<Task[]> => (await api.get(`tasks?process=${promotion.processId}&kind=${kind}&limit=200`)).body.items
/** What the card of a task says, as «title: value». */
const cardOf = async (api: Api, { id }: Task) => ((await api.get(`tasks/${id}`)).body.values as { title: string; value: string }[]).map(({ title, value }) => `${title}: ${value}`)
/** Waits until the list has been drawn up so many times. */
const drafted = (api: Api, times: number) =>
  expect.poll(async () => (await api.get(`processes/${promotion.processId}/timeline?limit=200`)).body.items.filter(({ event }: { event: string }) => event === 'DRAFTED').length, { timeout: 20_000 }).toBe(times)
const decide = (api: Api, ...decisions: object[]) => api.post(`promotions/${promotion.id}/decisions`, { decisions })
/** Whose class is which, of pupils and class teachers. */
const register = async () =>
  (
    await inSchool(db, orgId, (tx) =>
      tx.query<{ line: string }>(
        `select x.person_id || ' ' || c.name || ' ' || c.academic_year as line
         from (select person_id, class_id from memberships where kind = 'student' and ended_at is null union select person_id, class_id from class_teachers) x
         join school_classes c on c.id = x.class_id order by 1`,
      ),
    )
  ).rows.map(({ line }) => line)
const inSpace = async (api: Api, id: string) => (await api.get(`spaces/${id}`)).body.members.map(({ personId, standing }: { personId: string; standing: string }) => `${personId} ${standing}`).sort()
const before = [`p3 8А ${ending}`, `s1 7А ${ending}`, `s2 7А ${ending}`, `s3 8А ${ending}`, `s4 8А ${ending}`, `s5 8А ${ending}`, `s6 9А ${ending}`]
const spaces: Record<string, { id: string; processId: string }> = {}

test('nothing is begun before its time, for a year that is none, or without classes to go to', () =>
  cohorts.running(async () => {
    const api = await as('admin')
    expect((await (await as('teacher')).post('promotions', {})).status).toBe(403)
    expect(problemsOf(await api.post('promotions', { fromYear: `${ends}-${ends + 2}` }))).toEqual(['fromYear: fieldFormat'])
    expect(problemsOf(await api.post('promotions', { fromYear: '26/27' }))).toEqual(['fromYear: fieldPattern'])
    expect(await api.get('promotions/prm_none')).toMatchObject({ status: 404 })
    // The year that has begun ends in another calendar year: its window is not open today.
    promotion = (await api.post('promotions', { fromYear: next })).body
    expect(problemsOf(await say(api, 'CLASSES_OF_NEXT_YEAR_SET'))).toContain('promotionWindowOpen')
    expect((await say(api, 'CANCEL', { reason: 'рано' })).body.state).toBe('cancelled')

    await api.patch(`organizations/${orgId}`, { settings: { promotionWindow: { draftFrom: '01-01', approveBy: '12-31', applyFrom: '01-01', doneBy: '12-31', rollBackUntil: '12-31' } } })
    for (const [academicYear, names] of [[ending, ['7А', '8А', '9А']]] as const) {
      const { body } = await api.post('classes', { academicYear, classes: names.map((name) => ({ name })) })
      for (const { name, id } of body.rows as { name: string; id: string }[]) classes[name] = id
    }
    const begun = await api.post('promotions', { fromYear: ending })
    expect(begun.status).toBe(202)
    promotion = begun.body
    expect(problemsOf(await say(api, 'CLASSES_OF_NEXT_YEAR_SET'))).toEqual(['nextYearHasClasses'])
    expect(await api.post('promotions', { fromYear: ending })).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:alreadyLive', id: promotion.id, processId: promotion.processId } })
  }))

test('the list proposes the usual; a person decides about the rest, and every pupil has a decision before classes look through it', () =>
  cohorts.running(async () => {
    const api = await as('admin')
    const { body } = await api.post('classes', { academicYear: next, classes: [{ name: '8А' }, { name: '9А' }] })
    for (const { name, id } of body.rows as { name: string; id: string }[]) classes[`${name}+`] = id
    const membership = { roles: [], position: null, teachingStaff: false, guardianOf: null }
    await inSchool(db, orgId, (tx) => insertMemberships(tx, orgId, pupils.map(([id, , name]) => ({ ...membership, id: `mem_${id}`, personId: id, kind: 'student' as const, classId: classes[name]! }))))
    expect((await api.post('staff-assignments', { kind: 'classTeacher', personId: 'p3', classId: classes['8А'], orderId: 'o1' })).status).toBe(202)
    const [give] = (await api.get('tasks?kind=T-CLASS-TEACHER')).body.items
    await api.post(`tasks/${give.id}/complete`, { evidence: { confirmed: true } })
    expect(await register()).toEqual(before)
    // A class on the platform that goes up, and a chat of the class that leaves school.
    const planned = await api.post('spaces', { spaces: [{ kind: 'schoolClass', classId: classes['8А'] }, { kind: 'classStudents', classId: classes['8А'], ownerId: 'p3' }, { kind: 'classStudents', classId: classes['9А'], ownerId: 'p4' }] })
    for (const { name, id, processId } of planned.body.rows as { name: string; id: string; processId: string }[]) {
      spaces[name] = { id, processId }
      const [task] = (await api.get(`tasks?process=${processId}`)).body.items
      const made = await api.post(`tasks/${task.id}/complete`, { evidence: { name, ...(name !== '8А' && { url: `https://max.ru/chat/EXAMPLE-ONLY-${id}` }) } })
      expect(made.status, JSON.stringify(made.body)).toBe(200)
    }
    expect(await inSpace(api, spaces[`8А — ученики — ${titles.ending}`]!.id)).toEqual(['p3 expected', 's3 expected', 's4 expected', 's5 expected'])

    expect((await say(api, 'CLASSES_OF_NEXT_YEAR_SET')).body.state).toBe('drafting')
    await drafted(api, 1)
    const { items } = (await api.get(`promotions/${promotion.id}/decisions`)).body
    expect(items.map(({ personId, decision, targetClassName }: Record<string, string>) => [personId, decision, targetClassName].join(' '))).toEqual([
      's1 promote 8А', 's2 promote 8А', 's3 promote 9А', 's4 promote 9А', 's5 promote 9А', 's6 graduate ',
    ])
    // Only the class of the class teacher is the class teacher's business.
    expect((await (await as('classTeacher')).get(`promotions/${promotion.id}/decisions`)).body.items.map(({ personId }: { personId: string }) => personId)).toEqual(['s3', 's4', 's5'])
    expect((await (await as('teacher')).get(`promotions/${promotion.id}/decisions`)).body.items).toEqual([])

    expect(
      problemsOf(
        await decide(
          api,
          { membershipId: 'mem_s1', decision: 'promote' },
          { membershipId: 'mem_s2', decision: 'leave', targetClassId: classes['8А+'] },
          { membershipId: 'mem_s3', decision: 'repeat', targetClassId: classes['8А'] },
          { membershipId: 'mem_s4', decision: 'repeat', targetClassId: 'cls_none' },
        ),
      ),
    ).toEqual(['decisions.0.targetClassId: fieldRequired', 'decisions.1.targetClassId: fieldUnknown', 'decisions.2.targetClassId: classNotOfNextYear', 'decisions.3.targetClassId: classNotOfNextYear'])
    expect(problemsOf(await decide(api, { membershipId: 'mem_s4', decision: 'undecided' }, { membershipId: 'mem_p2', decision: 'leave' }))).toEqual(['decisions.1.membershipId: pupilNotInList'])
    expect((await (await as('classTeacher')).post(`promotions/${promotion.id}/decisions`, { decisions: [{ membershipId: 'mem_s4', decision: 'leave' }] })).status).toBe(403)

    expect((await decide(api, { membershipId: 'mem_s4', decision: 'undecided' })).body).toEqual({ changed: 1 })
    expect(problemsOf(await say(api, 'DRAFT_READY'))).toEqual(['everyPupilDecided'])
    await decide(api, { membershipId: 'mem_s4', decision: 'repeat', targetClassId: classes['8А+'], reason: 'по заявлению' }, { membershipId: 'mem_s5', decision: 'leave' })
    expect((await say(await as('head'), 'DRAFT_READY')).body.state).toBe('classReview')
    expect((await decide(api, { membershipId: 'mem_s4', decision: 'leave' })).body).toMatchObject({ type: 'urn:sferum-flow:problem:promotionClosed' })
  }))

test('every class is looked through by its teacher; who finds a mistake returns the list', () =>
  cohorts.running(async () => {
    const api = await as('admin')
    const own = await as('classTeacher')
    const mine = (await own.get('my-tasks')).body.items.filter(({ kind }: Task) => kind === 'T-PROM-CLASS') as Task[]
    expect(mine).toHaveLength(1)
    expect(await cardOf(own, mine[0]!)).toEqual(['Класс: 8А', 'Решения: Выбывает — 1\nПереводится — 1\nОстаётся на повторное обучение — 1'])
    expect((await own.post(`tasks/${mine[0]!.id}/complete`, { evidence: { confirmed: false, remark: 'Дёмин остаётся' } })).status).toBe(200)
    expect(await stateOf(api)).toBe('drafting')
    await drafted(api, 2)
    // What people decided is still there, and the other classes look through the list anew.
    expect((await say(await as('head'), 'DRAFT_READY')).body.state).toBe('classReview')
    const again = await tasksOf(api, 'T-PROM-CLASS')
    expect(again).toHaveLength(3)
    const bulk = await api.post('tasks/complete', { items: again.map(({ id }) => ({ id, evidence: { confirmed: true } })) })
    expect(bulk.body.completed).toBe(3)
    expect(await stateOf(api)).toBe('headApproval')
  }))

test('who prepared the list does not approve it, and it rests on an order of its kind, on a date of the window, with a second look at the unusual (BR-26, BR-27)', () =>
  cohorts.running(async () => {
    const api = await as('admin')
    const approve = (who: Api, fields: object) => say(who, 'APPROVED_WITH_ORDER', { orderId: 'o2', ...fields })
    expect(problemsOf(await approve(await as('head'), { confirmedUnusual: true }))).toEqual(['notPreparer'])
    const deputy = await as('deputy')
    expect(problemsOf(await approve(deputy, { orderId: 'ord_none' }))).toEqual(['orderId: orderUnknown'])
    expect(problemsOf(await approve(deputy, { orderId: 'o1', confirmedUnusual: true }))).toEqual(['promotionOrder'])
    expect(problemsOf(await approve(deputy, {}))).toEqual(['unusualConfirmed'])
    expect(problemsOf(await approve(deputy, { confirmedUnusual: true, applyOn: `${ends - 1}-12-31` }))).toEqual(['applyDateInWindow'])
    const [task] = await tasksOf(api, 'T-PROM-APPROVE')
    // The administrator has every right but this one.
    expect((await api.post(`tasks/${task!.id}/complete`, { evidence: { decision: 'approve', orderId: 'o2', confirmedUnusual: true } })).body.problems[0].code).toBe('approvedByHead')
    expect((await deputy.post(`tasks/${task!.id}/complete`, { evidence: { decision: 'approve', orderId: 'o2', confirmedUnusual: true } })).status).toBe(200)
    await becomes(api, 'platformWork')
  }))

test('applied, every pupil is in the class of the next year, class teacher and chats went along, and the platform’s work is done in bulk', () =>
  cohorts.running(async () => {
    const api = await as('admin')
    expect(await register()).toEqual([`p3 9А ${next}`, `s1 8А ${next}`, `s2 8А ${next}`, `s3 9А ${next}`, `s4 8А ${next}`])
    const chat = spaces[`8А — ученики — ${titles.ending}`]!
    await expect.poll(async () => (await api.get(`spaces/${chat.id}`)).body.name, { timeout: 20_000 }).toBe(`9А — ученики — ${titles.next}`)
    expect((await api.get(`spaces/${chat.id}`)).body).toMatchObject({ className: '9А', academicYear: next })
    const assignment = () => inSchool(db, orgId, async (tx) => (await tx.query<{ line: string }>(`select concat_ws(' ', a.class_id, a.class_name, p.context ->> 'classId', p.context ->> 'className') as line from staff_assignments a join processes p on p.id = a.process_id`)).rows[0]!.line)
    await expect.poll(assignment, { timeout: 20_000 }).toBe(`${classes['9А+']} 9А ${classes['9А+']} 9А`)

    const open = await tasksOf(api, 'T-PROM-STEPS')
    const cards = await Promise.all(open.map((task) => cardOf(api, task)))
    expect(cards.sort()).toEqual([
      ['Что сделать: Открыть класс', 'Класс: 8А', `Учебный год: ${titles.next}`, 'Ученики: Андреев Анна\nБорисов Анна\nГусев Анна'],
      ['Что сделать: Открыть класс', 'Класс: 9А', `Учебный год: ${titles.next}`, 'Название на платформе: 8А', 'Ученики: Власов Анна'],
    ])
    const bulk = await api.post('tasks/complete', { items: open.map(({ id }) => ({ id, evidence: { result: 'done' } })) })
    expect(bulk.body.completed).toBe(2)
    // Who repeats the class is out of its chat; who leaves has it until the year is over.
    expect(await inSpace(api, chat.id)).toEqual(['p3 there', 's3 there', 's5 there'])
    expect(await stateOf(api)).toBe('platformWork')
    expect(await api.post('promotions', { fromYear: ending })).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:alreadyLive' } })

    const leavers = { key: `removeLeavers:${classes['9А+']}`, result: 'done' }
    expect((await say(api, 'STEP_DONE', leavers)).status).toBe(200)
    expect(problemsOf(await say(api, 'STEP_DONE', leavers))).toEqual(['stepIsOpen'])
    expect(await inSpace(api, chat.id)).toEqual(['p3 there', 's3 there'])

    // With a chat that ends die the links into it.
    const graduates = spaces[`9А — ученики — ${titles.ending}`]!
    const { body: link } = await api.post('links', { target: 'chat', targetId: graduates.id, platformRole: 'student', recipients: [] })
    expect((await say(api, 'STEP_DONE', { key: `archiveChats:${classes['9А']}`, result: 'done' })).body.state).toBe('completed')
    await expect.poll(async () => (await api.get(`spaces/${graduates.id}`)).body.state, { timeout: 20_000 }).toBe('archived')
    await expect.poll(async () => (await api.get(`links/${link.id}`)).body.state, { timeout: 20_000 }).toBe('cancelled')
  }))

test('taken back, everybody is where they were, and what was done on the platform is put right there before the year’s end may be begun anew', () =>
  cohorts.running(async () => {
    const api = await as('admin')
    expect((await say(await as('teacher'), 'ROLLBACK', { reason: 'x' })).status).toBe(404)
    expect((await say(api, 'ROLLBACK', { reason: 'В приказе ошибка' })).body.state).toBe('rollingBack')
    await becomes(api, 'drafting')
    expect(await register()).toEqual(before)
    const chat = spaces[`8А — ученики — ${titles.ending}`]!
    await expect.poll(async () => (await api.get(`spaces/${chat.id}`)).body.name, { timeout: 20_000 }).toBe(`8А — ученики — ${titles.ending}`)
    expect((await api.get(`spaces/${chat.id}`)).body).toMatchObject({ className: '8А', academicYear: ending })

    const open = await tasksOf(api, 'T-PROM-STEPS')
    const cards = await Promise.all(open.map((task) => cardOf(api, task)))
    expect(cards.map((card) => card.slice(0, 2).join(', ')).sort()).toEqual(['7А', '8А', '9А'].map((name) => `Что сделать: Вернуть класс, Класс: ${name}`))
    expect(problemsOf(await say(api, 'CANCEL', { reason: 'x' }))).toEqual(['nothingLeft'])
    const bulk = await api.post('tasks/complete', { items: open.map(({ id }) => ({ id, evidence: { result: 'done' } })) })
    expect(bulk.body.completed).toBe(3)
    expect(await inSpace(api, chat.id)).toEqual(['p3 there', 's3 there', 's4 there', 's5 there'])
    // The list of people's decisions is still there for another attempt.
    await drafted(api, 3)
    expect((await api.get(`promotions/${promotion.id}/decisions?decision=leave`)).body.items).toHaveLength(1)
    expect((await say(api, 'CANCEL', { reason: 'Заново в августе' })).body.state).toBe('cancelled')
    const second = await api.post('promotions', { fromYear: ending })
    expect(second).toMatchObject({ status: 202 })
    expect(second.body.processId).not.toBe(promotion.processId)
  }))
