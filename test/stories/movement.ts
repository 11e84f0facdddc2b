import type { SchoolAtWork } from '../support/school-at-work.ts'

/** Movements of a pupil and of a teacher that are given up before their orders come. */
export async function movementsCancelled(school: SchoolAtWork): Promise<string> {
  const ids = [
    { movementId: 'mov_1', kind: 'departure', personId: 's1', machine: 'studentMovement' },
    { movementId: 'mov_2', kind: 'longLeave', personId: 'p5', machine: 'staffMovement' },
  ].map(({ movementId, machine, ...input }, i) => ({ id: `movement:${movementId}`, kind: machine, input: { movementId, number: `ДВ-2026-00000${i + 1}`, effectiveOn: '2026-10-13', effectiveAt: '2026-10-12T21:00:00.000Z', ...input } }))
  const { workflowId } = await school.start(ids)
  for (const { id } of ids) await school.tell(id, { type: 'SUBMIT' })
  for (const { id } of ids) await school.tell(id, { type: 'CANCEL', reason: 'передумали' })
  await school.ends(workflowId)
  return workflowId
}
