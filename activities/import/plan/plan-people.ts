import { findByCodes, findCandidates, findUnclaimed, type Candidate } from '../../../db/import-candidates.ts'
import { readRowsOfAction, writePlans, type KeptRow } from '../../../db/import-rows.ts'
import type { NameData } from '../../../school/roster/row.ts'
import { nameKey } from '../../../school/roster/row-reader.ts'
import { byName, chunksByName } from './by-name.ts'
import { matchStaff } from './match-staff.ts'
import { matchStudents } from './match-students.ts'
import type { PlanRun } from './plan-import.ts'
import { isSimilar } from './similar.ts'
import { ask, noteOf, planOf } from './world.ts'

export const planStudents = (run: PlanRun): Promise<void> => planPeople(run, 'student', matchStudents)
export const planStaff = (run: PlanRun): Promise<void> => planPeople(run, 'staff', matchStaff)

async function planPeople<K extends 'student' | 'staff'>(run: PlanRun, kind: K, match: K extends 'student' ? typeof matchStudents : typeof matchStaff): Promise<void> {
  const { tx, world } = run
  for await (const rows of chunksByName(run, kind)) {
    const { candidates, codes } = await candidatesOf(run, rows)
    const plans = [...byName(rows)].flatMap(([matchKey, group]) => {
      const meant = new Set(group.flatMap(({ ref, decidedId }) => [decidedId ?? [], (ref !== null && codes.get(ref)) || []].flat()))
      const fits = candidates.filter((person) => meant.has(person.id) || isNamed(person, matchKey, group))
      return [...(match as (...args: unknown[]) => ReturnType<typeof matchStaff>)(group, fits, codes, world)]
    })
    const strange = new Set(rows.filter(({ ref }) => ref !== null && ref.startsWith(ownCode) && !codes.has(ref)).map(({ seq }) => seq))
    await writePlans(tx, world.importId, plans.map(([seq, plan]) => ({ seq, ...(strange.has(seq) ? planOf('problem', { notes: [noteOf('refUnknown', {}, 'ref')] }) : plan) })))
  }
}

/** Codes of this system come from its own exports: one that nobody has is a mistake, not a new person. */
const ownCode = 'per_'

/** Whether the register's name is that of the rows; where they give no patronymic, any will do. */
const isNamed = (person: Candidate, matchKey: string, group: readonly KeptRow[]): boolean =>
  person.searchKey === matchKey || (group.some(({ data }) => (data as NameData).patronymicUnknown) && nameKey({ lastName: person.lastName, firstName: person.firstName }) === matchKey)

/** Everybody whom these rows may mean, by name, by code, by a person's word. */
export async function candidatesOf({ tx, world }: PlanRun, rows: readonly KeptRow[]): Promise<{ candidates: Candidate[]; codes: Map<string, string> }> {
  const codes = await findByCodes(tx, world.importId, [...new Set(rows.flatMap(({ ref }) => ref ?? []))])
  const names = [...new Set(rows.map(({ matchKey }) => matchKey))]
  const partial = [...new Set(rows.filter(({ data }) => (data as NameData).patronymicUnknown).map(({ matchKey }) => matchKey))]
  const candidates = await findCandidates(tx, { names, partial, ids: [...codes.values(), ...rows.flatMap(({ decidedId }) => decidedId ?? [])] })
  return { candidates, codes }
}

const chunkRows = 500

/** A new name beside a missing one that is nearly the same: a person says whether these are one. */
export async function askAboutSimilar({ tx, world }: PlanRun): Promise<void> {
  const missing = new Map<string, Candidate[]>()
  const near = async (kind: 'student' | 'staff', classId: string | undefined): Promise<Candidate[]> => {
    const key = kind === 'staff' ? kind : (classId ?? '')
    if (kind === 'student' && classId === undefined) return []
    const known = missing.get(key) ?? (await findUnclaimed(tx, world.importId, kind === 'staff' ? { kind } : { kind, classIds: [classId!] }))
    missing.set(key, known)
    return known
  }
  for (const kind of ['student', 'staff'] as const) {
    for (let after = 0; ; ) {
      const rows = await readRowsOfAction(tx, world.importId, kind, ['create'], after, chunkRows)
      const plans = []
      for (const row of rows) {
        if (row.decision !== null || !row.isNew) continue
        const alike = (await near(kind, world.classes.get(row.classKey ?? '')?.id)).filter((person) => isSimilar(row.matchKey, row.data as NameData, person))
        if (alike.length > 0) plans.push({ seq: row.seq, ...ask('askSimilar', alike.map(({ id }) => ({ personId: id }))) })
      }
      if (plans.length > 0) await writePlans(tx, world.importId, plans)
      if (rows.length < chunkRows) break
      after = rows.at(-1)!.seq
    }
  }
}
