import { beforeAll, expect, test } from 'vitest'
import { sendOverdue } from '../../activities/mail/send-overdue.ts'
import { academicYearAt } from '../../db/academic-year.ts'
import { ensureClass } from '../../db/classes.ts'
import { insertCohort } from '../../db/cohorts.ts'
import { asService, inSchool } from '../../db/connection.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { issueSignInToken } from '../../db/sign-in.ts'
import { academicYearLabel } from '../../school/calendar/academic-year.ts'
import { searchKey } from '../../school/validation/search-key.ts'
import type { Page } from 'playwright-core'
import { consoleBrowser, desktop, expectAccessible, expectNoSideScroll, phone } from '../support/console-browser.ts'
import { consoleSchool, hostileName } from '../support/console-school.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const browser = await consoleBrowser()
const school = await consoleSchool({ teachers: 11 })
const { db, orgId, url, service } = school

/** The academic year before the running one: its end can be drawn up on any day of the year. */
const before = (year: string) => year.split('-').map((part) => Number(part) - 1).join('-')
let year = ''
const today = new Date().toISOString().slice(0, 10)

beforeAll(() =>
  inSchool(db, orgId, async (tx) => {
    year = await academicYearAt(tx, new Date())
    const pupils = [
      { id: 's1', lastName: 'Ёлкин', firstName: 'Матвей', classId: await ensureClass(tx, orgId, year, '5А') },
      { id: 's2', lastName: hostileName, firstName: 'Даниил', classId: await ensureClass(tx, orgId, year, '5А') },
      { id: 's3', lastName: 'Осокина', firstName: 'Яна', classId: await ensureClass(tx, orgId, before(year), '7А') },
      { id: 's4', lastName: 'Тихонов', firstName: 'Лев', classId: await ensureClass(tx, orgId, before(year), '9А') },
    ]
    await ensureClass(tx, orgId, year, '5Б')
    await ensureClass(tx, orgId, year, '8А')
    await insertPeople(tx, orgId, pupils.map(({ id, lastName, firstName }) => ({ id, lastName, firstName, patronymic: null, phone: null, email: null, searchKey: searchKey(`${lastName} ${firstName}`) })))
    await insertMemberships(tx, orgId, pupils.map(({ id, classId }) => ({ id: `mem_${id}`, personId: id, kind: 'student', roles: [], position: null, teachingStaff: false, guardianOf: null, classId })))
  }),
)

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true })
const press = (within: Pick<Page, 'getByRole'>, name: string) => within.getByRole('button', { name, exact: true }).click()
/** Nothing waits so long unless something is wrong. */
const patience = { timeout: 20_000, interval: 50 }

test('without JavaScript a pupil is moved to another class; what is wrong is said beside its field', async () => {
  const page = await browser.open({ javaScriptEnabled: false, viewport: phone })
  await school.signIn(page)
  await page.getByRole('link', { name: 'Движение', exact: true }).click()
  expect(await page.getByText('Движений пока нет').isVisible()).toBe(true)
  await page.getByRole('link', { name: 'Новое движение' }).first().click()
  await page.getByRole('link', { name: 'Перевод в другой класс' }).click()
  await page.getByRole('link', { name: '5А', exact: true }).click()
  await page.getByRole('link', { name: 'Ёлкин Матвей' }).click()
  await field(page, 'С какого дня').fill('2001-09-01')
  await page.getByLabel(`5Б, ${academicYearLabel(year)}`).check()
  await press(page, 'Начать')
  expect(await field(page, 'С какого дня').getAttribute('aria-invalid')).toBe('true')
  expect(await page.getByLabel(`5Б, ${academicYearLabel(year)}`).isChecked()).toBe(true)
  await field(page, 'С какого дня').fill(today)
  await press(page, 'Начать')
  await page.getByRole('heading', { name: /^Перевод в другой класс ДВ-\d{4}-\d{6}$/ }).waitFor()
  expect(await page.getByText('5А → 5Б').isVisible()).toBe(true)
  await expect.poll(async () => (await service.api.get<{ items: { state: string }[] }>('/movements')).body.items, patience).toMatchObject([{ state: 'awaitingOrder' }])
})

test('somebody who leaves is found by a part of the name, which is in no address; a draft is kept, then cancelled', async () => {
  const page = await browser.open()
  await school.signIn(page, 'p1')
  await page.evaluate(() => Object.assign(globalThis, { kept: true }))
  await page.getByRole('link', { name: 'Движение', exact: true }).click()
  await page.getByRole('link', { name: 'Новое движение' }).first().click()
  await page.getByRole('link', { name: 'Отчисление, выбытие' }).click()
  await page.getByLabel('Часть имени').fill('елкин')
  await press(page, 'Найти')
  await page.getByRole('link', { name: 'Ёлкин Матвей' }).waitFor()
  expect(decodeURIComponent(page.url())).not.toContain('елкин')
  await page.getByRole('link', { name: 'Ёлкин Матвей' }).click()
  await field(page, 'С какого дня').fill(today)
  await field(page, 'Причина').selectOption({ label: 'Переезд' })
  await press(page, 'Сохранить черновиком')
  await page.getByText('Черновик', { exact: true }).first().waitFor()
  await page.locator('summary', { hasText: 'Отменить движение' }).click()
  await page.locator('details.event[open]').getByLabel('Причина').fill('Остаётся в школе')
  await page.locator('details.event[open] button').click()
  await page.getByText('Отменено', { exact: true }).first().waitFor()
  expect(await page.evaluate(() => 'kept' in globalThis)).toBe(true)
})

test('the year’s end: classes of the next year are proposed, decisions are corrected, each class is waited for', async () => {
  const page = await browser.open({ javaScriptEnabled: false })
  await school.signIn(page)
  const { body } = await service.api.post<{ id: string; processId: string }>('/promotions', { fromYear: before(year) })
  await page.goto(`${url}/movement/year-end`)
  await page.getByRole('link', { name: /^Перевод на/ }).click()
  expect(await page.locator('[aria-current=step]').textContent()).toContain('Новые классы')
  await page.getByText('Дописать классы').click()
  await page.getByRole('textbox', { name: 'Классы следующего года' }).fill('8Б\nкласс')
  await press(page, 'Завести классы')
  expect(await page.locator('#names-problem').textContent()).toContain('«класс»')
  expect(await page.getByText(/Заведено классов: 4/).isVisible()).toBe(true)
  await page.locator('summary', { hasText: 'Классы следующего года заданы' }).click()
  await page.locator('details.event[open] button').click()
  await expect.poll(async () => (await service.api.get<{ classes: unknown[] }>(`/promotions/${body.id}`)).body.classes.length, patience).toBe(2)

  await page.goto(`${url}/movement/year-end/${body.id}`)
  await page.getByRole('link', { name: '7А' }).click()
  await field(page, 'Решение: Осокина Яна').selectOption({ label: 'Переводится условно' })
  await field(page, 'Класс следующего года: Осокина Яна').selectOption({ label: 'Нет' })
  await press(page, 'Сохранить решения')
  expect(await field(page, 'Класс следующего года: Осокина Яна').getAttribute('aria-invalid')).toBe('true')
  await field(page, 'Класс следующего года: Осокина Яна').selectOption({ label: '8Б' })
  await field(page, 'Основание, если нужно: Осокина Яна').fill('академическая задолженность')
  await press(page, 'Сохранить решения')
  expect(await page.getByText('Решения сохранены.').isVisible()).toBe(true)

  await page.getByRole('link', { name: /^← Перевод/ }).click()
  await page.locator('summary', { hasText: 'Отдать на проверку классам' }).click()
  await page.locator('details.event[open] button').click()
  await page.goto(`${url}/movement/year-end/${body.id}`)
  expect(await page.getByText('Подтвердили классов: 0 из 2').isVisible()).toBe(true)
  await page.getByRole('link', { name: '7А' }).first().click()
  expect(await page.getByText('Список сейчас не меняют').isVisible()).toBe(true)
  expect(await page.getByRole('button', { name: 'Сохранить решения' }).count()).toBe(0)
})

test('the head sees who is late and how far the school is, and takes a register away as a file', async () => {
  await inSchool(db, orgId, (tx) => tx.query(`update tasks set overdue = true, due_at = now() - interval '2 days' where kind = 'T-MOVE-ORDER'`))
  const page = await browser.open()
  await school.signIn(page, 'p1')
  await page.getByRole('link', { name: 'Обзор' }).click()
  expect(await page.locator('.warn').textContent()).toContain('1 задача просрочена')
  for (const picture of ['staff', 'classes']) await expect.poll(() => page.evaluate<number>(`document.querySelector('[src="/overview/${picture}.svg"]').naturalWidth`), patience).toBeGreaterThan(300)
  await page.getByText('Числа таблицей').first().click()
  expect(await page.getByRole('row', { name: 'Всего 12 100' }).isVisible()).toBe(true)
  await page.getByLabel('В каком виде').selectOption('csv')
  await page.getByLabel('Что выгрузить').selectOption('students')
  await press(page, 'Выгрузить')
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Скачать файл' }).click()])
  expect(file.suggestedFilename()).toMatch(/\.csv$/)
})

test('settings: what is wrong keeps what was entered; days of the school, roles and keys are given and taken', async () => {
  const page = await browser.open()
  await school.signIn(page, 'p1')
  await page.getByRole('link', { name: 'Настройки' }).click()
  await page.getByLabel('Телефон школы').fill('12')
  await page.getByLabel('Часовой пояс').selectOption({ label: 'Омск' })
  await press(page.locator('#data'), 'Сохранить')
  await page.locator('#data-phone-problem').waitFor()
  expect(await page.getByLabel('Часовой пояс').inputValue()).toBe('Asia/Omsk')
  await page.getByLabel('Телефон школы').fill('+7 000 000-00-07')
  await press(page.locator('#data'), 'Сохранить')
  await page.getByText('Сохранено.').waitFor()
  await page.getByLabel('Письма только с 8:00 до 20:00 в рабочие дни').check()
  await press(page.locator('#work'), 'Сохранить')
  await page.getByText('Сохранено.').waitFor()
  await expect.poll(async () => (await service.api.get(`/organizations/${orgId}`)).body, patience).toMatchObject({ timezone: 'Asia/Omsk', settings: { quietHours: true, joiningByName: false } })

  await page.getByRole('link', { name: 'Календарь' }).click()
  await field(page, 'День').fill('2027-02-15')
  await field(page, 'Что это за день').selectOption({ label: 'Выходной по решению региона или школы' })
  await press(page, 'Добавить')
  await page.getByRole('cell', { name: '15.02.2027', exact: true }).waitFor()
  expect((await service.api.get(`/organizations/${orgId}`)).body).toMatchObject({ settings: { calendarCorrections: [{ date: '2027-02-15', kind: 'movedOff' }] } })
  await page.getByRole('button', { name: 'Убрать день 15.02.2027' }).click()
  await page.getByText('Своих дней нет').waitFor()

  await page.getByRole('link', { name: 'Пользователи и роли' }).click()
  await page.getByRole('link', { name: 'Белова Вагиф' }).click()
  await field(page, 'Секретарь').check()
  await press(page, 'Изменить роли')
  await expect.poll(async () => (await service.api.get<{ memberships: { roles: string[] }[] }>('/people/p4')).body.memberships[0]!.roles.toSorted(), patience).toEqual(['registrar', 'teacher'])

  await page.getByRole('link', { name: 'Ключи доступа' }).click()
  await field(page, 'Для чего ключ').fill('Обмен с журналом')
  await field(page, 'От чьего имени').selectOption({ label: 'Воронцова Елена' })
  await field(page, 'Руководитель').check()
  await press(page, 'Выпустить ключ')
  const key = await page.locator('code').textContent()
  expect((await service.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${key}` } })).statusCode).toBe(200)
  await page.getByRole('link', { name: 'К списку ключей' }).click()
  await page.getByRole('link', { name: 'Отозвать: Обмен с журналом' }).click()
  await press(page, 'Отозвать')
  await page.getByText('Отозванные ключи').waitFor()
  expect((await service.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${key}` } })).statusCode).toBe(401)
})

const operator = async (page: Page) => {
  await page.goto(`${url}/sign-in/${await asService(db, (tx) => issueSignInToken(tx, { orgId: null, personId: null }, 10))}`)
  await press(page, 'Войти')
  await page.getByRole('heading', { name: 'Состояние' }).waitFor()
}

test('a test letter waits where the operator sees it, is hastened, and arrives', async () => {
  const page = await browser.open({ javaScriptEnabled: false })
  await school.signIn(page)
  await page.goto(`${url}/settings/letters`)
  await page.locator('summary', { hasText: 'Заявка на регистрацию организации' }).click()
  expect(await page.getByText('Просим зарегистрировать образовательную организацию').isVisible()).toBe(true)
  await press(page, 'Прислать мне проверочное письмо')
  expect(await page.getByText('Письмо поставлено в очередь').isVisible()).toBe(true)

  const desk = await browser.open({ javaScriptEnabled: false })
  await operator(desk)
  await desk.getByRole('link', { name: 'Письма' }).click()
  await desk.getByRole('button', { name: /^Отправить сейчас: Проверочное письмо/ }).click()
  expect(await desk.getByText('Письмо уйдёт со следующим заходом').isVisible()).toBe(true)
  const mail = { db, keys: testKeyRing, smtpUrl: school.mail.smtpUrl, from: 'flow@zarechie.example', publicUrl: url, onError: (error: unknown) => Promise.reject(error as Error) }
  await sendOverdue(mail as never, { deliver: async () => [] } as never, { now: new Date(), heartbeat: () => {}, signal: new AbortController().signal })
  expect((await school.mail.letter(({ subject }) => subject?.includes('Проверочное письмо') ?? false)).text).toContain('почта школы работает')
})

test('the operator starts again what stands still, and opens a school whose head gets a key', async () => {
  const page = await browser.open()
  await operator(page)
  const cohortId = 'coh_stands'
  const input = { orgId, cohortId, start: [{ id: `orgRegistration:${orgId}`, kind: 'organizationRegistration', input: { number: 'СФ-2026-000001', confirmBeforeSending: false } }], events: [] }
  await inSchool(db, orgId, async (tx) => {
    await insertCohort(tx, { orgId, cohortId, workflowId: `cohort:${cohortId}:${orgId}`, input })
    await tx.query(`update cohorts set created_at = now() - interval '1 hour' where id = $1`, [cohortId])
  })
  await page.reload()
  await page.getByRole('button', { name: /^Запустить снова/ }).click()
  await page.getByText('Все процессы идут').waitFor()
  expect((await service.api.get(`/processes/orgRegistration:${orgId}`)).status).toBe(200)

  await page.getByRole('link', { name: 'Школы' }).click()
  await page.getByRole('link', { name: 'Новая школа' }).click()
  const entered = { 'Полное наименование': 'МОУ «Луговская школа»', 'Краткое наименование': 'МОУ «Луговская ОШ»', 'Старший класс': '9', ИНН: '0001000011', ОГРН: '1170002000024', 'Субъект РФ': 'Новоречинская область', Адрес: 'с. Луговое', 'Почта школы': 'school@lugovoe.example', 'Телефон школы': '+70000000008', Фамилия: 'Полянская', Имя: 'Ольга' }
  for (const [label, value] of Object.entries(entered)) await page.getByLabel(label, { exact: true }).fill(value)
  await page.getByLabel('Вид организации').selectOption({ label: 'Основная школа' })
  await page.getByLabel('Часовой пояс').selectOption({ label: 'Самара' })
  await press(page, 'Завести школу')
  await page.locator('#school-inn-problem').waitFor()
  await field(page, 'ИНН').fill('0001000028')
  await press(page, 'Завести школу')
  const key = await page.locator('code').textContent()
  expect((await service.app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${key}` } })).json()).toMatchObject({ organization: { shortName: 'МОУ «Луговская ОШ»' }, roles: [{ id: 'head' }] })
})

test('every page at 320 px and 1280 px: no violation of WCAG 2.1 AA, no side-scrolling, whatever people are called', async () => {
  const page = await browser.open()
  let alerts = 0
  page.on('dialog', (dialog) => ((alerts += 1), dialog.dismiss()))
  const look = async (paths: readonly { path: string; name?: string }[]) => {
    for (const { path, name } of paths) {
      await page.goto(`${url}${path}`)
      if (name) expect(await page.locator('main').textContent(), path).toContain(name)
      await expectAccessible(page)
      await page.setViewportSize(phone)
      await expectNoSideScroll(page)
      await page.setViewportSize(desktop)
    }
  }
  const hostilePupil = { kind: 'departure', personId: 's2', effectiveOn: today, reason: 'relocation' }
  const { id } = (await service.api.post<{ id: string }>('/movements', hostilePupil)).body
  const { items } = (await service.api.get<{ items: { id: string }[] }>('/promotions')).body
  await inSchool(db, orgId, (tx) => tx.query(`update tasks set assignee = 'p13', overdue = true where kind = 'T-PROM-CLASS'`))
  await school.signIn(page, 'p1')
  const pupil = { name: `${hostileName} Даниил` }
  const teacher = { name: `${hostileName} Вагиф` }
  const { classId } = (await service.api.get<{ items: { classId: string }[] }>(`/promotions/${items[0]!.id}/decisions`)).body.items[0]!
  const fifth = (await service.api.get<{ items: { id: string; name: string }[] }>('/classes')).body.items.find(({ name }) => name === '5А')!.id
  await look([
    { path: '/movement', ...pupil },
    { path: `/movement/${id}`, ...pupil },
    { path: '/movement/new' },
    { path: `/movement/new?kind=departure&class=${fifth}`, ...pupil },
    { path: '/movement/new?kind=departure&person=s2', ...pupil },
    { path: '/movement/new?kind=assignmentChange&person=p13', ...teacher },
    { path: '/movement/year-end' },
    { path: `/movement/year-end/${items[0]!.id}`, ...teacher },
    { path: `/movement/year-end/${items[0]!.id}/classes/${classId}` },
    { path: '/overview', ...teacher },
    { path: '/settings' },
    { path: '/settings/calendar' },
    { path: '/settings/letters' },
    { path: '/settings/keys', ...teacher },
    { path: '/settings/users', ...teacher },
    { path: '/settings/users/p13', ...teacher },
  ])
  await press(page, 'Выйти')
  await operator(page)
  await look([{ path: '/operator/state' }, { path: '/operator/schools' }, { path: '/operator/schools/new' }, { path: '/operator/letters' }, { path: '/operator/letters?list=troubled' }])
  expect(alerts).toBe(0)
})

test('each role has its pages: who only looks begins nothing, a teacher and the operator see none of the school’s', async () => {
  await inSchool(db, orgId, (tx) => tx.query(`update memberships set roles = '{auditor}' where person_id = 'p12'`))
  const app = service.app
  const visitor = async (account: Parameters<typeof issueSignInToken>[1]) => {
    const token = await asService(db, (tx) => issueSignInToken(tx, account, 10))
    const entered = await app.inject({ method: 'POST', url: `/sign-in/${token}`, headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }, payload: '' })
    const cookie = String(entered.headers['set-cookie']).split(';')[0]!
    return async (path: string) => (await app.inject({ url: path, headers: { cookie } })).statusCode
  }
  const [auditor, teacher, desk] = [await visitor({ orgId, personId: 'p12' }), await visitor({ orgId, personId: 'p5' }), await visitor({ orgId: null, personId: null })]
  const statuses = async (ask: (path: string) => Promise<number>) => Object.fromEntries(await Promise.all(['/movement', '/movement/new', '/movement/year-end', '/overview', '/settings', '/settings/keys', '/operator/state', '/operator/letters'].map(async (path) => [path, await ask(path)] as const)))
  expect(await statuses(auditor)).toEqual({ '/movement': 200, '/movement/new': 403, '/movement/year-end': 200, '/overview': 200, '/settings': 403, '/settings/keys': 403, '/operator/state': 403, '/operator/letters': 403 })
  expect(Object.values(await statuses(teacher))).toEqual(Array.from({ length: 8 }, () => 403))
  expect(await statuses(desk)).toEqual({ '/movement': 403, '/movement/new': 403, '/movement/year-end': 403, '/overview': 403, '/settings': 403, '/settings/keys': 403, '/operator/state': 200, '/operator/letters': 200 })
})
