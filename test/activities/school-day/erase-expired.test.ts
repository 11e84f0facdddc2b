import { afterAll, beforeAll, expect, test } from 'vitest'
import { eraseExpired } from '../../../activities/school-day/erase-expired.ts'
import { inSchool, openDatabase } from '../../../db/connection.ts'
import { listCertificates } from '../../../db/erasure-certificates.ts'
import { findInbound } from '../../../db/inbound-queries.ts'
import { projectImports } from '../../../db/imports.ts'
import { openInboundContent } from '../../../db/inbound.ts'
import { leftPerson } from '../../support/left-person.ts'
import { samplePeople } from '../../support/sample-people.ts'
import { sampleSchool } from '../../support/sample-school.ts'
import { schoolDigest, schoolRows } from '../../support/school-digest.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'
import { testKeyRing } from '../../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const now = new Date()
const erase = (orgId: string, heartbeat = () => {}) => eraseExpired({ db, keys: testKeyRing }, orgId, { now, heartbeat })
const acts = (orgId: string) => inSchool(db, orgId, (tx) => listCertificates(tx, { limit: 50 }))
const rows = <R extends object>(orgId: string, query: string, values: unknown[] = []) => inSchool(db, orgId, async (tx) => (await tx.query<R>(query, values)).rows)
const namesOf = async (orgId: string) => (await rows<{ id: string; last_name: string }>(orgId, `select id, last_name from people order by id`)).filter(({ last_name }) => !last_name.startsWith('Участник')).map(({ id }) => id)

const orgId = await sampleSchool(db)
beforeAll(() => samplePeople(db, orgId, 0))

test('of who left a year ago nothing is left in any table but a pseudonym, and an act says what was destroyed; again, nothing happens', async () => {
  await leftPerson(db, orgId, 'left', 366)
  const before = JSON.stringify(await schoolRows(db, orgId))
  expect(before).toMatch(/Канарейкин/)
  await erase(orgId)

  expect(JSON.stringify(await schoolRows(db, orgId))).not.toMatch(/канаре|kanar|9000000077|Клим/i)
  const [person] = await rows<{ last_name: string; first_name: string }>(orgId, `select last_name, first_name from people where id = 'left'`)
  expect(person).toEqual({ last_name: expect.stringMatching(/^Участник [0-9a-f]{4}$/), first_name: '' })
  expect(await rows(orgId, `select address, subject, body, mime, state from letters where id = 'letter.left'`)).toEqual([{ address: null, subject: null, body: null, mime: null, state: 'accepted' }])
  const message = (await inSchool(db, orgId, (tx) => findInbound(tx, 'msg_left')))!
  expect(openInboundContent(testKeyRing, message.id, message.content)).toEqual({ from: '', subject: '', text: '', date: null, attachments: [] })
  // What the school did stays: when, by whom, what came of it.
  expect(await rows(orgId, `select event, person_id, note from timeline order by id`)).toEqual([1, 2].map(() => ({ event: 'DECLINE', person_id: 'p2', note: { letterId: 'x' } })))
  expect(await rows(orgId, `select outcome from tasks`)).toEqual([{ outcome: { by: 'p2' } }])

  const [act, ...others] = await acts(orgId)
  expect(others).toEqual([])
  expect(act).toMatchObject({ number: expect.stringMatching(/^АУ-\d{4}-000001$/), rule: 'leavers', erasedBy: null, people: [{ id: 'left', pseudonym: person!.last_name }] })
  expect(act!.counts).toEqual({ names: 1, memberships: 1, keys: 1, codes: 1, pages: 1, answers: 1, letters: 1, messages: 1, tasks: 1, timeline: 2, processes: 1, steps: 1, movements: 1, decisions: 1, importRows: 1 })

  const after = await schoolDigest(db, orgId)
  await erase(orgId)
  expect(await schoolDigest(db, orgId)).toEqual(after)
})

test('who is here, left lately, or is still needed by name is not forgotten', async () => {
  const school = await sampleSchool(db, 'org_kept')
  const add = (id: string, query: string, values: unknown[] = []) => inSchool(db, school, async (tx) => {
    await tx.query(`insert into people (id, org_id, last_name, first_name, search_key, created_at) values ($1, $2, 'Ким', 'Анна', 'ким анна', now() - interval '3 years')`, [id, school])
    await tx.query(query, [id, school, ...values])
  })
  const ended = (kind: string, days: number, guardianOf: string | null = null) => `insert into memberships (id, org_id, person_id, kind, roles, guardian_of, ended_at) values ('mem_' || $1, $2, $1, '${kind}', '{}', ${guardianOf ? `'${guardianOf}'` : 'null'}, ${days === 0 ? 'null' : `now() - make_interval(days => ${days})`})`
  await add('a_here', ended('student', 0))
  await add('b_lately', ended('student', 364))
  await add('c_gone', ended('student', 400))
  // Nobody ended what they were when their child left.
  await add('d_parentOfHere', ended('guardian', 0, 'a_here'))
  await add('e_parentOfGone', ended('guardian', 0, 'c_gone'))
  await add('f_parentOfLately', ended('guardian', 0, 'b_lately'))
  await add('g_enteredOnly', `select $1::text, $2::text`)
  await add('h_inProcess', ended('staff', 400))
  await add('i_inTask', ended('staff', 400))
  await add('j_overProcess', ended('staff', 400))
  await add('k_starting', ended('staff', 400))
  await add('l_foundBack', ended('student', 400))
  await add('m_foundLongAgo', ended('student', 400))
  await inSchool(db, school, async (tx) => {
    await tx.query(`insert into cohorts (id, org_id, workflow_id, status) values ('coh_kept', $1, 'coh_kept', 'running')`, [school])
    await tx.query(`insert into cohorts (id, org_id, workflow_id, status, start_input) values ('coh_new', $1, 'coh_new', 'starting', '{"start": [{"input": {"personId": "k_starting"}}]}')`, [school])
    await tx.query(`insert into import_movements (id, org_id, import_id, kind, person_id, found_at) select 'found_' || id, $1, 'imp_x', 'readmission', id, now() - case id when 'l_foundBack' then interval '1 day' else interval '380 days' end from people where id in ('l_foundBack', 'm_foundLongAgo')`, [school])
    const process = (id: string, personId: string, deadlines: object) =>
      tx.query(`insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at) values ($1, $2, 'coh_kept', 'invitation', 1, 'sent', $3, 1, now(), now())`, [id, school, JSON.stringify({ personId, deadlines })])
    await process('invitation:running', 'h_inProcess', { TIMER_REMIND_MID: {} })
    await process('invitation:over', 'j_overProcess', { TIMER_RETENTION: {} })
    await tx.query(
      `insert into tasks (id, org_id, cohort_id, owner_id, kind, key, state, roles, urgent, overdue, escalated, values, attempt, seq, opened_at)
       values ('task:kept', $1, 'coh_kept', 'movement:x', 'T-MOVE-ORDER', '', 'open', '{platformAdmin}', false, false, false, '{"person": "i_inTask"}', 1, 1, now())`,
      [school],
    )
  })
  await erase(school)
  expect(await namesOf(school)).toEqual(['a_here', 'b_lately', 'd_parentOfHere', 'f_parentOfLately', 'h_inProcess', 'i_inTask', 'k_starting', 'l_foundBack'])

  // Words that a process left behind when it ended later go then.
  const note = `update processes set ended_at = $2, context = context || '{"closeReason": "сказано позже"}' where id = $1`
  await inSchool(db, school, (tx) => tx.query(note, ['invitation:over', new Date(now.getTime() + 1000)]))
  await eraseExpired({ db, keys: testKeyRing }, school, { now: new Date(now.getTime() + 2000), heartbeat: () => {} })
  expect(await rows(school, `select context ->> 'closeReason' as words from processes where id = 'invitation:over'`)).toEqual([{ words: null }])
  expect((await acts(school)).map(({ counts, people }) => [counts, people.map(({ id }) => id)])).toEqual([
    [{ processes: 1 }, ['j_overProcess']],
    [{ names: 5, memberships: 1, found: 1 }, expect.arrayContaining(['c_gone', 'e_parentOfGone', 'g_enteredOnly', 'j_overProcess', 'm_foundLongAgo'])],
  ])
})


test('many are erased a few hundred at a time, each with its act; stopped in the midst of it, it goes on where it was', async () => {
  const school = await sampleSchool(db, 'org_many')
  await inSchool(db, school, async (tx) => {
    await tx.query(`insert into people (id, org_id, last_name, first_name, search_key) select 'many_' || lpad(n::text, 4, '0'), $1, 'Ким', 'Анна', 'ким анна' from generate_series(1, 450) n`, [school])
    await tx.query(`insert into memberships (id, org_id, person_id, kind, roles, ended_at) select 'mem_' || id, $1, id, 'student', '{}', now() - interval '2 years' from people where org_id = $1`, [school])
  })
  let beats = 0
  const die = () => {
    beats += 1
    if (beats === 3) throw new Error('killed')
  }
  await expect(erase(school, die)).rejects.toThrow('killed')
  expect((await acts(school)).map(({ counts }) => counts.names)).toEqual([200, 200])
  expect(await namesOf(school)).toHaveLength(50)
  await erase(school)
  expect((await acts(school)).map(({ counts, people }) => [counts.names, people.length]).sort()).toEqual([[200, 200], [200, 200], [50, 50]])
  expect(await namesOf(school)).toEqual([])
})

test('addresses of links and what is left of imports go by their terms, each with an act', async () => {
  const school = await sampleSchool(db, 'org_terms')
  await inSchool(db, school, async (tx) => {
    await tx.query(`insert into cohorts (id, org_id, workflow_id, status, ended_at) values ('coh_terms', $1, 'coh_terms', 'ended', now())`, [school])
    const process = (id: string, kind: string, state: string, days: number) =>
      tx.query(
        `insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at, ended_at)
         values ($1, $2, 'coh_terms', $3, 1, $4, '{"url": "sealed"}', 1, now(), now() - make_interval(days => $5), now() - make_interval(days => $5))`,
        [id, school, kind, state, days],
      )
    await process('inviteLink:old', 'inviteLink', 'revoked', 91)
    await tx.query(`insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, url, state, platform_state) values ('lnk_old', $1, 'inviteLink:old', 'x', 'staffRoom', 'teacher', 'group', 'sealed', 'revoked', 'revoked')`, [school])
    for (const [id, days] of [['imp_old', 31], ['imp_recent', 29]] as const) {
      await process(`rosterImport:${id}`, 'rosterImport', 'committed', days)
      await tx.query(`insert into imports (id, org_id, process_id, opened_by, file_name, file_size, state) values ($1, $2, $3, 'p2', 'Ивановы.csv', 1, 'committed')`, [id, school, `rosterImport:${id}`])
      await tx.query(`insert into import_rows (import_id, seq, org_id, kind, source, match_key, data) values ($1, 1, $2, 'staff', 'x', 'x', '{}')`, [id, school])
    }
    await tx.query(`insert into imports (id, org_id, process_id, opened_by, opened_at, file_name, file_size) values ('imp_unread', $1, 'rosterImport:unread', 'p2', now() - interval '31 days', 'x.csv', 1)`, [school])
    await tx.query(`insert into import_files (import_id, seq, org_id, key_id, content) values ('imp_unread', 0, $1, 'k', '\\x00')`, [school])
  })
  for (let round = 0; round < 2; round += 1) await erase(school)
  const done = await acts(school)
  expect(Object.fromEntries(done.map(({ rule, counts }) => [rule, counts]))).toEqual({ linkTerm: { linkAddresses: 1 }, importTerm: { importRows: 2, importFiles: 1, importNames: 1 } })
  expect(done).toHaveLength(2)
  expect(await rows(school, `select id, file_name from imports order by id`)).toEqual([{ id: 'imp_old', file_name: 'Файл' }, { id: 'imp_recent', file_name: 'Ивановы.csv' }, { id: 'imp_unread', file_name: 'x.csv' }])
})

test('an import that ends keeps nothing of its file, and an act says so; one that goes on keeps it', async () => {
  const school = await sampleSchool(db, 'org_imports')
  await inSchool(db, school, async (tx) => {
    for (const id of ['imp_over', 'imp_on']) {
      await tx.query(`insert into imports (id, org_id, process_id, opened_by, file_name, file_size, state) values ($1, $2, $1, 'p2', 'x.csv', 1, 'preview')`, [id, school])
      await tx.query(`insert into import_rows (import_id, seq, org_id, kind, source, match_key, data) values ($1, 1, $2, 'staff', 'x', 'x', '{}')`, [id, school])
    }
    await projectImports(tx, school, now, [{ id: 'imp_over', state: 'cancelled', ended: true }, { id: 'imp_on', state: 'previewing', ended: false }])
    await projectImports(tx, school, now, [{ id: 'imp_over', state: 'cancelled', ended: true }])
  })
  expect(await rows(school, 'select import_id from import_rows')).toEqual([{ import_id: 'imp_on' }])
  expect((await acts(school)).map(({ rule, counts }) => [rule, counts])).toEqual([['importTerm', { importRows: 1 }]])
})
