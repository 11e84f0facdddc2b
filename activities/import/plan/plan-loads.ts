import { findByCodes, listStaffNames } from '../../../db/import-candidates.ts'
import { readLoadKeys, readNamedClasses, readSubjectKeys } from '../../../db/import-plan.ts'
import { writePlans, type KeptRow, type RowPlan } from '../../../db/import-rows.ts'
import type { CellProblem, LoadData } from '../../../school/roster/row.ts'
import { chunksByName } from './by-name.ts'
import { matchTeacher } from './match-loads.ts'
import type { PlanRun } from './plan-import.ts'
import { ask, idFor, noteOf, planOf, settled } from './world.ts'

/** Loads: the class must be there, the teacher must be one person; a subject may be new. */
export async function planLoads(run: PlanRun): Promise<void> {
  const { tx, world } = run
  const subjects = await readSubjectKeys(tx, world.importId)
  const entered = await readNamedClasses(tx, world.importId, 'class')
  const staff = await listStaffNames(tx)
  const seen = new Map<string, number>()
  for await (const rows of chunksByName(run, 'load')) {
    const codes = await findByCodes(tx, world.importId, [...new Set(rows.flatMap(({ data }) => data.teacher?.ref ?? []))])
    const standing = await readLoadKeys(tx, [...new Set(rows.flatMap(({ classKey }) => world.classes.get(classKey ?? '')?.id ?? []))])
    await writePlans(tx, world.importId, rows.map((row) => ({ seq: row.seq, ...planFor(row, codes, standing) })))
  }

  function planFor(row: KeptRow<'load'>, codes: ReadonlyMap<string, string>, standing: ReadonlyMap<string, string>): RowPlan {
    if (row.problems.length > 0) return settled(row, planOf('problem'))
    const { subjectKey, teacher, group } = row.data as LoadData
    const refuse = (note: CellProblem) => settled(row, planOf('problem'), [note])
    const place = world.classes.get(row.classKey!)
    if (!place && !entered.has(row.classKey!)) return refuse(noteOf('classUnknown', {}, 'className'))
    const people = row.decision === 'same' && staff.some(({ id }) => id === row.decidedId) ? [row.decidedId!] : teacher.ref !== null ? [codes.get(teacher.ref) ?? []].flat() : matchTeacher(teacher.text, staff)
    if (people.length === 0) return refuse(noteOf('teacherNotFound', {}, 'teacher'))
    if (people.length > 1) return settled(row, ask('askTeacher', people.map((personId) => ({ personId })), {}, 'teacher'))
    const [personId] = people as [string]
    const key = [row.classKey, subjectKey, personId, group].join('|')
    const twin = seen.get(key)
    seen.set(key, twin ?? row.line)
    if (twin !== undefined) return settled(row, planOf('skip', { notes: [noteOf('rowIsRepeated', { row: twin }, 'subject')] }))
    const subjectId = subjects.known.get(subjectKey)
    const known = place && subjectId && standing.get([place.id, subjectId, personId, group].join('|'))
    if (known) return settled(row, planOf('same', { personId, membershipId: known }))
    const notes = subjectId === undefined && !subjects.entered.has(subjectKey) ? [noteOf('subjectWillOpen', {}, 'subject')] : []
    return settled(row, planOf('create', { personId, membershipId: idFor('lod', world.importId, row.seq), notes }))
  }
}
