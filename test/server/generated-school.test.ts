import { beforeAll, expect, test } from 'vitest'
import { inSchool } from '../../db/connection.ts'
import { keyOf, scratchApp } from '../support/api.ts'
import { hostedSchool } from '../support/hosted-school.ts'
import { generatedSchool, nameOf } from '../support/generated-school.ts'
import { table } from '../support/import-files.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { uploads } from '../support/uploads.ts'

/** A school of 1,000 pupils, 60 staff and 40 classes comes in by its lists. SEED makes it again. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`generated school: seed ${seed}`)
const school = generatedSchool(seed)

const { db, cohorts, orgId } = await hostedSchool()
let registrar = ''
beforeAll(async () => {
  await sampleSchool(db, orgId)
  registrar = await keyOf(db, orgId, ['registrar'])
})

const academicYear = '2026-2027'
const counted = async (kind: string) => (await inSchool(db, orgId, (tx) => tx.query<{ count: number }>('select count(*)::int as count from memberships where kind = $1', [kind]))).rows[0]!.count
const list = (...rows: string[][]) => Buffer.from(table(rows))

test('staff, classes, pupils and guardians come in by four files; brought again, nothing changes', { timeout: 240_000 }, () =>
  cohorts.running(async () => {
    const office = uploads(await scratchApp(db, { dispatcher: cohorts.dispatcher }), registrar)
    const before = { staff: await counted('staff'), student: await counted('student'), guardian: await counted('guardian') }
    const guardians = school.pupils.flatMap((pupil) => pupil.guardians.map((guardian) => ({ ...guardian, pupil })))
    const files: [kind: string, bytes: Buffer][] = [
      ['staff', list(['Фамилия', 'Имя', 'Отчество', 'Должность', 'Педагогический работник', 'Телефон', 'Почта'], ...school.staff.map((one) => [one.lastName, one.firstName, one.patronymic, one.position, 'да', one.phone, one.email]))],
      ['classes', list(['Класс'], ...school.classes.map((name) => [name]))],
      ['students', list(['Код', 'Фамилия', 'Имя', 'Отчество', 'Класс'], ...school.pupils.map((one, at) => [`п${at}`, one.lastName, one.firstName, one.patronymic, one.className]))],
      ['guardians', list(['Код', 'Фамилия родителя', 'Имя родителя', 'Отчество родителя', 'Код ученика', 'ФИО ученика', 'Телефон', 'Почта'], ...guardians.map(({ pupil, ...one }, at) => [`з${at}`, one.lastName, one.firstName, one.patronymic, `п${school.pupils.indexOf(pupil)}`, nameOf(pupil), one.phone, one.email]))],
    ]
    const bring = async ([kind, bytes]: [string, Buffer]) => {
      const id = await office.upload(bytes, { academicYear, kind }, `${kind}.csv`)
      return { id, ...(await office.becomes(id, 'preview')).counts }
    }
    for (const file of files) {
      const { id, problem } = await bring(file)
      expect(problem, file[0]).toBe(0)
      // Who is called like somebody else is somebody else here: namesakes have codes of their own.
      const asked = (await office.api.get(`imports/${id}/rows?action=ask&limit=100`)).body.items as { row: number }[]
      if (asked.length > 0) {
        expect((await office.say(id, { type: 'DECIDE', decisions: asked.map(({ row }) => ({ row, decision: 'new' })) })).status).toBe(200)
        await expect.poll(async () => (await office.card(id)).counts?.ask).toBe(0)
      }
      await office.commit(id)
    }
    expect({ staff: await counted('staff'), student: await counted('student'), guardian: await counted('guardian') }).toEqual({
      staff: before.staff + school.staff.length,
      student: before.student + school.pupils.length,
      guardian: before.guardian + guardians.length,
    })
    const register = await office.api.get(`classes?academicYear=${academicYear}`)
    expect(register.status, JSON.stringify(register.body)).toBe(200)
    expect(new Map(register.body.items.map(({ name, pupils }: { name: string; pupils: number }) => [name, pupils]))).toEqual(new Map(school.classes.map((name) => [name, school.pupils.filter(({ className }) => className === name).length])))
    for (const file of files) expect(await bring(file), file[0]).toMatchObject({ create: 0, change: 0, move: 0, problem: 0 })
  }))
