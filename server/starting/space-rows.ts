import { academicYearAt } from '../../db/academic-year.ts'
import { findClasses, type ClassRow } from '../../db/classes.ts'
import type { Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { findPeople, teachesHere, worksHere, type PersonRow } from '../../db/people.ts'
import { readSpacePlan, readTakenSpaces } from '../../db/space-plan.ts'
import { findSubjects, type SubjectRow } from '../../db/subjects.ts'
import { academicYearLabel } from '../../school/calendar/academic-year.ts'
import { isOwnedByTeacher, spaceKindTable, spaceName, type SpaceKind } from '../../school/space-kinds.ts'
import { spaceKey, type PlannedSpace, type SpaceKey } from '../../school/space-plan.ts'
import type { Checked } from '../../school/validation/checked.ts'
import { checkText } from '../../school/validation/text.ts'
import { may, type Session } from '../authentication.ts'
import type { FieldProblem } from '../failures.ts'

/** A space as somebody confirms it: of the plan, or with another name or owner. */
export interface SpaceRequest {
  kind: SpaceKind
  classId?: string | undefined
  subjectId?: string | undefined
  classGroup?: string | undefined
  name?: string | undefined
  ownerId?: string | undefined
}

/** A row with the space that can be created, or with what is wrong with it. */
export type SpaceRowResult = { space: PlannedSpace & { id: string } } | { problem: FieldProblem }

/** What the rows of a list speak of, as it is now. */
interface Known {
  classes: ReadonlyMap<string, ClassRow>
  subjects: ReadonlyMap<string, SubjectRow>
  people: ReadonlyMap<string, PersonRow>
  planned: ReadonlyMap<string, PlannedSpace>
  taken: ReadonlySet<string>
}

/** What is wrong with a field of a row. */
class Wrong {
  readonly problem: FieldProblem
  constructor(code: FieldProblem['code'], field: string, params?: FieldProblem['params']) {
    this.problem = { code, path: field, ...(params && { params }) }
  }
}

/**
 * Checks every row on its own: there is one of each kind (BR-22 for what comes with the registration), its class and
 * subject exist, its owner works here and teaches where the Regulation says so. Who does not run processes creates
 * what the plan has for them, and other chats of their own (R2.3-03, R2.T-03).
 */
export async function checkSpaceRows(tx: Queryable, session: Session, rows: readonly SpaceRequest[]): Promise<SpaceRowResult[]> {
  const known = await readKnown(tx, rows)
  const firstAt = new Map<string, number>()
  return rows.map((row, index) => {
    const space = spaceOf(known, session, row)
    const wrong = space instanceof Wrong ? space : repeated(firstAt, space, index)
    if (wrong instanceof Wrong) return { problem: { ...wrong.problem, path: `spaces.${index}.${wrong.problem.path}` } }
    return { space: { id: newId('spc'), ...(space as PlannedSpace) } }
  })
}

async function readKnown(tx: Queryable, rows: readonly SpaceRequest[]): Promise<Known> {
  const classes = await findClasses(tx, rows.flatMap(({ classId }) => classId ?? []))
  const years = new Set([await academicYearAt(tx, new Date()), ...classes.map(({ academicYear }) => academicYear)])
  const planned = new Map<string, PlannedSpace>()
  for (const year of years) for (const space of await readSpacePlan(tx, year)) planned.set(spaceKey(space), space)
  const owners = [...rows, ...planned.values()].flatMap(({ ownerId }) => ownerId ?? [])
  return {
    classes: new Map(classes.map((one) => [one.id, one])),
    subjects: await findSubjects(tx, rows.flatMap(({ subjectId }) => subjectId ?? [])),
    people: new Map((await findPeople(tx, [...new Set(owners)])).map((person) => [person.id, person])),
    planned,
    taken: new Set((await readTakenSpaces(tx)).map(spaceKey)),
  }
}

function spaceOf(known: Known, session: Session, row: SpaceRequest): PlannedSpace | Wrong {
  const key = keyOf(known, row)
  if (key instanceof Wrong) return key
  if (row.kind !== 'other' && known.taken.has(spaceKey(key))) return new Wrong('spaceTaken', 'kind')
  const ownerId = ownerOf(known, session, row, known.planned.get(spaceKey(key)))
  if (ownerId instanceof Wrong) return ownerId
  const schoolClass = known.classes.get(key.classId ?? '')
  const proposed = spaceName(row.kind, {
    className: schoolClass?.name,
    subjectName: known.subjects.get(key.subjectId ?? '')?.name,
    classGroup: key.classGroup,
    year: schoolClass && academicYearLabel(schoolClass.academicYear),
  })
  const name = row.name === undefined && proposed !== '' ? proposed : checkedText(row.name ?? '', 'name', 100)
  return name instanceof Wrong ? name : { ...key, name, ownerId }
}

/** Of what the space is one, when the row names what its kind asks for and nothing else. */
function keyOf({ classes, subjects }: Known, { kind, classId, subjectId, classGroup }: SpaceRequest): SpaceKey | Wrong {
  const { one } = spaceKindTable[kind]
  if (one === null) return new Wrong('spaceGiven', 'kind')
  const takes = { classId: one !== 'school', subjectId: one === 'load' || one === 'any', classGroup: one === 'load' }
  const given = { classId, subjectId, classGroup }
  for (const field of ['classId', 'subjectId', 'classGroup'] as const) if (given[field] !== undefined && !takes[field]) return new Wrong('fieldUnknown', field)
  if (classId === undefined && (one === 'class' || one === 'load')) return new Wrong('fieldRequired', 'classId')
  if (subjectId === undefined && one === 'load') return new Wrong('fieldRequired', 'subjectId')
  if (classId !== undefined && classes.get(classId)?.closedAt !== null) return new Wrong('classUnknown', 'classId')
  if (subjectId !== undefined && !subjects.has(subjectId)) return new Wrong('subjectUnknown', 'subjectId')
  const group = classGroup ? checkedText(classGroup, 'classGroup', 40) : ''
  return group instanceof Wrong ? group : { kind, classId: classId ?? null, subjectId: subjectId ?? null, classGroup: group }
}

/** Who is to own it: the person named, or the plan's. Null for what belongs to the administrators. */
function ownerOf({ people }: Known, session: Session, { kind, ownerId: named }: SpaceRequest, planned: PlannedSpace | undefined): string | null | Wrong {
  const { owner } = spaceKindTable[kind]
  const common = owner === 'administrators'
  if (common && named !== undefined) return new Wrong('fieldUnknown', 'ownerId')
  const ownerId = common ? null : (named ?? planned?.ownerId ?? null)
  const yours = ownerId === session.personId && (owner === 'staff' || planned?.ownerId === session.personId)
  if (!may(session, 'run') && !yours) return new Wrong('ownerNotYou', 'ownerId')
  if (common) return null
  if (ownerId === null) return new Wrong('ownerRequired', 'ownerId')
  const person = people.get(ownerId)
  if (!person) return new Wrong('personUnknown', 'ownerId')
  if (!worksHere(person)) return new Wrong('personNotStaff', 'ownerId')
  return isOwnedByTeacher(kind) && !teachesHere(person) ? new Wrong('ownerTeaches', 'ownerId') : ownerId
}

function checkedText(text: string, field: string, max: number): string | Wrong {
  const checked: Checked<string> = checkText(text, { max })
  return checked.ok ? checked.value : new Wrong(checked.problems[0]!.code, field, checked.problems[0]!.params)
}

/** The same space named twice in one list; other chats are told apart by their names. */
function repeated(firstAt: Map<string, number>, space: PlannedSpace, index: number): Wrong | undefined {
  const same = space.kind === 'other' ? `${spaceKey(space)} ${space.name}` : spaceKey(space)
  const earlier = firstAt.get(same)
  firstAt.set(same, earlier ?? index)
  return earlier === undefined ? undefined : new Wrong('rowSame', 'kind', { row: earlier + 1 })
}
