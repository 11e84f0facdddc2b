import { afterAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { eraseOldAddresses } from '../../db/link-erasure.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)

/** A link whose process came into its state so many days ago, with what is kept of its address. */
async function link(id: string, state: string, daysAgo: number) {
  await inSchool(db, orgId, async (tx) => {
    const ended = state === 'revoked' ? `now() - make_interval(days => ${daysAgo})` : 'null'
    await tx.query(`insert into cohorts (id, org_id, workflow_id, status, ended_at) values ($1, $2, $1, $3, ${ended})`, [`coh_${id}`, orgId, state === 'revoked' ? 'ended' : 'running'])
    await tx.query(`insert into cohort_steps (cohort_id, seq, org_id, input_key, inputs, at, resolved) values ($1, 1, $2, 'k', '[]', now(), '{}')`, [`coh_${id}`, orgId])
    await tx.query(
      `insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at, ended_at)
       values ($1, $2, $3, 'inviteLink', 1, $4, '{"url": "sealed"}', 1, now(), now() - make_interval(days => $5), ${ended})`,
      [`inviteLink:${id}`, orgId, `coh_${id}`, state, daysAgo],
    )
    await tx.query(
      `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, url, state, platform_state) values ($1, $2, $3, $1, 'staffRoom', 'teacher', 'group', 'sealed', $4, 'live')`,
      [id, orgId, `inviteLink:${id}`, state],
    )
  })
}

test('the address of a link goes ninety days after the link has closed, wherever it stood; a living link keeps its own', async () => {
  await link('old', 'revoked', 91)
  await link('recent', 'revoked', 89)
  await link('living', 'active', 120)
  for (let round = 0; round < 2; round += 1) await inSchool(db, orgId, (tx) => eraseOldAddresses(tx, new Date()))
  const { rows } = await inSchool(db, orgId, (tx) =>
    tx.query(
      `select l.id, l.url is null as register, p.context ->> 'url' is null as process, not exists (select from cohort_steps s where s.cohort_id = p.cohort_id) as log
       from invite_links l join processes p on p.id = l.process_id order by l.id`,
    ),
  )
  expect(rows).toEqual([
    { id: 'living', register: false, process: false, log: false },
    { id: 'old', register: true, process: true, log: true },
    { id: 'recent', register: false, process: false, log: false },
  ])
})
