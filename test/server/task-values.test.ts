import { expect, onTestFinished, test } from 'vitest'
import { ensureClass } from '../../db/classes.ts'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { insertInbound } from '../../db/inbound.ts'
import { seal } from '../../db/sealed.ts'
import type { TaskRow } from '../../db/task-queries.ts'
import { taskTexts } from '../../school/texts/task-texts.ts'
import { taskValues } from '../../server/task-values.ts'
import { outbox } from '../support/outbox.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
const box = await outbox(db)
const registration = `orgRegistration:${box.orgId}`
await box.run(`update invite_links set url = $1, close_reason = 'leaked' where id = 'lnk_1'`, [seal(testKeyRing, 'https://max.ru/join/EXAMPLE-ONLY', 'linkUrl')])

/** What a task of the kind shows, as «title: value». */
async function card(kind: string, { key = '', values = {}, ownerId = registration, full = true }: { key?: string; values?: TaskRow['values']; ownerId?: string; full?: boolean } = {}): Promise<string[]> {
  const task = { kind, key, ownerId, values } as TaskRow
  const found = await inSchool(db, box.orgId, (tx) => taskValues({ tx, keys: testKeyRing, orgId: box.orgId, task }, full))
  return found.map(({ title, value }) => `${title}: ${value}`)
}

test('the order is about the administrator of the application', async () => {
  expect(await card('T-REG-ORDER')).toEqual(['Администратор: Лисицын Павел', 'Должность: учитель'])
})

test('who confirms an application reads what it will say, its contacts masked until they are asked for', async () => {
  const shown = await card('T-REG-SEND')
  expect(shown).toEqual(
    expect.arrayContaining(['Номер заявки: СФ-2026-000001', 'ИНН: 0001000010', 'Администратор: Лисицын Павел', 'Почта администратора: p2@zarechie.example', 'Телефон администратора: +7 (900) 000-00-02', 'Приказ: №\u00a0112/01-08 от 20.08.2026']),
  )
  const masked = await card('T-REG-SEND', { full: false })
  expect(masked).toContain('Телефон администратора: +7 (900) ***-**-02')
  expect(masked.join()).not.toContain('p2@zarechie.example')
})

test('of several letters in trouble the one is named that a person decides about, with the answer of the mail server', async () => {
  const letters = await Promise.all([box.queue('L-REG-STATUS', { role: 'head' }), box.queue('L-REG-APPLY', { platform: true }), box.queue('L-REG-FOLLOWUP', { platform: true })])
  const [, apply, followUp] = letters
  await box.run(`update letters set state = 'failed', last_error = '550 5.1.1' where id = any ($1)`, [letters])
  const decideAbout = (letterId: string | undefined) => box.run(`update processes set context = context || jsonb_build_object('trouble', $2::jsonb) where id = $1`, [registration, letterId ? { letterId, outcome: 'failed' } : 'null'])
  onTestFinished(async () => void (await decideAbout(undefined)))
  onTestFinished(async () => void (await box.run('delete from letters where id = any ($1)', [letters])))
  const rest = ['Что с ним: Не отправлено', 'Ответ почтового сервера: 550 5.1.1']
  await decideAbout(apply)
  expect(await card('T-REG-FIX')).toEqual(['Письмо: Заявка на регистрацию организации', `Карточка письма: ${apply}`, ...rest])
  await decideAbout(followUp)
  expect(await card('T-REG-SEND', { key: 'followUp' })).toEqual(['Номер заявки: СФ-2026-000001', 'Письмо: Напоминание о заявке', `Карточка письма: ${followUp}`, ...rest])
})

test('who writes to the platform reads its question, or what is wrong with the rights', async () => {
  const content = { from: 'info@sferum.ru', subject: 'Re: Заявка', text: 'Уточните ИНН', date: null, attachments: [] }
  await inSchool(db, box.orgId, (tx) =>
    insertInbound(tx, testKeyRing, { id: 'msg_1', orgId: box.orgId, source: 'imap', messageId: '<q@sferum.example>', contentHash: 'q', kind: 'answer', processId: registration, letterId: null, content, raw: Buffer.from(''), told: true }),
  )
  const now = (state: string, question: object | null) => box.run(`update processes set state = $2, context = context || jsonb_build_object('question', $3::jsonb) where id = $1`, [registration, state, JSON.stringify(question)])
  onTestFinished(async () => void (await now('sending', null)))
  await now('clarification', { messageId: 'msg_1', text: null })
  expect(await card('T-REG-SEND', { key: 'clarification' })).toEqual(['Номер заявки: СФ-2026-000001', 'Письмо: msg_1', 'От кого: info@sferum.ru', 'Тема: Re: Заявка', 'Текст: Уточните ИНН'])
  await now('clarification', { messageId: null, text: 'Спросили ИНН по телефону' })
  expect(await card('T-REG-SEND', { key: 'clarification' })).toEqual(['Номер заявки: СФ-2026-000001', 'Что записано об ответе: Спросили ИНН по телефону'])
  await now('rightsMissing', null)
  expect(await card('T-REG-SEND', { key: 'clarification' })).toContain('Что случилось: Права не появились')
})

test('a new order is about the administrator of the application it replaces one for', async () => {
  expect(await card('T-REG-REORDER')).toEqual(['Номер заявки: СФ-2026-000001', 'Администратор: Лисицын Павел', 'Должность: учитель'])
})

test('who looks for an answer knows the number and the day of the application', async () => {
  const apply = await box.queue('L-REG-APPLY', { platform: true })
  await box.run(`update letters set state = 'accepted', settled_at = '2026-08-24T21:00:00Z' where id = $1`, [apply])
  for (const kind of ['T-REG-CHECK', 'T-REG-ESCALATE']) expect(await card(kind)).toEqual(['Номер заявки: СФ-2026-000001', 'Заявка отправлена: 25.08.2026'])
})

test('a link is annulled where it leads, whoever found that it lives', async () => {
  const place = ['Номер ссылки: ПР-2026-000004', 'Куда: Класс «Учительская»', 'Роль: Учитель']
  expect(await card('T-LINK-REVOKE', { values: { link: 'lnk_1', reason: 'unclaimed' } })).toEqual([...place, 'Ссылка: https://max.ru/join/EXAMPLE-ONLY'])
  expect(await card('T-LINK-CREATE', { values: { link: 'lnk_1' } })).toEqual(place)
  expect(await card('T-LINK-REVOKE', { values: { link: 'lnk_gone' } })).toEqual([])
})

test('tasks about an invited person name the link, and why it closed', async () => {
  const values = { person: 'p3', link: 'lnk_1' }
  expect(await card('T-LINK-LATE', { values })).toEqual(['Кто: Мамедов Вагиф', 'Должность: учитель', 'Номер ссылки: ПР-2026-000004'])
  expect(await card('T-LINK-AGAIN', { values })).toEqual(expect.arrayContaining(['Номер прежней ссылки: ПР-2026-000004', 'Почему она закрыта: Ссылка попала к посторонним']))
})

test('a person to be asked is shown with a telephone', async () => {
  expect(await card('T-JOIN-IDENTITY', { values: { person: 'p3' } })).toContain('Телефон: +7 (900) 000-00-03')
})

test('the class is the one to be given, not the one the person has', async () => {
  const classId = await inSchool(db, box.orgId, (tx) => ensureClass(tx, box.orgId, '2026-2027', '5А'))
  await box.run(`update memberships set class_id = $1 where person_id = 'p3'`, [classId])
  expect(await card('T-CLASS-TEACHER', { values: { person: 'p3', className: '7Б' } })).toContain('Класс: 7Б')
  expect(await card('T-JOIN-REVIEW', { values: { person: 'p3' } })).toContain('Класс: 5А')
})

test.each(Object.keys(taskTexts))('%s shows a card even when what it is about is gone', async (kind) => {
  await expect(card(kind, { ownerId: 'gone:1', values: { person: 'gone', link: 'gone', message: 'gone' } })).resolves.toBeInstanceOf(Array)
})

test('who checks an import reads what it would change, what is to be confirmed, and which version says so', async () => {
  const counts = { create: 2, change: 0, move: 0, leave: 1, same: 7, ask: 0, problem: 0, skip: 0 }
  await box.run(
    `insert into imports (id, org_id, process_id, opened_by, file_name, file_size, version, counts, confirmations) values ('imp_1', $1, 'rosterImport:imp_1', 'p2', 'spisok.csv', 1, 'abc', $2, $3)`,
    [box.orgId, JSON.stringify(counts), JSON.stringify([{ code: 'nameSplit', count: 9, of: 9 }])],
  )
  expect(await card('T-IMPORT-CHECK', { values: { import: 'imp_1' } })).toEqual([
    'Файл: spisok.csv', 'Будет внесено: 2', 'В списке нет: нужно выбытие приказом: 1', 'Без изменений: 7',
    'Фамилии, имена и отчества были в одном столбце: проверьте, верно ли они разделены: 9', 'Версия, которую вы проверили: abc',
  ])
  expect(await card('T-IMPORT-CHECK', { values: { import: 'imp_none' } })).toEqual([])
})
