import { expect, test } from 'vitest'
import { inSchool } from '../../db/connection.ts'
import { countOtherAdministrators } from '../../db/staff-assignment-queries.ts'
import { schoolInSkippedTime } from '../support/school-in-skipped-time.ts'

const school = await schoolInSkippedTime(4)
const { send, complete, stateOf, tasksOf } = school
const joined = { personJoined: true, orderInForce: false }

/** Rights or a class for a person, before they are asked for. */
async function drafted(name: string, input: Record<string, unknown>): Promise<string> {
  const id = `staffAssignment:${name}`
  await school.start([{ id, kind: 'staffAssignment', input }])
  return id
}

const rolesOf = async (person: string) => (await school.rows<{ roles: string[]; className: string | null }>(`select m.roles, c.name as "className" from memberships m left join school_classes c on c.id = m.class_id where m.id = 'mem_' || $1`, [person]))[0]!
/** What the server looks up before rights are taken away (BR-12). */
const removalFacts = async (person: string) => ({ otherAdministrators: await inSchool(school.db, school.orgId, (tx) => countOtherAdministrators(tx, person)) })
const remove = async (id: string, person: string) => send(id, { type: 'REMOVE', facts: await removalFacts(person) })

test('a teacher who has joined becomes an additional administrator (BR-11); it fails, is tried again, and holds', async () => {
  const id = await drafted('a1', { kind: 'extraAdmin', personId: 'p3' })
  expect(await send(id, { type: 'START', facts: { ...joined, personJoined: false } })).toMatchObject({ accepted: false, guards: ['personHasJoined'] })
  expect(await send(id, { type: 'START', facts: joined })).toMatchObject({ accepted: true, state: 'platformWork' })
  const grant = await school.openTask('T-ADM-GRANT', id)
  expect(await send(grant.id, { type: 'FAIL', reason: 'noAccess', comment: 'кнопки нет' })).toMatchObject({ accepted: true })
  expect(await stateOf(id)).toBe('failed')
  expect((await rolesOf('p3')).roles).toEqual(['teacher'])

  expect(await complete('T-STAFF-RETRY', { decision: 'retry' }, { owner: id })).toMatchObject({ accepted: true })
  expect(await complete('T-ADM-GRANT', { confirmed: true }, { owner: id })).toMatchObject({ accepted: true })
  expect(await stateOf(id)).toBe('active')
  expect((await rolesOf('p3')).roles).toEqual(['teacher', 'extraAdmin'])
})

test('the last administrator keeps the rights (BR-12); with another one they can be taken, by somebody else (four eyes)', async () => {
  const id = 'staffAssignment:a1'
  // The school is not registered yet, so nobody but this person has rights.
  expect(await remove(id, 'p3')).toMatchObject({ accepted: false, reason: 'guard', guards: ['notLastAdministrator'] })
  const other = await drafted('a2', { kind: 'extraAdmin', personId: 'p4' })
  await send(other, { type: 'START', facts: joined })
  await complete('T-ADM-GRANT', { confirmed: true }, { owner: other })

  expect(await remove(id, 'p3')).toMatchObject({ accepted: true, state: 'removing' })
  // While the first loses the rights the second is the last one.
  expect(await remove(other, 'p4')).toMatchObject({ accepted: false, guards: ['notLastAdministrator'] })
  expect(await complete('T-ADM-REMOVE', { result: 'done' }, { by: 'p3', owner: id })).toMatchObject({ accepted: false, guards: ['notOwnRights'] })

  const task = await school.openTask('T-ADM-REMOVE', id)
  expect(await send(task.id, { type: 'FAIL', reason: 'platformError', comment: 'ошибка' })).toMatchObject({ accepted: true })
  // Giving up would hide that the rights are still there.
  expect(await complete('T-STAFF-RETRY', { decision: 'cancel' }, { owner: id })).toMatchObject({ accepted: false, guards: ['failedAtGrant'] })
  expect((await rolesOf('p3')).roles).toContain('extraAdmin')
  await complete('T-STAFF-RETRY', { decision: 'retry' }, { owner: id })
  expect(await complete('T-ADM-REMOVE', { result: 'alreadyDone' }, { owner: id })).toMatchObject({ accepted: true })
  expect(await stateOf(id)).toBe('removed')
  expect((await rolesOf('p3')).roles).toEqual(['teacher'])
  expect(await school.endOf(id)).toMatchObject({ ended: true })
})

test('a class is given by an order only (BR-13), and taken away with the role', async () => {
  const id = await drafted('a3', { kind: 'classTeacher', personId: 'p5', className: '5А', orderId: 'o1' })
  expect(await send(id, { type: 'START', facts: joined })).toMatchObject({ accepted: false, guards: ['orderDistributesClass'] })
  expect(await send(id, { type: 'START', facts: { ...joined, orderInForce: true } })).toMatchObject({ accepted: true })
  await complete('T-CLASS-TEACHER', { confirmed: true }, { owner: id })
  expect(await rolesOf('p5')).toEqual({ roles: ['teacher', 'classTeacher'], className: '5А' })

  expect(await remove(id, 'p5')).toMatchObject({ accepted: true })
  expect(await tasksOf(id)).toEqual(['T-CLASS-TEACHER-REMOVE'])
  await complete('T-CLASS-TEACHER-REMOVE', { result: 'done' }, { owner: id })
  expect(await rolesOf('p5')).toEqual({ roles: ['teacher'], className: null })
})

test('what could not be given may be given up', async () => {
  const id = await drafted('a4', { kind: 'extraAdmin', personId: 'p6' })
  await send(id, { type: 'START', facts: joined })
  await send((await school.openTask('T-ADM-GRANT', id)).id, { type: 'FAIL', reason: 'personUnknown', comment: 'не найден' })
  expect(await complete('T-STAFF-RETRY', { decision: 'cancel', reason: 'передумали' }, { owner: id })).toMatchObject({ accepted: true })
  expect(await stateOf(id)).toBe('cancelled')
  expect((await rolesOf('p6')).roles).toEqual(['teacher'])
})
