import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, inSchool } from '../db/connection.ts'
import { importsOf } from './support/imported.ts'
import { samplePeople } from './support/sample-people.ts'
import { sampleSchool } from './support/sample-school.ts'
import { scratchDatabase } from './support/scratch-database.ts'
const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const imports = importsOf(db, 'org_zarechie')
beforeAll(async () => { await sampleSchool(db); await samplePeople(db, 'org_zarechie', 0) })
const letters = 'абвгдежзик'
const name = (i: number) => `Фамилия${[...String(i)].map((d) => letters[Number(d)]).join('')} Имя${letters[i % 10]} Отчество${letters[i % 7]}вич`
test('50k', async () => {
  const N = 50000
  const bytes = (shift: number) => Buffer.from('ФИО;Класс\r\n' + Array.from({ length: N }, (_, i) => `${name(i)};${(i + shift * (i % 10 === 0 ? 1 : 0)) % 9 + 1}${'АБВГД'[i % 5]}`).join('\r\n'))
  const t = async <T>(label: string, work: Promise<T>) => { const s = Date.now(); const r = await work; console.log(label, Date.now() - s, 'ms rss', Math.round(process.memoryUsage().rss / 1e6), JSON.stringify(r)); return r }
  let id = await imports.upload(bytes(0))
  let ready = await t('preview', imports.preview(id))
  ready = await t('preview again', imports.preview(id))
  await t('commit', imports.commit(id, ready.version))
  await inSchool(db, 'org_zarechie', (tx) => tx.query('analyze'))
  id = await imports.upload(bytes(0))
  ready = await t('preview same', imports.preview(id))
  await t('commit same', imports.commit(id, ready.version))
  id = await imports.upload(bytes(1))
  ready = await t('preview moved', imports.preview(id))
  await t('commit moved', imports.commit(id, ready.version))
  expect(1).toBe(1)
}, 600000)
