import { beforeAll, expect, test } from 'vitest'
import { inSchool } from '../../db/connection.ts'
import { sendOverdue } from '../../activities/mail/send-overdue.ts'
import { apiClient } from '../support/api-client.ts'
import { keyOf } from '../support/api.ts'
import { consoleBrowser, expectAccessible, expectNoSideScroll, phone } from '../support/console-browser.ts'
import { consoleSchool, hostileName } from '../support/console-school.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const browser = await consoleBrowser()
const school = await consoleSchool({ teachers: 11 })
const { url, service } = school
const hostile = `${hostileName} Вагиф`
beforeAll(() => school.askToJoin(Array.from({ length: 11 }, (_, i) => `p${i + 3}`)))

const stateOf = async (personId: string) => (await service.api.get<{ state: string }>(`/processes/onboarding:mem_${personId}`)).body.state

test('somebody asks for a link, finds it in the letter and comes in with it; also the keyboard alone is enough', async () => {
  const page = await browser.open()
  await page.goto(url)
  expect(new URL(page.url()).pathname).toBe('/sign-in')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('К содержанию')
  await page.getByLabel('Почта').first().focus()
  await page.keyboard.type('p2@zarechie.example')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Проверьте почту' }).waitFor()

  const mail = { db: school.db, keys: testKeyRing, smtpUrl: school.mail.smtpUrl, from: 'flow@zarechie.example', publicUrl: url, onError: (error: unknown) => Promise.reject(error as Error) }
  await sendOverdue(mail as never, { deliver: async () => [] } as never, { now: new Date(), heartbeat: () => {}, signal: new AbortController().signal })
  const letter = await school.mail.letter(({ subject }) => subject?.includes('Вход в консоль') ?? false)
  await page.goto(/http:\S+\/sign-in\/\S+/.exec(letter.text!)![0])
  await page.getByRole('button', { name: 'Войти' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /^Сегодня/ }).waitFor()
  // What is read of the letter in the outbox does not let anybody in.
  const bodies = (await service.api.get<{ items: { id: string; code: string }[] }>('/letters?code=L-SIGN-IN')).body.items
  expect((await service.api.get<{ body: string }>(`/letters/${bodies[0]!.id}`)).body.body).toContain(`${url}/sign-in/…`)
})

test('eleven ask to be let in: those that are marked are accepted at once, without the page being loaded anew; who was done by somebody else is named', async () => {
  const page = await browser.open()
  await school.signIn(page)
  await page.evaluate(() => Object.assign(globalThis, { kept: true }))
  expect(await page.getByText('11 задач').isVisible()).toBe(true)
  for (const name of ['Белова Вагиф', 'Громова Вагиф', 'Ким Вагиф']) await page.getByLabel(name, { exact: true }).check()
  await page.getByLabel('Принять').check()
  await page.getByLabel('Лебедева Вагиф', { exact: true }).check()
  const [other, last] = await Promise.all(['p11', 'p13'].map(async (id) => (await school.openTasks('T-JOIN-REVIEW')).find(({ processId }) => processId.endsWith(id))!))
  await service.api.post(`/tasks/${other!.id}/complete`, { evidence: { decision: 'accept' } })
  await page.getByRole('button', { name: 'Выполнить отмеченные' }).click()
  await page.getByText('Выполнено: 3, не принято: 1').waitFor()
  // What changes afterwards does not take the result away.
  await service.api.post(`/tasks/${last!.id}/claim`, {})
  await page.getByText('На странице появились изменения.').waitFor()
  expect(await page.getByRole('status').filter({ hasText: 'не принято' }).textContent()).toMatch(/Лебедева Вагиф — Задача закрыта: Лисицын Павел/)
  expect(await page.getByText('7 задач').isVisible()).toBe(true)
  expect(await page.getByLabel('Белова Вагиф', { exact: true }).count()).toBe(0)
  expect(await page.evaluate(() => 'kept' in globalThis)).toBe(true)
  for (const id of ['p4', 'p6', 'p10']) expect(await stateOf(id)).not.toBe('requested')
})

test('nothing marked, and no answer given: the page says so and keeps what was entered', async () => {
  const page = await browser.open({ javaScriptEnabled: false })
  await school.signIn(page)
  await page.getByLabel('Комментарий').fill('ждём приказа')
  await page.getByLabel('Отклонить').check()
  await page.getByRole('button', { name: 'Выполнить отмеченные' }).click()
  expect(await page.getByRole('alert').textContent()).toContain('Отметьте хотя бы одну задачу')
  expect(await page.getByLabel('Комментарий').inputValue()).toBe('ждём приказа')
})

test('without JavaScript a task is done the same way, and «не удалось» takes its reason', async () => {
  const page = await browser.open({ javaScriptEnabled: false, viewport: phone })
  await school.signIn(page)
  await page.getByRole('link', { name: 'Открыть: Жуков Вагиф' }).click()
  await page.getByText('Не удалось', { exact: true }).click()
  await page.getByLabel('Нет доступа или прав на платформе').check()
  await page.getByLabel('Что случилось').fill('не открывается раздел заявок')
  await page.getByRole('button', { name: 'Отметить «Не удалось»' }).click()
  await page.getByText('Отмечено «Не удалось».').waitFor()
  await page.getByRole('link', { name: '← Сегодня' }).click()
  await page.getByRole('link', { name: 'Открыть: Мамедов Вагиф' }).click()
  await page.getByLabel('Принять').check()
  await page.getByRole('button', { name: 'Выполнено', exact: true }).click()
  await page.getByText('Выполнено: Рассмотрите заявку на вступление. Мамедов Вагиф').waitFor()
  expect(await stateOf('p12')).not.toBe('requested')
})

test('a task that somebody else did meanwhile says who and when', async () => {
  const page = await browser.open()
  await school.signIn(page)
  await page.getByRole('link', { name: 'Открыть: Дёмина Вагиф' }).click()
  await page.getByRole('heading', { name: 'Что сделать' }).waitFor()
  await page.getByLabel('Принять').check()
  const head = apiClient(url, await keyOf(school.db, school.orgId, ['head'], 'p1'))
  const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!)
  expect((await head.post(`/tasks/${id}/complete`, { evidence: { decision: 'reject' } })).status).toBe(200)
  await page.getByRole('button', { name: 'Выполнено', exact: true }).click()
  expect(await page.getByRole('alert').textContent()).toMatch(/Задача закрыта: Воронцова Елена, \d\d\.\d\d\.\d{4} \d\d:\d\d/)
})

test('what changes elsewhere appears by itself; a form that is being filled in is left alone', async () => {
  const [reader, writer] = [await browser.open(), await browser.open()]
  await school.signIn(reader)
  await school.signIn(writer)
  const subject = (page: typeof reader) => page.getByLabel('Васнецов Вагиф', { exact: true })
  await writer.getByLabel('Комментарий').fill('думаю')
  expect(await subject(reader).count()).toBe(1)
  const task = (await school.openTasks('T-JOIN-REVIEW')).find(({ processId }) => processId === 'onboarding:mem_p5')!
  await service.api.post(`/tasks/${task.id}/complete`, { evidence: { decision: 'accept' } })
  await subject(reader).waitFor({ state: 'detached' })
  await writer.getByText('На странице появились изменения.').waitFor()
  expect(await writer.getByLabel('Комментарий').inputValue()).toBe('думаю')
  await writer.getByRole('link', { name: 'Обновить' }).click()
  await subject(writer).waitFor({ state: 'detached' })
})

test('a task is handed over and put off', async () => {
  const page = await browser.open()
  await school.signIn(page)
  await page.getByRole('link', { name: 'Открыть: Ильина Вагиф' }).click()
  await page.getByText('Отложить', { exact: true }).first().click()
  await page.getByLabel('До какого времени').fill('2031-09-01T09:00')
  await page.getByRole('button', { name: 'Отложить' }).click()
  await page.getByText('Задача отложена.').waitFor()
  await page.getByText('Передать другому').click()
  await page.getByLabel('Кому').selectOption({ label: 'Воронцова Елена' })
  await page.getByRole('button', { name: 'Передать', exact: true }).click()
  await page.getByText('Задача передана.').waitFor()
  const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!)
  // 09:00 in Samara.
  expect((await service.api.get(`/tasks/${id}`)).body).toMatchObject({ assignee: { id: 'p1' }, snoozedUntil: '2031-09-01T05:00:00.000Z' })
})

test('a process: its way, a deadline moved with a reason, an event with its form', async () => {
  const page = await browser.open()
  await school.signIn(page)
  await page.goto(`${url}/processes/onboarding:mem_p3`)
  expect(await page.getByText('Внесён в список → Готовится приглашение → Приглашён → Подал заявку').isVisible()).toBe(true)
  await page.getByAltText('Схема процесса, сейчас: Подал заявку').scrollIntoViewIfNeeded()
  await expect.poll(() => page.evaluate<number>(`document.querySelector('.diagram img').naturalWidth`)).toBeGreaterThan(300)
  const deadline = page.getByRole('listitem').filter({ hasText: 'Срок рассмотрения заявки' })
  await deadline.getByText('Перенести или снять').click()
  await deadline.getByLabel('Перенести', { exact: true }).check()
  await deadline.getByLabel('Новый срок').fill('2031-10-01T12:00')
  await deadline.getByLabel('Причина').fill('Директор в отъезде')
  await deadline.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('Принято. Теперь:').waitFor()
  expect(await page.getByText('01.10.2031 12:00').isVisible()).toBe(true)
  expect(await page.getByText('Директор в отъезде').isVisible()).toBe(true)
  await page.getByText('Принять заявку', { exact: true }).first().click()
  await page.getByRole('button', { name: 'Принять заявку' }).click()
  await expect.poll(() => stateOf('p3')).not.toBe('requested')
})

test('every page at 320 px and 1280 px: no violation of WCAG 2.1 AA, no side-scrolling, whatever people are called', async () => {
  const page = await browser.open()
  let alerts = 0
  page.on('dialog', (dialog) => ((alerts += 1), dialog.dismiss()))
  await page.goto(`${url}/sign-in`)
  await expectAccessible(page)
  await school.signIn(page)
  const task = (await school.openTasks('T-JOIN-REVIEW')).find(({ processId }) => processId === 'onboarding:mem_p13')!
  const pages = [
    { path: '/today', name: hostile },
    { path: `/tasks/${encodeURIComponent(task.id)}`, name: hostile },
    { path: '/processes', name: hostile },
    { path: '/processes/onboarding:mem_p13', name: hostile },
    { path: '/processes?ended=true' },
    { path: '/account' },
    { path: '/nowhere-in-the-console' },
  ]
  for (const { path, name } of pages) {
    await page.goto(`${url}${path}`)
    if (name) expect(await page.locator('main').textContent(), path).toContain(name)
    await expectAccessible(page)
    await page.setViewportSize(phone)
    await expectNoSideScroll(page)
    await page.setViewportSize({ width: 1280, height: 800 })
  }
  expect(alerts).toBe(0)
  const weights = await page.evaluate<number>(`performance.getEntriesByType('resource').reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)`)
  expect(weights).toBeLessThan(150_000)
})

test('who only looks sees the processes and changes nothing; who has no business here is told so', async () => {
  await inSchool(school.db, school.orgId, (tx) => tx.query(`update memberships set roles = '{auditor}' where person_id = 'p11'`))
  const page = await browser.open()
  await school.signIn(page, 'p11')
  expect(new URL(page.url()).pathname).toBe('/school')
  expect(await page.getByRole('link', { name: 'Сегодня' }).count()).toBe(0)
  await page.goto(`${url}/processes/onboarding:mem_p13`)
  expect(await page.getByText('События этого процесса сообщают другие сотрудники.').isVisible()).toBe(true)
  expect(await page.getByText('Перенести или снять').count()).toBe(0)
  await page.goto(`${url}/today`)
  expect(await page.getByRole('heading').first().textContent()).toBe('Нет прав')
})
