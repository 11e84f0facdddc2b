import { findClass, findOpenClasses } from '../../db/classes.ts'
import type { Queryable } from '../../db/connection.ts'
import { readCalendarSettings } from '../../db/calendar-settings.ts'
import { idleOnItsDay } from '../../db/membership-history.ts'
import { listLiveMovements, type MovementDetails } from '../../db/movements.ts'
import { findOrder } from '../../db/orders.ts'
import { isErased } from '../../db/erasure-holds.ts'
import { findPerson, worksHere, type PersonRow } from '../../db/people.ts'
import { findSubjects } from '../../db/subjects.ts'
import { listLoads } from '../../db/teaching-loads.ts'
import { academicYearAfter, academicYearOfDate } from '../../school/calendar/academic-year.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { isLocalDate, shiftDate } from '../../school/calendar/local-date.ts'
import { checkText } from '../../school/validation/text.ts'
import type { Session } from '../authentication.ts'
import { collectProblems } from '../collect-problems.ts'
import { rolesOfTheHead } from '../rights.ts'
import type { NewMovement } from '../schemas/movement.ts'

/** Fields that each kind takes beside person, date and order, and those it must have. */
export const movementFields: Record<NewMovement['kind'], { takes: readonly (keyof NewMovement)[]; needs: readonly (keyof NewMovement)[] }> = {
  enrollment: { takes: ['toClassId'], needs: ['toClassId'] },
  classTransfer: { takes: ['toClassId'], needs: ['toClassId'] },
  departure: { takes: ['reason'], needs: ['reason'] },
  readmission: { takes: ['toClassId'], needs: ['toClassId'] },
  hire: { takes: ['position', 'roles', 'teachingStaff'], needs: ['position'] },
  assignmentChange: { takes: ['giveClasses', 'takeClasses', 'giveLoads', 'takeLoads', 'successorId'], needs: [] },
  longLeave: { takes: ['until', 'successorId'], needs: ['until'] },
  leaveReturn: { takes: [], needs: [] },
  staffDeparture: { takes: ['successorId'], needs: [] },
}
const common: readonly (keyof NewMovement)[] = ['kind', 'personId', 'effectiveOn', 'orderId', 'draft']

/** What a movement is entered with, when nothing is wrong with it. */
export interface CheckedMovement {
  fromClassId: string | null
  details: MovementDetails
  /** The instant its day begins at the school. */
  effectiveAt: string
}

type Problems = ReturnType<typeof collectProblems>

/**
 * Checks what a person enters. Whether the register can be changed so is decided on the day itself: an order may be
 * entered before the one it follows (edge case 10). Refused is only what nothing that is under way could make possible.
 */
export async function checkMovement(tx: Queryable, session: Session, body: NewMovement): Promise<CheckedMovement> {
  const found = collectProblems()
  const { takes, needs } = movementFields[body.kind]
  for (const field of Object.keys(body) as (keyof NewMovement)[]) if (!common.includes(field) && !takes.includes(field)) found.problems.push({ code: 'fieldUnknown', path: field })
  for (const field of needs) if (body[field] === undefined) found.problems.push({ code: 'fieldRequired', path: field })
  const clock = localClock((await readCalendarSettings(tx)).timezone)
  checkDates(found, body, clock.localDate(new Date()))
  if (body.orderId !== undefined && !(await findOrder(tx, body.orderId))) found.problems.push({ code: 'orderUnknown', path: 'orderId' })

  const person = await findPerson(tx, body.personId)
  if (!person || (await isErased(tx, person.id))) found.problems.push({ code: 'personUnknown', path: 'personId' })
  else await checkStanding(tx, found, body, person)
  const fromClassId = (person && placeOf(person, 'student')?.classId) ?? null
  if (body.toClassId !== undefined) await checkClass(tx, found, body, fromClassId)
  const given = await checkDetails(tx, found, session, body)
  found.refuseAny()
  const details = body.until === undefined ? given : { ...given, endsAt: clock.at(shiftDate(body.until, 1), '00:00').toISOString() }
  return { fromClassId: body.kind === 'classTransfer' || body.kind === 'departure' ? fromClassId : null, details, effectiveAt: clock.at(body.effectiveOn, '00:00').toISOString() }
}

const placeOf = ({ memberships }: PersonRow, kind: 'student' | 'staff') => memberships.find((place) => place.kind === kind && !place.endedAt)

/** Movements are entered for a year back and a year ahead. */
const reach = 366

function checkDates({ problems }: Problems, { effectiveOn, until }: NewMovement, today: string): void {
  if (!isLocalDate(effectiveOn)) return void problems.push({ code: 'fieldFormat', path: 'effectiveOn', params: { format: 'ГГГГ-ММ-ДД' } })
  if (effectiveOn < shiftDate(today, -reach) || effectiveOn > shiftDate(today, reach)) problems.push({ code: 'effectiveFar', path: 'effectiveOn' })
  if (until !== undefined && until <= effectiveOn) problems.push({ code: 'untilBefore', path: 'until' })
}

/** Whether the person is here on that day, or away: an order may come after the one that follows it. */
async function checkStanding(tx: Queryable, { problems }: Problems, { kind, effectiveOn }: NewMovement, person: PersonRow): Promise<void> {
  if (!isLocalDate(effectiveOn)) return
  if (kind === 'leaveReturn' && !(await listLiveMovements(tx, person.id)).some((other) => other.kind === 'longLeave')) problems.push({ code: 'notOnLeave', path: 'personId' })
  const idle = await idleOnItsDay(tx, { id: 'new', kind, personId: person.id, effectiveOn, toClassId: null, membershipId: 'new', orderId: null })
  if (idle === null) return
  // Another movement may bring the person here, or away, before.
  if ((await listLiveMovements(tx, person.id)).some(({ begunAt }) => begunAt === null)) return
  const pupil = ['enrollment', 'classTransfer', 'departure', 'readmission'].includes(kind)
  problems.push({ code: idle === 'alreadyThere' ? 'alreadyHere' : pupil ? 'personNotPupil' : 'personNotStaff', path: 'personId' })
}

async function checkClass(tx: Queryable, { problems }: Problems, { kind, toClassId, effectiveOn }: NewMovement, fromClassId: string | null): Promise<void> {
  const found = await findClass(tx, toClassId!)
  if (!found || found.closedAt !== null) return void problems.push({ code: 'classUnknown', path: 'toClassId' })
  if (!isLocalDate(effectiveOn)) return
  const { key } = academicYearOfDate(effectiveOn)
  // In summer the classes of the next year are there already.
  if (found.academicYear !== key && found.academicYear !== academicYearAfter(key)) problems.push({ code: 'classOtherYear', path: 'toClassId' })
  if (kind === 'classTransfer' && found.id === fromClassId) problems.push({ code: 'classSame', path: 'toClassId' })
}

async function checkDetails(tx: Queryable, found: Problems, session: Session, body: NewMovement): Promise<MovementDetails> {
  const { problems } = found
  const { kind, roles, teachingStaff, until, successorId, giveClasses = [], takeClasses = [], giveLoads = [], takeLoads = [] } = body
  if (kind === 'hire') {
    const position = body.position === undefined ? undefined : found.take('position', checkText(body.position, { max: 200 }))
    if (roles?.some((role) => rolesOfTheHead.includes(role)) && !session.roles.includes('head')) problems.push({ code: 'roleNotYours', path: 'roles' })
    return { ...(position !== undefined && { position }), roles: roles ?? ['teacher'], teachingStaff: teachingStaff ?? true }
  }
  if (successorId !== undefined) {
    const successor = await findPerson(tx, successorId)
    if (!successor) problems.push({ code: 'personUnknown', path: 'successorId' })
    else if (!worksHere(successor)) problems.push({ code: 'personNotStaff', path: 'successorId' })
    else if (successor.id === body.personId) problems.push({ code: 'successorSame', path: 'successorId' })
  }
  const given = { ...(until !== undefined && { until }), ...(successorId !== undefined && { successorId }) }
  if (kind !== 'assignmentChange') return given

  if (giveClasses.length + takeClasses.length + giveLoads.length + takeLoads.length === 0) problems.push({ code: 'changeEmpty', path: '' })
  const wanted = [...giveClasses, ...takeClasses, ...giveLoads.map(({ classId }) => classId)]
  const classes = await findOpenClasses(tx, wanted)
  const subjects = await findSubjects(tx, giveLoads.map(({ subjectId }) => subjectId))
  const own = new Set((await listLoads(tx, { personId: body.personId })).map(({ id }) => id))
  giveClasses.forEach((id, index) => classes.has(id) || problems.push({ code: 'classUnknown', path: `giveClasses.${index}` }))
  takeClasses.forEach((id, index) => classes.has(id) || problems.push({ code: 'classUnknown', path: `takeClasses.${index}` }))
  takeLoads.forEach((id, index) => own.has(id) || problems.push({ code: 'loadUnknown', path: `takeLoads.${index}` }))
  const loads = giveLoads.map(({ classId, subjectId, classGroup }, index) => {
    if (!classes.has(classId)) problems.push({ code: 'classUnknown', path: `giveLoads.${index}.classId` })
    if (!subjects.has(subjectId)) problems.push({ code: 'subjectUnknown', path: `giveLoads.${index}.subjectId` })
    return { classId, subjectId, classGroup: classGroup ? (found.take(`giveLoads.${index}.classGroup`, checkText(classGroup, { max: 40 })) ?? '') : '' }
  })
  return { ...given, giveClasses, takeClasses, giveLoads: loads, takeLoads }
}
