import { samplePromotion } from '../support/sample-promotion.ts'
import type { SchoolAtWork } from '../support/school-at-work.ts'

/** The year's end, returned once, approved, applied, done on the platform, taken back, put right there and given up. */
export async function promotionThereAndBack(school: SchoolAtWork): Promise<string> {
  const { id, start, classes, ready, approval } = await samplePromotion(school.db, school.orgId)
  const { workflowId } = await school.start([start])
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const applyOn = inDays(0).slice(0, 10)
  const confirm = (classId: string) => school.tell(id, { type: 'CLASS_CONFIRMED', key: classId })
  const done = (key: string) => school.tell(id, { type: 'STEP_DONE', key, result: 'done', facts: { links: [] } })

  await school.tell(id, { type: 'CLASSES_OF_NEXT_YEAR_SET', facts: { classes: 1, windowOpen: true, approvalDueAt: inDays(20) } })
  await school.comesTo(id, 'DRAFTED')
  await school.tell(id, { type: 'DRAFT_READY', facts: ready })
  await school.tell(id, { type: 'RETURNED', reason: 'ошибка в списке', key: classes.fifth })
  await school.comesTo(id, 'DRAFTED', 2)
  await school.tell(id, { type: 'DRAFT_READY', facts: ready })
  await confirm(classes.fifth)
  await confirm(classes.ninth)
  await school.complete('T-PROM-APPROVE', { decision: 'approve', orderId: 'o1', applyOn }, { owner: id, by: 'p1', facts: approval({ applyOn, applyAt: inDays(0), yearEndsAt: inDays(60), rollbackEndsAt: inDays(90) }) })
  await school.becomes(id, 'platformWork')
  await school.complete('T-PROM-STEPS', { result: 'done' }, { owner: id, facts: { links: [] } })
  await done(`archiveChats:${classes.ninth}`)
  await school.becomes(id, 'completed')
  await school.tell(id, { type: 'ROLLBACK', reason: 'приказ с ошибкой' })
  await school.comesTo(id, 'DRAFTED', 3)
  for (const classId of [classes.fifth, classes.ninth]) await done(`restoreClass:${classId}`)
  await school.tell(id, { type: 'CANCEL', reason: 'в этом году без перевода' })
  await school.ends(workflowId)
  return workflowId
}
