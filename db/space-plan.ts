import { academicYearLabel } from '../school/calendar/academic-year.ts'
import { planSpaces, type PlannedSpace, type SpaceKey } from '../school/space-plan.ts'
import { listClasses } from './classes.ts'
import type { Queryable } from './connection.ts'
import { listTakenSpaces } from './spaces.ts'
import { readStarting } from './start-queries.ts'
import { listLoads } from './teaching-loads.ts'

/** Spaces that are there, on their way, or announced a moment ago. */
export async function readTakenSpaces(tx: Queryable): Promise<SpaceKey[]> {
  const announced = await readStarting<{ start: { kind: string; input: Partial<SpaceKey> }[] }>(tx)
  const starting = announced.flatMap(({ start }) => start.filter(({ kind }) => kind === 'communicationSpace')).map(({ input }) => input)
  return [...(await listTakenSpaces(tx)), ...starting.map(({ kind, classId, subjectId, classGroup }) => ({ kind: kind!, classId: classId ?? null, subjectId: subjectId ?? null, classGroup: classGroup ?? '' }))]
}

/** What the school should have in a year and does not have yet (domain.md 7.7). */
export async function readSpacePlan(tx: Queryable, academicYear: string): Promise<PlannedSpace[]> {
  const { rows: classTeachers } = await tx.query<{ classId: string; personId: string }>(`select class_id as "classId", person_id as "personId" from class_teachers order by person_id`)
  const { rows: management } = await tx.query<{ personId: string; head: boolean }>(
    `select person_id as "personId", 'head' = any (roles) as head from memberships where kind = 'staff' and ended_at is null and roles && '{head,deputy}' order by person_id`,
  )
  const school = {
    year: academicYearLabel(academicYear),
    classes: await listClasses(tx, academicYear),
    classTeachers,
    loads: await listLoads(tx, { academicYear }),
    headId: management.find(({ head }) => head)?.personId ?? null,
    deputies: management.some(({ head }) => !head),
  }
  return planSpaces(school, await readTakenSpaces(tx))
}
