import { expect } from 'vitest'
import { nameOf } from '../generated-school.ts'
import { table } from '../import-files.ts'
import { good, type WholeSchool } from './school.ts'

type Counts = Record<'create' | 'change' | 'move' | 'leave' | 'ask' | 'problem', number>
interface Card {
  state: string
  version: string
  counts: Counts
  confirmations: { code: string }[]
}

const list = (...rows: string[][]) => Buffer.from(table(rows))

/** The files that a school has of its people: codes tell namesakes apart. */
export function filesOf({ school }: WholeSchool): [kind: string, bytes: Buffer][] {
  const guardians = school.pupils.flatMap((pupil, at) => pupil.guardians.map((guardian) => ({ ...guardian, child: pupil, childRef: `п${at}` })))
  const refs = new Map(school.staff.map((one, at) => [nameOf(one), `у${at}`]))
  return [
    ['staff', list(['Код', 'Фамилия', 'Имя', 'Отчество', 'Должность', 'Педагогический работник', 'Телефон', 'Почта'], ...school.staff.map((one, at) => [`у${at}`, one.lastName, one.firstName, one.patronymic, one.position, 'да', one.phone, one.email]))],
    ['classes', list(['Класс'], ...school.classes.map((name) => [name]))],
    ['students', list(['Код', 'Фамилия', 'Имя', 'Отчество', 'Класс'], ...school.pupils.map((one, at) => [`п${at}`, one.lastName, one.firstName, one.patronymic, one.className]))],
    ['guardians', list(['Код', 'Фамилия родителя', 'Имя родителя', 'Отчество родителя', 'Код ученика', 'ФИО ученика', 'Телефон', 'Почта'], ...guardians.map(({ child, childRef, ...one }, at) => [`з${at}`, one.lastName, one.firstName, one.patronymic, childRef, nameOf(child), one.phone, one.email]))],
    ['subjects', list(['Предмет'], ...[...new Set(school.loads.map(({ subject }) => subject))].map((name) => [name]))],
    ['loads', list(['Предмет', 'Класс', 'Учитель', 'Код учителя'], ...school.loads.map(({ subject, className, teacher }) => [subject, className, teacher, refs.get(teacher)!]))],
  ]
}

/** Brings a file to its preview; returns its import and what it would change. */
export async function bring({ registrar, years }: WholeSchool, [kind, bytes]: [string, Buffer]) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ academicYear: years.ending, kind })) form.append(name, value)
  form.append('file', new Blob([new Uint8Array(bytes)]), `${kind}.csv`)
  const { id } = good(await registrar.post<{ id: string }>('/imports', form), 202)
  const card = async () => good(await registrar.get<Card>(`/imports/${id}`))
  await expect.poll(async () => (await card()).state, { message: kind, timeout: 60_000 }).toBe('preview')
  return { id, card, counts: (await card()).counts }
}

/** Brings a file and carries out exactly what its preview shows; who is called like somebody else is somebody else here. */
export async function bringIn(whole: WholeSchool, file: [string, Buffer]): Promise<void> {
  const { registrar, say, all } = whole
  const { id, card, counts } = await bring(whole, file)
  expect(counts.problem, file[0]).toBe(0)
  const asked = await all<{ row: number }>(`/imports/${id}/rows?action=ask`, registrar)
  if (asked.length > 0) {
    await say(`rosterImport:${id}`, { type: 'DECIDE', decisions: asked.map(({ row }) => ({ row, decision: 'new' })) }, registrar)
    await expect.poll(async () => (await card()).counts.ask, { timeout: 60_000 }).toBe(0)
  }
  const { version, confirmations } = await card()
  await say(`rosterImport:${id}`, { type: 'COMMIT', version, rows: 'all', confirm: confirmations.map(({ code }) => code) }, registrar)
  await expect.poll(async () => (await card()).state, { message: file[0], timeout: 60_000 }).toBe('committed')
}

/** The school becomes one on the platform: application, answer, sign-in, «Учительская» (7.1). */
export async function register({ admin, tasks, completeAll, say, becomes }: WholeSchool): Promise<void> {
  const { processId } = good(await admin.post<{ processId: string }>('/registrations', { administratorId: 'p2', orderId: 'o1' }), 202)
  await becomes(processId, 'awaitingReply')
  await say(processId, { type: 'REPLY_APPROVED', receivedOn: '2026-08-24', text: 'Заявка одобрена' })
  for (const [kind, evidence] of [['T-REG-SIGNIN', { rights: true }], ['T-REG-PROFILE', { nameFilled: true, addressFilled: true, contactsFilled: true }], ['T-REG-STAFFROOM', { createdOn: '2026-09-01' }]] as const) {
    await completeAll(await tasks(kind), () => evidence)
  }
  await becomes(processId, 'completed')
}

/** The administration and the teachers join «Учительская» by one link, each in turn; then every class has its teacher, by order (BR-11, BR-13). */
export async function staffJoins(whole: WholeSchool): Promise<void> {
  const { admin, all, classesOf, school, completeAll, awaited, say, tasks, years } = whole
  const people = await all<{ id: string; email: string | null }>('/people?kind=staff')
  const teachers = school.staff.map(({ email }) => people.find((person) => person.email === email)!.id)
  const { rows } = good(await admin.post<{ rows: { processId: string }[] }>('/onboardings', { people: ['p1', 'p2', ...teachers].map((personId) => ({ personId, waiveVerification: { reason: 'Подтверждён в прошлом году' } })) }), 202)
  await completeAll(await awaited('T-LINK-CREATE', 1), () => ({ url: 'https://max.ru/join/EXAMPLE-ONLY' }))
  for (const { processId } of rows) expect((await say(processId, { type: 'JOINED_DIRECTLY' })).state).toBe('active')
  await completeAll(await awaited('T-LINK-REVOKE', 1), () => ({ revokedOn: '2026-09-01', method: 'revoked' }))

  const classes = await classesOf(years.ending)
  for (const { id, name } of classes) {
    const leads = teachers[school.staff.findIndex((one) => one.leads === name)]!
    good(await admin.post('/staff-assignments', { kind: 'classTeacher', personId: leads, classId: id, orderId: 'o1' }), 202)
  }
  await completeAll(await awaited('T-CLASS-TEACHER', classes.length), () => ({ confirmed: true }))
  expect(await tasks('T-CLASS-TEACHER')).toEqual([])
}
