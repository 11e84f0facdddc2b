import { expect } from 'vitest'
import { readPdf } from '../read-pdf.ts'
import { good, problemsOf, type SchoolClass, type WholeSchool } from './school.ts'

interface Started {
  rows: { id: string; processId: string; classId: string; people: number }[]
  leftOut: { personId: string; problem: { code: string } }[]
}

export interface Joining {
  id: string
  processId: string
  class: { id: string; name: string }
  audience: string
  state: string
  people: number
  joined: number
  declined: number
  link: { id: string; state: string }
  members?: { personId: string; name: string; invitationId: string; processId: string; state: string }[]
}

const card = async ({ admin }: WholeSchool, id: string) => good(await admin.get<Joining>(`/joinings/${id}`))
const press = (url: string, button: string) => fetch(`${url}/${button}`, { method: 'POST', redirect: 'manual' })

/** The printed sheet of a joining, read back: whom it is for, the names, and what the codes say. */
async function sheetOf({ programs, adminKey }: WholeSchool, id: string) {
  const response = await fetch(`${programs.url}/api/v1/joinings/${id}/sheet`, { method: 'POST', headers: { authorization: `Bearer ${adminKey}` } })
  expect(response.headers.get('content-type')).toBe('application/pdf')
  const { pages } = await readPdf(Buffer.from(await response.arrayBuffer()))
  const lines = pages.flatMap((page) => page.lines)
  const largest = Math.max(...lines.map(({ size }) => size))
  const large = lines.filter(({ size }) => size === largest).map(({ text }) => text)
  return { forWhom: large.filter((_, at) => at % 2 === 0), names: large.filter((_, at) => at % 2 === 1), codes: pages.flatMap(({ codes }) => codes) }
}

/** Pupils of every class get one link a class; who is in is counted, nobody is named (R2.S-01, BR-20). */
export async function pupilsJoin(whole: WholeSchool, sheets: number): Promise<void> {
  const { admin, awaited, completeAll, say } = whole
  const classes = await whole.classesOf(whole.years.ending)
  const started = good(await admin.post<Started>('/joinings', { audience: 'student', classIds: classes.map(({ id }) => id) }), 202)
  expect(started.rows.map(({ people }) => people)).toEqual(classes.map(({ pupils }) => pupils))
  await completeAll(await awaited('T-LINK-CREATE', classes.length), ({ id }) => ({ url: `https://max.ru/join/EXAMPLE-ONLY-${id.split(':')[2]}` }))

  for (const { id, classId } of started.rows.slice(0, sheets)) {
    const { name, people } = good(await admin.get<SchoolClass & { people: { name: string }[] }>(`/classes/${classId}`))
    const sheet = await sheetOf(whole, id)
    expect(sheet.names.sort(), name).toEqual(people.map((pupil) => pupil.name).sort())
    expect(new Set(sheet.forWhom)).toEqual(new Set([`Для учеников ${name}`]))
    expect(sheet.codes).toHaveLength(people.length)
    expect(new Set(sheet.codes).size, 'one page for all of the class').toBe(1)
    expect((await press(sheet.codes[0]!, 'open')).headers.get('location')).toContain('https://max.ru/join/EXAMPLE-ONLY')
  }

  await completeAll(await awaited('T-LINK-HANDOUT', classes.length), () => ({ count: 1 }))
  for (const { processId, people } of started.rows) await say(processId, { type: 'COUNT_REPORTED', count: people - 1, declined: 1 })
  // The links have done their work: revoked for all classes at once, annulled by a person, the last count ends it.
  expect(good(await admin.post<{ done: number }>('/joinings/revoke', { joiningIds: started.rows.map(({ id }) => id), reason: 'unclaimed' })).done).toBe(classes.length)
  await completeAll(await awaited('T-LINK-REVOKE', classes.length), () => ({ revokedOn: '2026-09-01', method: 'revoked' }))
  await completeAll(await awaited('T-JOIN-COUNT', classes.length), () => ({ joined: 1 }))
  for (const { id } of started.rows) expect(await card(whole, id)).toMatchObject({ state: 'closed', joined: 1, declined: 1, link: { state: 'revoked' } })
}

/**
 * Guardians by name: some join, some say no on their page, one class is late. Returns the joining of the last class, whose
 * invitations still run.
 */
export async function guardiansJoin(whole: WholeSchool, sheets: number): Promise<Joining> {
  const { admin, orgId, awaited, completeAll, say, becomes } = whole
  good(await admin.patch(`/organizations/${orgId}`, { settings: { joiningByName: true, quietHours: false } }))
  const classes = (await whole.classesOf(whole.years.ending)).filter(({ guardians }) => guardians > 0).map(({ id }) => id)
  const [late, ...others] = classes as [string, ...string[]]
  const rows: Started['rows'] = []
  for (let at = 0; at < others.length; at += 10) {
    rows.push(...good(await admin.post<Started>('/joinings', { audience: 'guardian', classIds: others.slice(at, at + 10), letters: at === 0 }), 202).rows)
  }
  expect(rows).toHaveLength(others.length)
  await completeAll(await awaited('T-LINK-CREATE', rows.length), ({ id }) => ({ url: `https://max.ru/join/EXAMPLE-ONLY-${id.split(':')[2]}` }))

  const refused: string[] = []
  for (const [index, { id, processId }] of rows.entries()) {
    const members = (await card(whole, id)).members!
    expect(members.every(({ state }) => state === 'sent'), 'invited').toBe(true)
    if (index < sheets) {
      const sheet = await sheetOf(whole, id)
      expect(sheet.names.sort()).toEqual(members.map(({ name }) => name).sort())
      expect(new Set(sheet.codes).size, 'a page each').toBe(members.length)
      const { pages } = good(await admin.post<{ pages: { personId: string; url: string }[] }>(`/joinings/${id}/pages`))
      const { personId, url } = pages[0]!
      expect((await press(url, 'decline')).status).toBe(303)
      await expect.poll(async () => (await card(whole, id)).declined).toBe(1)
      refused.push(personId)
      expect((await press(url, 'open')).status, 'a refusal is final').not.toBe(303)
    }
    const joined = (await card(whole, id)).members!.filter(({ state }) => state === 'sent').slice(0, -2)
    if (index < rows.length - 1 && joined.length > 0) await say(processId, { type: 'MARKED', joined: joined.map(({ invitationId }) => invitationId) })
  }
  // BR-19: nobody who said no is invited again, by whatever way.
  const again = await admin.post<unknown>('/joinings', { audience: 'guardian', personIds: refused })
  expect(problemsOf(again)).toEqual(expect.arrayContaining(['guardianDeclined', 'nobodyLeft']))

  await guardiansAreLate(whole, late)
  const running = rows.at(-1)!
  for (const { id } of rows.slice(0, -1)) {
    const { state, link } = await card(whole, id)
    if (state !== 'closed' && link.state === 'active') good(await admin.post('/joinings/revoke', { joiningIds: [id], reason: 'unclaimed' }))
  }
  await completeAll(await awaited('T-LINK-REVOKE', rows.length), () => ({ revokedOn: '2026-09-01', method: 'revoked' }))
  for (const { processId } of rows.slice(0, -1)) await becomes(processId, 'closed')
  return card(whole, running.id)
}

/** The term ends before anybody has come: the link is to be annulled, the page says so, and everybody may be invited anew (BR-07, BR-10). */
async function guardiansAreLate(whole: WholeSchool, classId: string): Promise<void> {
  const { admin, awaited, completeAll, becomes } = whole
  const ask = (expiresAt?: string) => admin.post<Started>('/joinings', { audience: 'guardian', classIds: [classId], ...(expiresAt && { expiresAt }) })
  const [first] = good(await ask(new Date(Date.now() + 4_000).toISOString()), 202).rows
  await completeAll(await awaited('T-LINK-CREATE', 1), () => ({ url: 'https://max.ru/join/EXAMPLE-ONLY-LATE' }))
  await becomes(first!.processId, 'closed')
  const { members, link } = await card(whole, first!.id)
  expect(link.state).toBe('closing')
  expect(new Set(members!.map(({ state }) => state))).toEqual(new Set(['expired']))
  const [second] = good(await ask(), 202).rows
  expect(second!.people).toBe(first!.people)
  await awaited('T-LINK-CREATE', 1)
  expect(good(await admin.post<{ done: number }>('/joinings/revoke', { joiningIds: [second!.id] })).done).toBe(1)
  await becomes(second!.processId, 'cancelled')
}
