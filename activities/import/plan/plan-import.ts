import type { Queryable } from '../../../db/connection.ts'
import type { ImportRow } from '../../../db/imports.ts'
import { countActions, readClassKeys, readConfirmations, readNamedClasses, readVersion, refuseDoubleClaims, writeLeavers } from '../../../db/import-plan.ts'
import { rowKinds, type RowKind } from '../../../school/roster/kinds.ts'
import { planGuardians } from './plan-guardians.ts'
import { planLoads } from './plan-loads.ts'
import { askAboutSimilar, planStaff, planStudents } from './plan-people.ts'
import { planClasses, planSubjects } from './plan-structure.ts'
import type { World } from './world.ts'

/** What a pass over rows of one kind gets: where it writes, what it compares with, whom it tells of rows it has done. */
export interface PlanRun {
  tx: Queryable
  orgId: string
  world: World
  tick: (rows: number) => Promise<void>
}

const passes: Record<RowKind, (run: PlanRun) => Promise<void>> = {
  class: planClasses,
  subject: planSubjects,
  staff: planStaff,
  student: planStudents,
  guardian: planGuardians,
  load: planLoads,
}

/**
 * Compares every row of an import with the register and writes down what is to be done with it. The same file, decisions
 * and register give the same plan, so the plan that is carried out can be held against the one that was seen.
 */
export async function planImport(tx: Queryable, orgId: string, { id, academicYear, complete, wantedComplete }: ImportRow, tick: PlanRun['tick']) {
  const world: World = {
    importId: id,
    academicYear: academicYear!,
    classes: await readClassKeys(tx, academicYear!),
    classesInFile: await readNamedClasses(tx, id, 'student'),
    complete: complete!,
  }
  const run = { tx, orgId, world, tick }
  for (const kind of rowKinds) await passes[kind](run)
  await refuseDoubleClaims(tx, id)
  await askAboutSimilar(run)
  // Who else works at the school is known only where the person says that the list has everybody.
  await writeLeavers(tx, orgId, id, academicYear!, { students: complete!, staff: wantedComplete === true })
  return { version: await readVersion(tx, id), counts: await countActions(tx, id), confirmations: await readConfirmations(tx, id) }
}
