import { findByCodes, findCandidates } from '../../../db/import-candidates.ts'
import { writePlans, type KeptRow } from '../../../db/import-rows.ts'
import { findRowsByName } from '../../../db/import-rows.ts'
import type { GuardianData } from '../../../school/roster/row.ts'
import { byName, chunksByName } from './by-name.ts'
import { matchGuardians, type FoundChild } from './match-guardians.ts'
import { candidatesOf } from './plan-people.ts'
import type { PlanRun } from './plan-import.ts'

/** Guardians: first whose they are, then who they are. */
export async function planGuardians(run: PlanRun): Promise<void> {
  const { tx, world } = run
  for await (const rows of chunksByName(run, 'guardian')) {
    const { candidates, codes } = await candidatesOf(run, rows)
    const children = await childrenOf(run, rows)
    const plans = [...byName(rows)].flatMap(([matchKey, group]) => {
      const meant = new Set(group.flatMap(({ ref, decidedId }) => [decidedId ?? [], (ref !== null && codes.get(ref)) || []].flat()))
      return [...matchGuardians(group, candidates.filter((person) => meant.has(person.id) || person.searchKey === matchKey || group.some(({ data }) => data.patronymicUnknown)), codes, children, world)]
    })
    await writePlans(tx, world.importId, plans.map(([seq, plan]) => ({ seq, ...plan })))
  }
}

/** The pupil of each row: by code, by a person's word, or by name and class, in the register or entered by the same file. */
async function childrenOf({ tx, world }: PlanRun, rows: readonly KeptRow<'guardian'>[]): Promise<Map<number, FoundChild>> {
  const childOf = (row: KeptRow<'guardian'>) => (row.data as GuardianData).child
  const codes = await findByCodes(tx, world.importId, [...new Set(rows.flatMap((row) => childOf(row).ref ?? []))])
  const names = [...new Set(rows.map((row) => childOf(row).key).filter(Boolean))]
  const pupils = (await findCandidates(tx, { names, partial: names.filter((name) => name.split(' ').length === 2), ids: rows.flatMap(({ decidedChild }) => decidedChild ?? []) })).flatMap(({ id, searchKey, memberships }) => {
    const place = memberships.find(({ kind, ended }) => kind === 'student' && !ended)
    return place ? [{ id, searchKey, classKey: place.classKey }] : []
  })
  const entered = await findRowsByName(tx, world.importId, names)
  return new Map(
    rows.map((row): [number, FoundChild] => {
      const { ref, key, classKey } = childOf(row)
      if ([...pupils, ...entered].some(({ id }) => id === row.decidedChild)) return [row.seq, { id: row.decidedChild! }]
      if (ref !== null) return [row.seq, codes.has(ref) ? { id: codes.get(ref)! } : { none: true }]
      const inClass = <T extends { classKey: string | null }>(people: readonly T[]) => people.filter((person) => classKey === null || person.classKey === classKey)
      const exact = inClass([...pupils.filter(({ searchKey }) => searchKey === key), ...entered.filter(({ matchKey }) => matchKey === key)])
      // A child named without the patronymic.
      const found = exact.length > 0 ? exact : inClass(pupils.filter(({ searchKey }) => searchKey.startsWith(`${key} `)))
      return [row.seq, found.length === 1 ? { id: found[0]!.id } : found.length === 0 ? { none: true } : { several: found.map(({ id }) => id) }]
    }),
  )
}
