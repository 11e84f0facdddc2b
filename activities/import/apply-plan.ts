import { ensureClasses } from '../../db/classes.ts'
import type { Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { changeMemberships, changePeople, keepCodes, readClassesToOpen, readNames, readSubjectsToEnter, writeSearchKeys } from '../../db/import-apply.ts'
import { insertFoundMovements, type FoundMovement } from '../../db/import-movements.ts'
import { readRowsOfAction, type KeptRow, type RowPlan } from '../../db/import-rows.ts'
import { insertMemberships, insertPeople, type NewMembershipRow } from '../../db/people.ts'
import { ensureSubjects } from '../../db/subjects.ts'
import { insertLoads } from '../../db/teaching-loads.ts'
import type { Role } from '../../machines/role.ts'
import { rowKinds } from '../../school/roster/kinds.ts'
import type { LoadData, NameData, StaffData, StudentData } from '../../school/roster/row.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { searchKey } from '../../school/validation/search-key.ts'

type PlannedRow = KeptRow & RowPlan

const chunkRows = 1_000
const done = ['create', 'change', 'move', 'leave'] as const

/**
 * Carries a plan out: classes and subjects are opened, people, memberships and loads entered and changed, what needs an
 * order is written down for movements (BR-16). Statement by statement over a thousand rows; all in the caller's transaction.
 */
export async function applyPlan(tx: Queryable, orgId: string, importId: string, academicYear: string, tick: (rows: number) => Promise<void>): Promise<void> {
  const classes = await ensureClasses(tx, orgId, academicYear, await readClassesToOpen(tx, importId))
  const subjects = await ensureSubjects(tx, orgId, await readSubjectsToEnter(tx, importId))
  for (const kind of rowKinds) {
    for (let after = 0; ; ) {
      const rows = await readRowsOfAction(tx, importId, kind, done, after, chunkRows)
      if (rows.length > 0) {
        if (kind === 'load') await insertLoads(tx, orgId, rows.map((row) => loadOf(row, classes, subjects)))
        else if (kind !== 'class' && kind !== 'subject') await applyPeople(tx, orgId, importId, rows, classes)
        await tick(rows.length)
      }
      if (rows.length < chunkRows) break
      after = rows.at(-1)!.seq
    }
  }
}

async function applyPeople(tx: Queryable, orgId: string, importId: string, rows: readonly PlannedRow[], classes: ReadonlyMap<string, string>): Promise<void> {
  const classOf = ({ classKey }: PlannedRow) => classes.get(classKey ?? '') ?? null
  await insertPeople(tx, orgId, rows.filter(({ isNew }) => isNew).map(personOf))
  const changed = rows.filter(({ changes }) => changes.length > 0)
  await changePeople(tx, changed.map(({ personId, changes }) => ({ personId: personId!, changes })))
  const renamed = changed.filter(({ changes }) => changes.some(({ field }) => field === 'lastName' || field === 'firstName' || field === 'patronymic'))
  await writeSearchKeys(tx, (await readNames(tx, renamed.map(({ personId }) => personId!))).map((person) => ({ id: person.id, searchKey: searchKey(fullName(person)) })))
  await insertMemberships(tx, orgId, rows.filter(({ action }) => action === 'create').map((row) => membershipOf(row, classOf(row))))
  const places = rows.filter(({ action, changes }) => action === 'change' && changes.length > 0)
  await changeMemberships(tx, places.map((row) => ({ membershipId: row.membershipId!, changes: row.changes, classId: row.changes.some(({ field }) => field === 'className') ? classOf(row) : null })))
  await keepCodes(tx, orgId, rows.flatMap(({ ref, personId }) => (ref !== null && personId !== null ? [{ code: ref, personId }] : [])))
  await insertFoundMovements(tx, orgId, importId, rows.flatMap((row) => movementOf(row, classes)))
}

function personOf({ personId, data }: PlannedRow) {
  const { lastName, firstName, patronymic, phone, email } = data as NameData & Partial<StaffData>
  return { id: personId!, lastName, firstName, patronymic, phone: phone ?? null, email: email ?? null, searchKey: searchKey(fullName({ lastName, firstName, patronymic })) }
}

function membershipOf({ kind, personId, membershipId, guardianOf, data }: PlannedRow, classId: string | null): NewMembershipRow {
  const base = { id: membershipId!, personId: personId!, roles: [] as Role[], position: null, teachingStaff: false, guardianOf: null }
  const startsOn = (data as Partial<StudentData>).startsOn
  const since = startsOn ? { startsOn } : {}
  if (kind === 'guardian') return { ...base, kind, guardianOf }
  if (kind === 'student') return { ...base, kind, classId, ...since }
  const { position, teachingStaff } = data as StaffData
  return { ...base, kind: 'staff', position, teachingStaff: teachingStaff === true, roles: teachingStaff === true ? ['teacher'] : [], ...since }
}

function loadOf({ membershipId, personId, classKey, data }: PlannedRow, classes: ReadonlyMap<string, string>, subjects: ReadonlyMap<string, { id: string }>) {
  const { subjectKey, group } = data as LoadData
  return { id: membershipId!, classId: classes.get(classKey!)!, subjectId: subjects.get(subjectKey)!.id, personId: personId!, classGroup: group }
}

/** Left out: who may be hidden behind a row that could not be read, and what the year's end does by itself. */
function movementOf({ personId, membershipId, movement, notes }: PlannedRow, classes: ReadonlyMap<string, string>): Pick<FoundMovement, 'id' | 'kind' | 'personId' | 'membershipId' | 'toClassId'>[] {
  if (!movement || movement.kind === 'yearEnd' || notes.some(({ code }) => code === 'classIncomplete')) return []
  return [{ id: newId('mov'), kind: movement.kind, personId: personId!, membershipId, toClassId: movement.toClassKey === null ? null : (classes.get(movement.toClassKey) ?? null) }]
}

