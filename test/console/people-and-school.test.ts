import { beforeAll, expect, test } from 'vitest'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { inSchool } from '../../db/connection.ts'
import { ensureClass } from '../../db/classes.ts'
import { academicYearAt } from '../../db/academic-year.ts'
import { searchKey } from '../../school/validation/search-key.ts'
import { consoleBrowser, expectAccessible, expectNoSideScroll, phone } from '../support/console-browser.ts'
import { consoleSchool, hostileName } from '../support/console-school.ts'
import { table } from '../support/import-files.ts'

const browser = await consoleBrowser()
const school = await consoleSchool({ teachers: 11 })
const { url, service } = school
const longName = 'Ё'.repeat(60)

beforeAll(async () => {
  await inSchool(school.db, school.orgId, async (tx) => {
    const year = await academicYearAt(tx, new Date())
    const classId = await ensureClass(tx, school.orgId, year, '5А')
    const pupils = [['s1', 'Ёлкин'], ['s2', 'Ким'], ['s3', longName], ['s4', hostileName]] as const
    await insertPeople(tx, school.orgId, pupils.map(([id, lastName]) => ({ id, lastName, firstName: 'Матвей', patronymic: null, phone: null, email: null, searchKey: searchKey(`${lastName} Матвей`) })))
    await insertMemberships(tx, school.orgId, pupils.map(([id]) => ({ id: `mem_${id}`, personId: id, kind: 'student' as const, roles: [], position: null, teachingStaff: false, guardianOf: null, classId })))
  })
})

const links = async () => (await service.api.get<{ items: { id: string; processId: string; state: string }[] }>('/links')).body.items

test('somebody is found by part of a name, which is in no address; their page tells what they are', async () => {
  const page = await browser.open()
  await school.signIn(page)
  await page.goto(`${url}/people`)
  await page.getByLabel('Имя или его часть').fill('елк')
  await page.getByRole('button', { name: 'Найти' }).click()
  await page.getByRole('link', { name: 'Воронцова Елена' }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Ёлкин Матвей' }).click()
  await page.getByRole('heading', { name: 'Ёлкин Матвей' }).waitFor()
  expect(decodeURIComponent(page.url())).not.toMatch(/елк|Ёлк/i)
  expect(await page.getByText('Ученик, 5А').isVisible()).toBe(true)
})

test('without JavaScript: teachers are marked, the preview says who gets a letter, nothing goes out before; then the link is extended and one is withdrawn', async () => {
  const page = await browser.open({ javaScriptEnabled: false })
  await school.signIn(page)
  await page.goto(`${url}/people?kind=staff`)
  for (const name of ['Белова Вагиф', 'Громова Вагиф', 'Ким Вагиф']) await page.getByLabel(name, { exact: true }).check()
  await page.getByRole('button', { name: 'Пригласить отмеченных…' }).click()
  expect(await page.getByText('Получат приглашение: 3 человека').isVisible()).toBe(true)
  expect(await links()).toEqual([])
  await page.getByRole('button', { name: 'Пригласить', exact: true }).click()
  await page.getByText('Приглашены: 3 человека').waitFor()

  await expect.poll(async () => (await school.openTasks('T-LINK-CREATE')).length).toBe(1)
  const [task] = await school.openTasks('T-LINK-CREATE')
  expect((await service.api.post(`/tasks/${task!.id}/complete`, { evidence: { url: 'https://max.ru/join/EXAMPLE-ONLY' } })).status).toBe(200)
  const [link] = await links()
  const term = async () => (await service.api.get<{ expiresAt: string; people: { state: string }[] }>(`/links/${link!.id}`)).body
  const before = (await term()).expiresAt

  await page.goto(`${url}/links/${link!.id}`)
  await page.getByRole('button', { name: 'Продлить срок…' }).click()
  expect(await page.getByText('3 человека смогут вступить до нового срока').isVisible()).toBe(true)
  await page.getByLabel('Причина').fill('Каникулы')
  await page.getByLabel('Новый срок').fill(new Date(Date.parse(before) + 86_400_000 * 2).toISOString().slice(0, 16))
  await page.getByRole('button', { name: 'Продлить', exact: true }).click()
  await page.getByText('Выполнено: 1 из 1').waitFor()
  expect((await term()).expiresAt > before).toBe(true)

  await page.goto(`${url}/links/${link!.id}`)
  await page.getByLabel('Ким Вагиф').check()
  await page.getByRole('button', { name: 'Отозвать приглашения отмеченных…' }).click()
  await page.getByRole('button', { name: 'Отозвать приглашения' }).click()
  await page.getByText('Выполнено: 1 из 1').waitFor()
  expect((await term()).people.map(({ state }) => state).sort()).toEqual(['sent', 'sent', 'superseded'])
})

test('a link whose term is over says so at sight, and since when it must be annulled', async () => {
  await inSchool(school.db, school.orgId, (tx) => tx.query(`update invite_links set expires_at = now() - interval '1 minute' where state = 'active'`))
  const page = await browser.open()
  await school.signIn(page)
  await page.goto(`${url}/links`)
  expect(await page.getByText('Нужно аннулировать на платформе: 1 ссылка').isVisible()).toBe(true)
  await page.getByRole('link', { name: /Нужно аннулировать/ }).click()
  await page.getByText('Срок истёк').waitFor()
  expect(await page.getByText('Аннулировать на платформе с').first().isVisible()).toBe(true)
})

test('a list is brought, a question in it answered in place, and carried out as it was seen', async () => {
  const page = await browser.open()
  await school.signIn(page)
  await page.goto(`${url}/imports`)
  const rows = [['Фамилия', 'Имя', 'Отчество', 'Класс'], ['Орлова', 'Вера', 'Ильинична', '6Б'], ['Орлова', 'Вера', 'Ильинична', '6Б'], ['Kотов', 'Пётр', '', '6Б']]
  await page.getByLabel('Файл', { exact: true }).setInputFiles({ name: '6б.csv', mimeType: 'text/csv', buffer: Buffer.from(table(rows)) })
  await page.getByLabel('Список полный').selectOption('false')
  await page.getByRole('button', { name: 'Загрузить и посмотреть' }).click()
  await page.getByText('Готова к проверке').waitFor()
  expect(await page.getByText('это тёзка или повтор?').isVisible()).toBe(true)
  await page.getByLabel('Пропустить строку').check()
  await page.getByRole('button', { name: 'Сохранить ответы' }).click()
  await page.getByText('Наверное, имелось в виду: Котов').waitFor()
  await page.getByRole('button', { name: 'Внести готовые' }).click()
  await page.getByText('Внесено в реестр.').waitFor()
  await page.goto(`${url}/classes`)
  await page.getByRole('link', { name: '6Б' }).click()
  await page.getByRole('link', { name: 'Орлова Вера Ильинична' }).waitFor()
  expect(await page.getByText('Котов').count()).toBe(0)
})

test('an order with its file is entered, downloaded and, after a warning, cancelled; the registration begins with one', async () => {
  const page = await browser.open()
  await school.signIn(page)
  await page.goto(`${url}/school/orders`)
  await page.getByText('Внести приказ').click()
  await page.getByLabel('По личному составу').check()
  await page.getByLabel('Номер').fill('15-л/с')
  await page.getByLabel('Дата').fill('2026-09-01')
  await page.getByLabel('Заголовок').fill('О приёме на работу')
  await page.getByLabel('Файл приказа').setInputFiles({ name: 'scan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') })
  await page.getByRole('button', { name: 'Внести', exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: '15-л/с' })
  await row.getByText('Зарегистрирован').waitFor()
  await row.getByRole('link', { name: 'Отменить приказ…' }).click()
  await page.getByText('назад отмену не вернуть').waitFor()
  await page.getByRole('button', { name: 'Отменить приказ' }).click()
  await row.getByText('Отменён').waitFor()

  await page.goto(`${url}/school`)
  await page.getByLabel('Администратор платформы').selectOption({ label: 'Лисицын Павел' })
  await page.getByRole('button', { name: 'Начать регистрацию' }).click()
  await expect.poll(() => page.locator('ol.stepper li.here').textContent()).toContain('Данные и приказ')
})

test('every page at both widths: no violation of WCAG 2.1 AA, no side-scrolling, whatever people are called', async () => {
  const page = await browser.open()
  let alerts = 0
  page.on('dialog', (dialog) => ((alerts += 1), dialog.dismiss()))
  await school.signIn(page)
  const [link] = await links()
  const { items: imports } = (await service.api.get<{ items: { id: string }[] }>('/imports')).body
  const { items: classes } = (await service.api.get<{ items: { id: string }[] }>('/classes')).body
  const pages = ['/people', '/people/new', '/people/s3', '/people/s4', '/people/p3', '/classes', `/classes/${classes[0]!.id}`, '/links', '/links?view=waiting', `/links/${link!.id}`, '/imports', ...imports.map(({ id }) => `/imports/${id}`), '/school', '/school/letters', '/school/inbox', '/school/orders', '/school/orders/o1/cancel']
  for (const path of pages) {
    await page.goto(`${url}${path}`)
    expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1)
    await expectAccessible(page)
    await page.setViewportSize(phone)
    await expectNoSideScroll(page)
    await page.setViewportSize({ width: 1280, height: 800 })
  }
  expect(alerts).toBe(0)
})

test('who only looks is offered nothing to change and may change nothing; a teacher sees no register of people', async () => {
  await inSchool(school.db, school.orgId, (tx) => tx.query(`update memberships set roles = case person_id when 'p11' then '{auditor}'::text[] else '{teacher}' end where person_id in ('p11', 'p12')`))
  const page = await browser.open()
  await school.signIn(page, 'p11')
  await page.goto(`${url}/people`)
  await page.getByRole('link', { name: 'Ёлкин Матвей' }).waitFor()
  expect(await page.getByRole('button', { name: 'Пригласить отмеченных…' }).count()).toBe(0)
  await page.goto(`${url}/imports`)
  expect(await page.getByRole('heading').first().textContent()).toBe('Нет прав')
  await page.context().clearCookies()
  await school.signIn(page, 'p12')
  await page.goto(`${url}/people`)
  expect(await page.getByRole('heading').first().textContent()).toBe('Нет прав')
})
