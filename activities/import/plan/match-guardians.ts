import type { Candidate } from '../../../db/import-candidates.ts'
import type { KeptRow, RowPlan } from '../../../db/import-rows.ts'
import type { GuardianData } from '../../../school/roster/row.ts'
import { nameChanges, valueChanges } from './changes.ts'
import { sameContact, tellsApart } from './match-staff.ts'
import { ask, idFor, noteOf, planOf, settled, type World } from './world.ts'

type Row = KeptRow<'guardian'>

/** Whose guardian a row is about: one pupil, or why it is not known. */
export type FoundChild = { id: string } | { none: true } | { several: string[] }

/**
 * What is to be done with guardians of one name. A person who comes for several children is one where the contacts are
 * the same; where the file has none to tell by, a person decides.
 */
export function matchGuardians(rows: readonly Row[], candidates: readonly Candidate[], codes: ReadonlyMap<string, string>, children: ReadonlyMap<number, FoundChild>, world: World): Map<number, RowPlan> {
  const plans = new Map<number, RowPlan>()
  const byId = new Map(candidates.map((person) => [person.id, person]))
  /** New people of this name, by the row that enters them. */
  const entered: Row[] = []
  const seen = new Map<string, Row>()

  for (const row of rows) {
    const data = row.data as GuardianData
    const child = children.get(row.seq)!
    if ('several' in child) {
      plans.set(row.seq, settled(row, ask('askChild', child.several.map((id) => ({ personId: id })), {}, 'child')))
      continue
    }
    if ('none' in child) {
      plans.set(row.seq, settled(row, planOf('problem'), [noteOf('childNotFound', {}, 'child')]))
      continue
    }
    const plan = { ...planFor(row, data, child.id), guardianOf: child.id }
    const key = plan.personId !== null && `${plan.personId} ${child.id}`
    const twin = key ? seen.get(key) : undefined
    if (key) seen.set(key, twin ?? row)
    plans.set(row.seq, settled(row, twin ? planOf('skip', { personId: plan.personId, notes: [noteOf('rowIsRepeated', { row: twin.line })] }) : plan))
  }
  return plans

  function planFor(row: Row, data: GuardianData, childId: string): RowPlan {
    const known = knownPerson(row, data, childId)
    if (known) return compare(row, known, childId, world)
    // Somebody whom another row of the file enters: as staff, or as guardian of another child.
    const coded = row.decision === null && row.ref !== null ? codes.get(row.ref) : undefined
    if (coded !== undefined) return planOf('create', { personId: coded, membershipId: idFor('mem', world.importId, row.seq) })
    if (row.decision === 'same') {
      const other = entered.find(({ seq }) => idFor('per', world.importId, seq) === row.decidedId)
      if (other) return join(row, other)
    }
    if (row.decision !== 'new') {
      const code = row.ref
      const other = entered.find((before) => (code !== null && before.ref === code) || sameContact(data, before.data as GuardianData))
      if (other) return join(row, other)
      const named = candidates.filter((person) => person.searchKey === row.matchKey)
      if (named.length > 0) return ask('askElsewhere', named.map(({ id }) => ({ personId: id })))
      // Without contacts on one side nothing tells two mothers of one name apart.
      const unsure = entered.filter((before) => !tellsApart(data, before.data as GuardianData))
      if (unsure.length > 0) return ask('askElsewhere', unsure.map(({ seq, line }) => ({ personId: idFor('per', world.importId, seq), line })))
    }
    if (row.problems.length === 0 && row.decision !== 'skip') entered.push(row)
    return planOf('create', { personId: idFor('per', world.importId, row.seq), isNew: true, membershipId: idFor('mem', world.importId, row.seq) })
  }

  /** One more child of a person whom another row of the file enters. */
  function join(row: Row, other: Row): RowPlan {
    return planOf('create', { personId: idFor('per', world.importId, other.seq), membershipId: idFor('mem', world.importId, row.seq) })
  }

  function knownPerson(row: Row, data: GuardianData, childId: string): Candidate | undefined {
    if (row.decision === 'same') return byId.get(row.decidedId ?? '')
    if (row.decision === 'new') return undefined
    const coded = row.ref === null ? undefined : byId.get(codes.get(row.ref) ?? '')
    if (coded) return coded
    const named = candidates.filter((person) => person.searchKey === row.matchKey || row.data.patronymicUnknown)
    const ofChild = named.filter(({ memberships }) => memberships.some(({ kind, ended, guardianOf }) => kind === 'guardian' && !ended && guardianOf === childId))
    if (ofChild.length === 1) return ofChild[0]
    const byContact = named.filter((person) => sameContact(data, person))
    return byContact.length === 1 ? byContact[0] : undefined
  }
}

function compare(row: Row, person: Candidate, childId: string, world: World): RowPlan {
  const data = row.data as GuardianData
  const changes = [...nameChanges(person, data), ...valueChanges(person, data, ['phone', 'email'])]
  const membership = person.memberships.find(({ kind, ended, guardianOf }) => kind === 'guardian' && !ended && guardianOf === childId)
  if (!membership) return planOf('create', { personId: person.id, membershipId: idFor('mem', world.importId, row.seq), changes })
  return planOf(changes.length > 0 ? 'change' : 'same', { personId: person.id, membershipId: membership.id, changes })
}
