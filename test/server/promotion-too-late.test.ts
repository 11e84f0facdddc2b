import { beforeAll, expect, test } from 'vitest'
import { ensureClass } from '../../db/classes.ts'
import { inSchool } from '../../db/connection.ts'
import { insertOrder } from '../../db/orders.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { hostedSchool } from '../support/hosted-school.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'

const { db, cohorts, orgId } = await hostedSchool()
/** The academic year that ended in the last calendar year: its 20 September is past, whenever the test runs. */
const ended = new Date().getFullYear() - 1
const [from, to] = [`${ended - 1}-${ended}`, `${ended}-${ended + 1}`]

beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId)
  await inSchool(db, orgId, async (tx) => {
    await ensureClass(tx, orgId, to, '6А')
    const classId = await ensureClass(tx, orgId, from, '5А')
    await insertPeople(tx, orgId, [{ id: 's1', lastName: 'Ёлкин', firstName: 'Матвей', patronymic: null, phone: null, email: null, searchKey: 'елкин матвей' }])
    await insertMemberships(tx, orgId, [{ id: 'mem_s1', personId: 's1', kind: 'student', roles: [], position: null, teachingStaff: false, guardianOf: null, classId }])
    await insertOrder(tx, orgId, { id: 'o2', kind: 'students', number: '14-У', foldedNumber: '14-у', date: `${ended}-06-01`, title: 'О переводе', signedBy: 'p1', status: 'registered', file: { sha256: 'x', mime: 'application/pdf', size: 1 }, content: Buffer.from('x') })
  })
})

test('after 20 September the year’s end is not taken back: the answer says why in Russian, and nobody is moved (7.11)', () =>
  cohorts.running(async () => {
    const app = await scratchApp(db, { dispatcher: cohorts.dispatcher })
    const [admin, head] = [client(app, await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')), client(app, await keyOf(db, orgId, ['head'], 'p1'))]
    const { id, processId } = (await admin.post('promotions', { fromYear: from })).body
    const say = (who: typeof admin, event: object) => who.post(`processes/${processId}/events`, event)
    const becomes = (state: string) => expect.poll(async () => (await admin.get(`promotions/${id}`)).body.state).toBe(state)
    const classesOf = async () => (await admin.get('people/s1')).body.memberships.map(({ className, endedAt }: { className: string; endedAt: string | null }) => `${className} ${endedAt === null}`)

    expect((await say(admin, { type: 'CLASSES_OF_NEXT_YEAR_SET' })).status).toBe(200)
    await expect.poll(async () => (await say(admin, { type: 'DRAFT_READY' })).status).toBe(200)
    const [review] = (await admin.get(`tasks?process=${processId}&kind=T-PROM-CLASS`)).body.items
    expect((await admin.post(`tasks/${review.id}/complete`, { evidence: { confirmed: true } })).status).toBe(200)
    // The window is the usual one: carried out late, but for the day it was meant for.
    expect((await say(head, { type: 'APPROVED_WITH_ORDER', orderId: 'o2', applyOn: `${ended}-07-01` })).status).toBe(200)
    await becomes('platformWork')
    expect(await classesOf()).toEqual(['5А false', '6А true'])

    const refused = await say(head, { type: 'ROLLBACK', reason: 'В приказе ошибка' })
    expect(refused).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:guardRefused', problems: [{ code: 'rollbackOpen', message: expect.stringContaining('20 сентября') }] } })
    expect(await classesOf()).toEqual(['5А false', '6А true'])
    // Nor when all of it has been done.
    const [step] = (await admin.get(`tasks?process=${processId}&kind=T-PROM-STEPS`)).body.items
    expect((await admin.post(`tasks/${step.id}/complete`, { evidence: { result: 'done' } })).status).toBe(200)
    await becomes('completed')
    await expect.poll(async () => (await say(head, { type: 'ROLLBACK', reason: 'В приказе ошибка' })).body.type).toBe('urn:sferum-flow:problem:processEnded')
  }))
