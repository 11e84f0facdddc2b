import { afterAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
await samplePeople(db, orgId)

test('a task that lies with somebody is shown to other candidates once it is escalated, in the list and as a card', async () => {
  await inSchool(db, orgId, async (tx) => {
    await tx.query(`insert into cohorts (id, org_id, workflow_id, status) values ('coh_1', $1, 'coh_1', 'running')`, [orgId])
    await tx.query(
      `insert into tasks (id, org_id, cohort_id, owner_id, kind, key, state, roles, assignee, due_at, urgent, overdue, escalated, values, attempt, seq, opened_at)
       values ('task:1', $1, 'coh_1', 'onboarding:mem_p3', 'T-JOIN-REVIEW', '', 'claimed', '{teacher}', 'p3', now(), false, true, false, '{}', 1, 1, now())`,
      [orgId],
    )
  })
  const colleague = client(await scratchApp(db), await keyOf(db, orgId, ['teacher'], 'p4'))
  const shown = async () => ({ list: (await colleague.get('my-tasks')).body.items.length, card: (await colleague.get('tasks/task:1')).status })
  expect(await shown()).toEqual({ list: 0, card: 404 })
  await inSchool(db, orgId, (tx) => tx.query(`update tasks set escalated = true`))
  expect(await shown()).toEqual({ list: 1, card: 200 })
  expect((await colleague.get('tasks/task:1')).body.mine).toBe(true)
})
