import { randomUUID } from 'node:crypto'
import type { schoolDay } from '../../workflows/school-day.ts'
import { SCHOOL_DAY } from '../../workflows/messages.ts'
import type { SchoolAtWork } from '../support/school-at-work.ts'
import { liveLink } from './link.ts'

/**
 * A morning that finds two neglected links: one nobody looks after, which gets a task that a person does, and one into a
 * staff room that is not there, whose process is told. Returns the workflow ids of the day, the sweep and that link.
 */
export async function morningWithFindings(school: SchoolAtWork): Promise<{ day: string; sweep: string; link: string }> {
  const { workflowId: link, id } = await liveLink(school, 'lnk_room', ['p6'])
  await school.rows(
    `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, state, platform_state)
     values ('lnk_lost', $1, 'inviteLink:lnk_lost', 'ПР-2026-lost', 'staffRoom', 'teacher', 'group', 'active', 'live')`,
    [school.orgId],
  )
  await school.dawns()
  const day = `schoolDay:${randomUUID()}`
  await school.client.workflow.execute<typeof schoolDay>(SCHOOL_DAY, { workflowId: day, taskQueue: school.taskQueue, args: [{ orgId: school.orgId }] })
  const sweep = `linkSweep:${school.orgId}`
  await school.complete('T-LINK-REVOKE', { revokedOn: '2026-12-01', method: 'alreadyDone' }, { owner: sweep })
  await school.becomes(id, 'closing')
  return { day, sweep, link }
}
