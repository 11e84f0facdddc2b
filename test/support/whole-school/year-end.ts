import { expect } from 'vitest'
import { inSchool } from '../../../db/connection.ts'
import { schoolRows } from '../school-digest.ts'
import { good, problemsOf, type Task, type WholeSchool } from './school.ts'
import type { Space } from './structure.ts'

interface Promotion {
  id: string
  processId: string
  state: string
}
interface Decision {
  membershipId: string
  personId: string
  className: string
  decision: string
  targetClassId: string | null
}

const window = { draftFrom: '01-01', approveBy: '12-31', applyFrom: '01-01', doneBy: '12-31', rollBackUntil: '12-31' }

/** What stands in the register, row by row, as far as it is of any day, and who leads which class. */
export async function registerOf({ db, orgId }: WholeSchool): Promise<string[]> {
  const { memberships } = await schoolRows(db, orgId)
  const [empty, teachers] = await inSchool(db, orgId, async (tx) => [
    await tx.query<{ line: string }>('select m::text as line from memberships m where ends_on = starts_on'),
    await tx.query<{ line: string }>(`select 'teacher ' || person_id || ' ' || class_id as line from class_teachers`),
  ])
  const never = new Set(empty.rows.map(({ line }) => line))
  return [...memberships!.filter((line) => !never.has(line)), ...teachers.rows.map(({ line }) => line)].sort()
}

/** Every class and chat, whose it is and who is in it. */
export async function platformOf({ db, orgId }: WholeSchool): Promise<string[]> {
  const { rows } = await inSchool(db, orgId, (tx) =>
    tx.query<{ line: string }>(`select concat_ws(' ', s.id, s.class_id, s.name, s.owner_id, s.state, p.person_id) as line from spaces s left join places p on p.space_id = s.id order by 1`),
  )
  return rows.map(({ line }) => line)
}

const stateOf = async ({ admin }: WholeSchool, { id }: Promotion) => good(await admin.get<Promotion>(`/promotions/${id}`)).state
const drafted = ({ admin }: WholeSchool, { processId }: Promotion, times: number) =>
  expect.poll(async () => good(await admin.get<{ items: { event: string }[] }>(`/processes/${processId}/timeline?limit=200`)).items.filter(({ event }) => event === 'DRAFTED').length, { timeout: 60_000 }).toBe(times)

/** The year's end begins: the list proposes the usual for everybody, a person decides about a few. */
export async function begun(whole: WholeSchool): Promise<Promotion> {
  const { admin, all, orgId, school, years, say } = whole
  good(await admin.patch(`/organizations/${orgId}`, { settings: { promotionWindow: window } }))
  const nextClasses = [...school.classes.filter((name) => !name.startsWith('9')).map(nextName), '1А', '2А']
  good(await admin.post('/classes', { academicYear: years.next, classes: [...new Set(nextClasses)].map((name) => ({ name })) }), 201)
  const target = await classIds(whole, years.next)

  const promotion = good(await admin.post<Promotion>('/promotions', { fromYear: years.ending }), 202)
  await say(promotion.processId, { type: 'CLASSES_OF_NEXT_YEAR_SET' })
  await drafted(whole, promotion, 1)
  const list = await all<Decision>(`/promotions/${promotion.id}/decisions`)
  expect(list).toHaveLength(await pupilsIn(whole, years.ending))
  for (const { className, decision, targetClassId } of list) {
    expect([decision, targetClassId], className).toEqual(className.startsWith('9') ? ['graduate', null] : ['promote', target.get(nextName(className))])
  }
  const [repeats, leaves] = list.filter(({ className }) => className === '2А') as [Decision, Decision]
  const decisions = [{ membershipId: repeats.membershipId, decision: 'repeat', targetClassId: target.get('2А') }, { membershipId: leaves.membershipId, decision: 'leave' }]
  good(await admin.post(`/promotions/${promotion.id}/decisions`, { decisions }))
  return promotion
}

const nextName = (name: string) => `${Number(name[0]) + 1}${name.slice(1)}`
const classIds = async ({ classesOf }: WholeSchool, year: string) => new Map((await classesOf(year)).map(({ id, name }) => [name, id]))
const pupilsIn = async ({ classesOf }: WholeSchool, year: string) => (await classesOf(year)).reduce((sum, { pupils }) => sum + pupils, 0)

/** A class teacher looks through the own class, finds something and returns the list; then every class is confirmed (BR-26). */
export async function reviewed(whole: WholeSchool, promotion: Promotion): Promise<void> {
  const { admin, classesOf, years, say, as, awaited, completeAll } = whole
  const classes = await classesOf(years.ending)
  const teacher = await as(['teacher'], classes.find(({ name }) => name === '2А')!.classTeachers[0]!.id)
  await say(promotion.processId, { type: 'DRAFT_READY' })
  const { items } = good(await teacher.get<{ items: Task[] }>('/my-tasks?kind=T-PROM-CLASS'))
  good(await teacher.post(`/tasks/${items[0]!.id}/complete`, { evidence: { confirmed: false, remark: 'Проверьте ещё раз' } }))
  expect(problemsOf(await admin.post(`/processes/${promotion.processId}/events`, { type: 'DRAFT_READY' })).filter((code) => code !== 'draftMade')).toEqual([])
  await expect.poll(async () => (await admin.post(`/processes/${promotion.processId}/events`, { type: 'DRAFT_READY' })).status === 200 || (await stateOf(whole, promotion)) === 'classReview').toBe(true)
  await completeAll(await awaited('T-PROM-CLASS', classes.length, promotion.processId), () => ({ confirmed: true }))
  expect(await stateOf(whole, promotion)).toBe('headApproval')
}

/** Approved by somebody else than who prepared it, with an order, and carried out (BR-27). */
export async function applied(whole: WholeSchool, promotion: Promotion): Promise<void> {
  const { admin, head, order, years, becomes, all } = whole
  const approval = { type: 'APPROVED_WITH_ORDER', orderId: await order('students', `${years.ends}-01-01`), confirmedUnusual: true }
  const event = `/processes/${promotion.processId}/events`
  expect(problemsOf(await admin.post(event, approval))).toEqual(expect.arrayContaining(['approvedByHead', 'notPreparer']))
  good(await head.post(event, approval))
  await becomes(promotion.processId, 'platformWork')
  const stay = (await all<Decision>(`/promotions/${promotion.id}/decisions`)).filter(({ decision }) => decision === 'promote' || decision === 'repeat')
  expect([await pupilsIn(whole, years.ending), await pupilsIn(whole, years.next)]).toEqual([0, stay.length])
}

/** The platform follows, all classes at once; who graduates or leaves keeps the chats until the year is over. */
export async function followed(whole: WholeSchool, promotion: Promotion): Promise<void> {
  const { tasks, completeAll } = whole
  await completeAll(await tasks('T-PROM-STEPS', promotion.processId), () => ({ result: 'done' }))
  expect(await stateOf(whole, promotion)).toBe('platformWork')
}

/** The year is over: chats of graduates are archived, who left is out of the chats of the class. */
export async function yearIsOver(whole: WholeSchool, promotion: Promotion): Promise<void> {
  const { all, years, say, becomes } = whole
  const [ending, next] = [await classIds(whole, years.ending), await classIds(whole, years.next)]
  const graduated = [...ending].filter(([name]) => name.startsWith('9')).map(([, id]) => `archiveChats:${id}`)
  for (const key of [`removeLeavers:${next.get('3А')}`, ...graduated]) await say(promotion.processId, { type: 'STEP_DONE', key, result: 'done' })
  await becomes(promotion.processId, 'completed')
  const living = async () => (await all<Space>('/spaces?state=active')).filter(({ classId }) => classId !== null && ![...next.values()].includes(classId))
  await expect.poll(async () => (await living()).map(({ name }) => name), { timeout: 60_000 }).toEqual([])
}

/** Taken back, and every class that had been changed on the platform is put right there. */
export async function takenBack(whole: WholeSchool, promotion: Promotion): Promise<void> {
  const { say, becomes, tasks, completeAll } = whole
  await say(promotion.processId, { type: 'ROLLBACK', reason: 'В приказе ошибка' })
  await becomes(promotion.processId, 'drafting')
  const open = await tasks('T-PROM-STEPS', promotion.processId)
  expect(open.length).toBeGreaterThan(0)
  await completeAll(open, () => ({ result: 'done' }))
  expect(await tasks('T-PROM-STEPS', promotion.processId)).toEqual([])
}
