import { listClasses } from '../../db/classes.ts'
import { readCalendarSettings } from '../../db/calendar-settings.ts'
import type { Queryable } from '../../db/connection.ts'
import { findOrder } from '../../db/orders.ts'
import { findOrganization } from '../../db/organizations.ts'
import { listHolders } from '../../db/people.ts'
import { countDraftGaps, isUnusual, listReviewedClasses } from '../../db/promotions.ts'
import { listLinksOf } from '../../db/spaces.ts'
import { secondLook } from '../../machines/promotion-decision.ts'
import type { YearEndPromotionContext } from '../../machines/year-end-promotion.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { endOf, promotionDates, usualPromotionWindow } from '../../school/calendar/promotion-window.ts'
import { invalidFields } from '../failures.ts'
import type { FactsRequest } from './index.ts'

/** Who approves the year's end; a deputy stands in for the head (domain.md 4). */
const approvers = ['head', 'deputy'] as const

const contextOf = ({ process }: FactsRequest) => process.context as unknown as YearEndPromotionContext

async function datesOf(tx: Queryable, orgId: string, fromYear: string) {
  const { settings } = (await findOrganization(tx, orgId))!
  const clock = localClock((await readCalendarSettings(tx)).timezone)
  return { clock, today: clock.localDate(new Date()), dates: promotionDates(fromYear, { ...usualPromotionWindow, ...settings.promotionWindow }) }
}

/** Whether the time has come, and whether the next year has classes to go to. */
export async function promotionWindowFacts(request: FactsRequest) {
  const { fromYear, toYear } = contextOf(request)
  const { clock, today, dates } = await datesOf(request.tx, request.session.orgId, fromYear)
  return { classes: (await listClasses(request.tx, toYear)).length, windowOpen: today >= dates.draftFrom, approvalDueAt: endOf(clock, dates.approveBy).toISOString() }
}

/** What is still open in the list, and who looks through each class. */
export async function promotionDraftFacts(request: FactsRequest) {
  const { promotionId } = contextOf(request)
  return { ...(await countDraftGaps(request.tx, promotionId)), classes: await listReviewedClasses(request.tx, promotionId) }
}

/** The links into spaces that end with a step: they die with them. */
export async function promotionStepFacts(request: FactsRequest) {
  const step = contextOf(request).steps.find(({ key }) => key === request.fields.key)
  return { links: await listLinksOf(request.tx, step?.ends ?? []) }
}

/** What the approval rests on: order, approver, dates, and whether so much is unusual that it is confirmed twice. */
export async function promotionApprovalFacts(request: FactsRequest) {
  const { tx, session, fields } = request
  const { promotionId, fromYear, preparedBy } = contextOf(request)
  const order = await findOrder(tx, String(fields.orderId))
  if (!order) throw invalidFields({ code: 'orderUnknown', path: 'orderId' })
  const { clock, today, dates } = await datesOf(tx, session.orgId, fromYear)
  const applyOn = typeof fields.applyOn === 'string' ? fields.applyOn : today > dates.applyFrom ? today : dates.applyFrom
  const others = (await Promise.all(approvers.map((role) => listHolders(tx, role)))).flat()
  const gaps = await countDraftGaps(tx, promotionId)
  return {
    checks: {
      orderFits: order.kind === 'students' && order.status === 'registered' && order.file !== null,
      approverIsHead: session.roles.some((role) => (approvers as readonly string[]).includes(role)),
      otherApprover: others.some((personId) => personId !== preparedBy),
      unusual: await isUnusual(tx, promotionId, secondLook),
      everyPupilDecided: gaps.undecided + gaps.missing + gaps.withoutTarget === 0,
      dateInWindow: applyOn >= dates.applyFrom && applyOn <= dates.doneBy,
    },
    dates: {
      applyOn,
      applyAt: clock.at(applyOn, '00:00').toISOString(),
      yearEndsAt: new Date(endOf(clock, dates.doneBy).getTime() + 1_000).toISOString(),
      rollbackEndsAt: endOf(clock, dates.rollBackUntil).toISOString(),
    },
  }
}
