import type { Queryable } from '../../db/connection.ts'
import { confirmExpected, emptyPlaces, listClassSpaces, takeUnsettled } from '../../db/promotion-work.ts'
import { updatePromotion } from '../../db/promotions.ts'
import { expectWanted } from '../../db/wanted-spaces.ts'
import type { YearEndPromotionContext } from '../../machines/year-end-promotion.ts'
import { contextOf, type Projection } from './projection.ts'

/** The year's end in its register; a class that a person brought in order on the platform has exactly its people in its spaces. */
export const projectPromotion: Projection = async (tx, { orgId }, instances) => {
  for (const instance of instances) {
    const { promotionId, done } = contextOf<YearEndPromotionContext>(instance)
    await updatePromotion(tx, promotionId, instance.id, instance.state)
    for (const key of await takeUnsettled(tx, promotionId, done)) await settle(tx, orgId, promotionId, key)
  }
}

async function settle(tx: Queryable, orgId: string, promotionId: string, key: string): Promise<void> {
  const [kind, classId] = key.split(':')
  if (!classId) throw new Error('a step that names no class')
  const spaces = await listClassSpaces(tx, classId)
  // Who graduates or leaves is in the chats of a class that goes on until the year is over.
  await emptyPlaces(tx, spaces, kind === 'openClass' ? promotionId : null)
  if (kind === 'archiveChats') return
  await expectWanted(tx, orgId, spaces)
  await confirmExpected(tx, spaces)
}
