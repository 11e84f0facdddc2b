import type { Rule } from './rule.ts'

/** Movement of pupils and of staff (domain.md 7.6). */
export const studentMovementKinds = ['enrollment', 'classTransfer', 'departure', 'readmission'] as const
export const staffMovementKinds = ['hire', 'assignmentChange', 'longLeave', 'leaveReturn', 'staffDeparture'] as const
export type StudentMovementKind = (typeof studentMovementKinds)[number]
export type StaffMovementKind = (typeof staffMovementKinds)[number]
export type MovementKind = StudentMovementKind | StaffMovementKind

/** Why a pupil left (domain.md 7.6). */
export const departureReasons = ['otherSchool', 'familyEducation', 'graduation', 'relocation', 'expulsion', 'other'] as const

/**
 * Until when the work on the platform is done (domain.md 7.6, DEC). Leave and departure of staff are due on the day
 * itself, which only the school's clock knows: their moment comes with the plan.
 */
export const stepsDue: Record<MovementKind, Rule> = {
  enrollment: { workingDays: 3 },
  classTransfer: { workingDays: 1 },
  departure: { workingDays: 1 },
  readmission: { workingDays: 3 },
  // What is left to do for somebody new follows the invitation and has its time.
  hire: { workingDays: 10 },
  assignmentChange: { workingDays: 3 },
  longLeave: { workingDays: 1 },
  leaveReturn: { workingDays: 3 },
  staffDeparture: { workingHours: 4 },
}

/** Why a movement could not change the register when its day came; a person removes the reason and lets it begin again. */
export const movementBlocks = ['orderNotInForce', 'lastAdministrator', 'lastHead', 'notThere', 'alreadyThere', 'laterMovement', 'classClosed', 'notOnLeave'] as const
export type MovementBlock = (typeof movementBlocks)[number]
