import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { inSchool } from '../../db/connection.ts'
import type { App } from '../../server/deps.ts'
import { keyOf, scratchApp } from '../support/api.ts'
import { hostedSchool } from '../support/hosted-school.ts'
import { archive, koi8r, table, windows1251, workbook } from '../support/import-files.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { uploads } from '../support/uploads.ts'

const { db, cohorts, orgId } = await hostedSchool()
let registrar = ''
let teacher = ''
beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId, 1)
  registrar = await keyOf(db, orgId, ['registrar'])
  teacher = await keyOf(db, orgId, ['teacher'], 'p3')
})
const app = (): Promise<App> => scratchApp(db, { dispatcher: cohorts.dispatcher })
const year = '2026-2027'

const people = async () => (await inSchool(db, orgId, (tx) => tx.query<{ count: number }>('select count(*)::int as count from people'))).rows[0]!.count
const pupils = [
  ['МОУ «Зареченская ОШ № 7»'],
  ['Список обучающихся на 1 сентября'],
  ['№', 'Ф.И.О. обучающегося', 'Класс', 'Дата зачисления'],
  ['1', 'Ёлкин Матвей Денисович', '5А', '01.09.2026'],
  ['2', 'Ким Даниил', '9 «Б»', '01.09.2026'],
  ['3', 'Kузнецова Анна Игоревна', '5а', '01.09.2026'],
  ['4', 'Орлов Пётр Ильич', '12А', ''],
]

test('a list as schools have it is read, looked at, put right and committed over HTTP', () =>
  cohorts.running(async () => {
    const school = uploads(await app(), registrar)
    const id = await school.upload(windows1251(table(pupils)), { academicYear: year, kind: 'students' }, 'C:\\Списки\\5 и 9 классы.csv')
    const card = await school.becomes(id, 'preview')
    expect(card).toMatchObject({
      fileName: '5 и 9 классы.csv', stateTitle: 'Готова к проверке', kind: 'students', kindTitle: 'Обучающиеся', academicYear: year, complete: true, failure: null, progress: null,
      counts: { create: 2, problem: 2, change: 0, move: 0, leave: 0, ask: 0, same: 0, skip: 0 },
      found: { text: { encoding: 'windows-1251', delimiter: ';' }, tables: [{ line: 3, columns: [{ field: 'fullName', title: 'Ф.И.О. обучающегося' }, { field: 'className' }, { field: 'startsOn' }], ignored: ['№'] }] },
      confirmations: [{ code: 'nameSplit', count: 2, of: 4, title: expect.stringContaining('проверьте') }],
    })
    const bad = (await school.api.get(`imports/${id}/rows?action=problem`)).body.items
    expect(bad).toMatchObject([
      { line: 6, title: 'кузнецова анна игоревна', problems: [{ column: 'Ф.И.О. обучающегося', code: 'nameMixedLatin', message: 'Буква 1 («K») — латинская, а слово русское', suggestion: 'Кузнецова' }] },
      { line: 7, problems: [{ column: 'Класс', code: 'classGrade', message: 'Класс должен быть от 1 до 9' }] },
    ])
    const first = (await school.api.get(`imports/${id}/rows?action=create&limit=1`)).body
    expect(first.items).toMatchObject([{ row: 1, line: 4, kindTitle: 'Обучающийся', actionTitle: 'Будет внесено', title: 'Ёлкин Матвей Денисович', className: '5А', notes: [{ code: 'classWillOpen' }] }])
    expect((await school.api.get(`imports/${id}/rows?action=create&limit=1&cursor=${first.next}`)).body).toMatchObject({ items: [{ title: 'Ким Даниил', className: '9Б' }] })
    expect(await people()).toBe(4)

    // All or nothing; what a person has not confirmed; a plan that nobody has seen.
    const commit = (more: object) => school.say(id, { type: 'COMMIT', version: card.version, rows: 'ready', confirm: ['nameSplit'], ...more })
    for (const [more, guard] of [[{ rows: 'all' }, 'everyRowReady'], [{ confirm: [] }, 'consequencesConfirmed'], [{ version: 'x' }, 'planIsSeen']] as const) {
      const refused = await commit(more)
      expect([refused.status, refused.body.problems.map(({ code }: { code: string }) => code)]).toEqual([409, [guard]])
    }
    expect((await commit({})).status).toBe(200)
    expect(await school.becomes(id, 'committed')).toMatchObject({ counts: { create: 2, problem: 2 }, committedAt: expect.any(String) })
    expect(await people()).toBe(6)
    const { items } = (await school.api.get(`classes?academicYear=${year}`)).body
    expect(items.map(({ name, pupils: count }: { name: string; pupils: number }) => `${name} ${count}`)).toEqual(['5А 1', '9Б 1'])

    // The row put right, in another form of the file: nobody is doubled, nobody is gone.
    const fixed = pupils.slice(2).map(([, ...row]) => row).map(([name, ...row]) => [name!.replace('K', 'К'), ...row.map((cell) => cell.replace('12А', '5А'))])
    const again = await school.upload(koi8r(table(fixed, '\t').replace(/[«»]/g, '')), { academicYear: year })
    const ready = await school.becomes(again, 'preview')
    expect(ready).toMatchObject({ counts: { same: 2, create: 2, leave: 0, problem: 0 }, found: { text: { encoding: 'koi8-r', delimiter: '\t' } } })
    expect((await school.say(again, { type: 'COMMIT', version: ready.version, rows: 'all', confirm: ['nameSplit'] })).status).toBe(200)
    await school.becomes(again, 'committed')
    expect(await people()).toBe(8)
    expect((await school.becomes(await school.upload(koi8r(table(fixed, '\t').replace(/[«»]/g, '')), { academicYear: year }), 'preview')).counts).toMatchObject({ same: 4, create: 0 })
  }))

test('namesakes and those who are missing are for a person to decide; movements wait for an order', () =>
  cohorts.running(async () => {
    const school = uploads(await app(), registrar)
    const list = (...rows: string[][]) => Buffer.from(table([['ФИО', 'Класс'], ...rows]))
    const given = { academicYear: '2030-2031' }
    const before = await people()
    await school.commit(await school.upload(list(['Белов Иван Петрович', '3А'], ['Белова Вера Петровна', '3А'], ['Серов Лев Олегович', '3Б']), given))
    const id = await school.upload(list(['Белова Вера Петровна', '3Б'], ['Серов Лев Олегович', '3Б'], ['Серов Лев Олегович', '3Б'], ['Юров Юрий Юрьевич', '3А']), given)
    const card = await school.becomes(id, 'preview')
    expect(card.counts).toMatchObject({ move: 1, same: 1, ask: 1, create: 1, leave: 1 })
    expect(card.confirmations.map(({ code }: { code: string }) => code)).toEqual(['nameSplit', 'manyLeaving', 'manyMoved'])
    const rows = async (action: string) => (await school.api.get(`imports/${id}/rows?action=${action}`)).body.items
    expect(await rows('move')).toMatchObject([{ title: 'Белова Вера Петровна', movement: { kind: 'classTransfer', fromClass: '3А', toClass: '3Б' } }])
    expect(await rows('leave')).toMatchObject([{ line: null, title: 'Белов Иван Петрович', movement: { kind: 'departure', fromClass: '3А' } }])
    const [asked] = await rows('ask')
    expect(asked).toMatchObject({ line: 4, notes: [{ code: 'askRepeated', message: 'Такая же строка уже есть (3): это тёзка или повтор?' }] })

    await school.say(id, { type: 'DECIDE', every: { decision: 'skip', action: 'leave' }, decisions: [{ row: asked.row, decision: 'new' }] })
    await expect.poll(async () => (await school.card(id)).version).not.toBe(card.version)
    const decided = await school.becomes(id, 'preview')
    expect(decided.counts).toMatchObject({ move: 1, same: 1, ask: 0, create: 2, leave: 0, skip: 1 })
    expect(await rows('skip')).toMatchObject([{ title: 'Белов Иван Петрович', decision: { decision: 'skip', title: 'Строка пропускается' } }])
    await school.commit(id)
    expect(await people()).toBe(before + 5)
    const found = (await school.api.get(`found-movements?import=${id}`)).body.items
    expect(found).toMatchObject([{ kind: 'classTransfer', kindTitle: 'Перевод в другой класс', name: 'Белова Вера Петровна' }])
    expect((await school.api.get('found-movements?import=imp_none')).body.items).toEqual([])
  }))

test('a workbook of staff with what Excel did to it; contacts are shown as in every list', () =>
  cohorts.running(async () => {
    const school = uploads(await app(), registrar)
    const sheet = [['Сотрудники'], ['Фамилия', 'Имя', 'Отчество', 'Должность', 'Телефон', 'Почта'], ['Мамедов', 'Вагиф', 'Расим оглы', 'учитель физики', 89000000014, 'v.mamedov2@zarechie.example'], ['Ким', 'Анна', null, 'завхоз', '8,9E+10', '']]
    const id = await school.upload(await workbook({ sheets: { Лист1: sheet } }))
    expect((await school.becomes(id, 'preview')).counts).toMatchObject({ ask: 1, problem: 1 })
    const { items } = (await school.api.get(`imports/${id}/rows`)).body
    // The register has a teacher Mamedov without patronymic: he, or another one?
    expect(items).toMatchObject([
      { title: 'Мамедов Вагиф Расим оглы', candidates: [{ personId: 'p3', name: 'Мамедов Вагиф', what: 'сотрудник, учитель' }] },
      { problems: [{ column: 'Телефон', code: 'phoneCut', hint: expect.stringContaining('Текстовый') }] },
    ])
    await school.say(id, { type: 'DECIDE', decisions: [{ row: items[0].row, decision: 'same', personId: 'p3' }] })
    await expect.poll(async () => (await school.api.get(`imports/${id}/rows?action=change`)).body.items.length).toBe(1)
    const [changed] = (await school.api.get(`imports/${id}/rows?action=change`)).body.items
    expect(changed.changes).toEqual([
      { field: 'patronymic', title: 'Отчество', before: null, after: 'Расим оглы' },
      { field: 'phone', title: 'Телефон', before: '+7 (900) ***-**-03', after: '+7 (900) ***-**-14' },
      { field: 'email', title: 'Электронная почта', before: 'p3@zarechie.example', after: 'v.mamedov2@zarechie.example' },
      { field: 'position', title: 'Должность', before: 'учитель', after: 'учитель физики' },
    ])
    // Rows of the file go with the import.
    expect((await school.say(id, { type: 'CANCEL' })).status).toBe(200)
    expect((await school.becomes(id, 'cancelled')).counts).toBeDefined()
    expect((await school.api.get(`imports/${id}/rows`)).body.items).toEqual([])
  }))

test('a OneRoster archive is read with every kind of row; its passwords are nowhere', () =>
  cohorts.running(async () => {
    const school = uploads(await app(), registrar)
    const line = (...cells: string[]) => `${cells.join(',')}\r\n`
    const canary = 'CANARY-PASSWORD'
    const id = await school.upload(
      await archive({
        'manifest.csv': line('propertyName', 'value') + ['manifest.version,1.0', 'oneroster.version,1.1', 'file.users,bulk', 'file.classes,bulk', 'file.enrollments,bulk', 'file.orgs,absent', 'file.courses,absent', 'file.academicSessions,absent'].map((one) => `${one}\r\n`).join(''),
        'users.csv': line('sourcedId', 'givenName', 'familyName', 'middleName', 'role', 'password', 'phone', 'email', 'agentSourcedIds', 'orgSourcedIds') + line('u1', 'Ольга', 'Зимина', 'Львовна', 'student', canary, '', '', 'u2', '') + line('u2', 'Лев', 'Зимин', 'Ильич', 'parent', canary, '+7 900 000-00-21', '', '', ''),
        'classes.csv': line('sourcedId', 'title', 'classType') + line('c1', '4А', 'homeroom'),
        'enrollments.csv': line('sourcedId', 'classSourcedId', 'userSourcedId', 'role') + line('e1', 'c1', 'u1', 'student'),
      }),
      { academicYear: '2031-2032', kind: 'oneRoster' },
      'roster.zip',
    )
    expect(await school.becomes(id, 'preview')).toMatchObject({ kind: 'oneRoster', complete: true, counts: { create: 3, problem: 0 }, found: { oneRoster: { version: '1.1' } } })
    await school.commit(id)
    const { items } = (await school.api.post('people/search', { search: 'зимин' })).body
    expect(items.map(({ name, memberships }: { name: string; memberships: { kind: string; className: string | null }[] }) => [name, memberships[0]!.kind, memberships[0]!.className])).toEqual([['Зимин Лев Ильич', 'guardian', null], ['Зимина Ольга Львовна', 'student', '4А']])
    const { rows } = await inSchool(db, orgId, (tx) => tx.query<{ found: number }>(`select (select count(*) from import_rows i where i::text like '%' || $1 || '%')::int + (select count(*) from people p where p::text like '%' || $1 || '%')::int as found`, [canary]))
    expect(rows[0]!.found).toBe(0)
  }))

test('what is no roster is refused in Russian: at once where its first bytes tell, after reading where they do not', () =>
  cohorts.running(async () => {
    const school = uploads(await app(), registrar)
    const refused = async (bytes: Buffer, fields = {}, name = 'x.xlsx') => {
      const { status, body } = await school.send(bytes, fields, name)
      return [status, body.problems?.[0]?.path, body.problems?.[0]?.message ?? body.title]
    }
    expect(await refused(Buffer.from('%PDF-1.4\n'))).toEqual([422, 'file', 'Это не таблица'])
    expect(await refused(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))).toEqual([422, 'file', 'Это файл старого Excel (.xls) или защищённый паролем'])
    expect(await refused(Buffer.alloc(0))).toEqual([422, 'file', 'Файл пустой'])
    expect(await refused(Buffer.alloc(20 * 1024 * 1024 + 1, 'x'))).toEqual([422, 'file', 'Файл больше 20 МБ'])
    expect(await refused(Buffer.from('ФИО;Класс\r\n'), { kind: 'secrets' })).toEqual([422, 'kind', expect.stringContaining('students')])
    expect(await refused(Buffer.from('ФИО;Класс\r\n'), { academicYear: '2026-2030' })).toEqual([422, 'academicYear', expect.stringContaining('2026-2027')])
    expect((await school.api.post('imports', {})).body.problems).toMatchObject([{ path: 'file', code: 'fieldRequired' }])
    expect((await uploads(await app(), teacher).send(Buffer.from('ФИО;Класс\r\n'))).status).toBe(403)

    const failure = async (bytes: Buffer) => (await school.becomes(await school.upload(bytes), 'failed')).failure.message
    expect(await failure(await archive({ 'word/document.xml': '<w/>' }))).toBe('Это не книга Excel и не архив OneRoster')
    expect(await failure(Buffer.from('Ким Даниил;9Б\r\n'))).toBe('Не найдена строка с названиями столбцов')
  }))

test('the same upload repeated is one import; of uploads at once only a few are taken', () =>
  cohorts.running(async () => {
    const school = uploads(await app(), registrar)
    const key = randomUUID()
    const bytes = Buffer.from(table([['Предмет'], ['Физика']]))
    const [first, second] = [await school.send(bytes, {}, 'a.csv', key), await school.send(bytes, {}, 'a.csv', key)]
    expect(second.body).toEqual(first.body)
    expect((await school.send(Buffer.from(table([['Предмет'], ['Химия']])), {}, 'a.csv', key)).status).toBe(422)
    const statuses = (await Promise.all(Array.from({ length: 12 }, () => school.send(bytes)))).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([202, 429]))
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThanOrEqual(4)
    expect((await school.send(bytes)).status).toBe(202)
  }))
