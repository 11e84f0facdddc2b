import type { Queryable } from '../../db/connection.ts'
import type { ProcessRow } from '../../db/process-queries.ts'
import type { Session } from '../authentication.ts'
import { assignmentFacts, removalFacts } from './assignment.ts'
import { inviteFacts } from './invite.ts'
import { movementOrderFacts, movementReverseFacts } from './movement.ts'
import { personAddedFacts, resendFacts, staffRoomFacts } from './link.ts'
import { promotionApprovalFacts, promotionDraftFacts, promotionStepFacts, promotionWindowFacts } from './promotion.ts'
import { sendingFacts } from './sending.ts'
import { archiveFacts, handoverFacts, ownerFacts } from './space.ts'

/** What a look-up knows: who asks, about which process, and the fields the person gave. */
export interface FactsRequest {
  tx: Queryable
  session: Session
  process: Pick<ProcessRow, 'id' | 'kind' | 'state' | 'context'>
  fields: Record<string, unknown>
}

type LookUp = (request: FactsRequest) => Promise<Record<string, unknown>>

/** Where the facts of each event come from; an event without an entry needs none (a test compares this with the machines). */
export const factsTable: Record<string, Record<string, LookUp>> = {
  organizationRegistration: { SUBMIT_DATA: sendingFacts, ORDER_ATTACHED: sendingFacts, CONFIRM_SEND: sendingFacts, FIX: sendingFacts },
  inviteLink: { TASK_ISSUED: staffRoomFacts, PERSON_ADDED: personAddedFacts, RESEND: resendFacts },
  communicationSpace: { CONFIRM_PLAN: staffRoomFacts, HANDOVER_STARTED: handoverFacts, OWNER_CONFIRMED: ownerFacts, ARCHIVE: archiveFacts },
  staffAssignment: { START: assignmentFacts, REMOVE: removalFacts },
  studentMovement: { ORDER_ATTACHED: movementOrderFacts, REVERSE: movementReverseFacts },
  staffMovement: { ORDER_ATTACHED: movementOrderFacts, REVERSE: movementReverseFacts },
  yearEndPromotion: { CLASSES_OF_NEXT_YEAR_SET: promotionWindowFacts, DRAFT_READY: promotionDraftFacts, APPROVED_WITH_ORDER: promotionApprovalFacts, STEP_DONE: promotionStepFacts },
  teacherOnboarding: { START: inviteFacts, REINVITE: inviteFacts, REMOVED_FROM_PLATFORM: inviteFacts },
}

/** Facts the guards of an event ask for, or undefined when it asks none. Throws a refusal for ids the school does not have. */
export const factsFor = async (request: FactsRequest, event: string): Promise<Record<string, unknown> | undefined> => factsTable[request.process.kind]?.[event]?.(request)
