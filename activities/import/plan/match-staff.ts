import type { Candidate, CandidateMembership } from '../../../db/import-candidates.ts'
import type { KeptRow, RowPlan } from '../../../db/import-rows.ts'
import type { StaffData } from '../../../school/roster/row.ts'
import { emailKey } from '../../../school/validation/email.ts'
import { nameChanges, startChange, valueChanges } from './changes.ts'
import { ask, idFor, planOf, settled, type World } from './world.ts'

type Row = KeptRow<'staff'>

const working = ({ memberships }: Candidate): CandidateMembership | undefined => memberships.find(({ kind, ended }) => kind === 'staff' && !ended)

/** Whether a phone or an address says that these are one person. */
export const sameContact = (row: { phone: string | null; email: string | null }, person: { phone: string | null; email: string | null }): boolean =>
  (row.phone !== null && row.phone === person.phone) || (row.email !== null && person.email !== null && emailKey(row.email) === emailKey(person.email))

/** Both rows give a phone, or both an address, and not the same. */
export const tellsApart = (a: { phone: string | null; email: string | null }, b: { phone: string | null; email: string | null }): boolean => (a.phone !== null && b.phone !== null) || (a.email !== null && b.email !== null)

/** What is to be done with staff of one name: as for pupils, but a phone or an address tells namesakes apart. */
export function matchStaff(rows: readonly Row[], candidates: readonly Candidate[], codes: ReadonlyMap<string, string>, world: World): Map<number, RowPlan> {
  const plans = new Map<number, RowPlan>()
  const claimed = new Set<string>()
  const byId = new Map(candidates.map((person) => [person.id, person]))
  const open = () => rows.filter(({ seq }) => !plans.has(seq))
  const free = (fits: (person: Candidate) => boolean) => candidates.filter((person) => !claimed.has(person.id) && fits(person))
  const settle = (row: Row, plan: RowPlan) => void plans.set(row.seq, settled(row, plan))
  const claim = (row: Row, person: Candidate) => {
    claimed.add(person.id)
    settle(row, compare(row, person, world))
  }
  const contact = (row: Row) => (person: Candidate) => sameContact(row.data as StaffData, person)

  for (const row of rows) {
    const named = row.decision === 'same' ? byId.get(row.decidedId ?? '') : row.ref !== null ? byId.get(codes.get(row.ref) ?? '') : undefined
    if (named && !claimed.has(named.id)) claim(row, named)
    else if (row.decision === 'new') settle(row, enter(row, world))
    else if ((row.data as StaffData).gone) settle(row, planOf('same'))
  }
  for (const row of open()) {
    const [only, more] = free(contact(row))
    if (only && !more) claim(row, only)
  }
  const left = open()
  const known = free((person) => working(person) !== undefined)
  if (left.length === 1 && known.length === 1) claim(left[0]!, known[0]!)
  else if (known.length > 0) for (const row of left) settle(row, ask('askNamesake', known.map(({ id }) => ({ personId: id }))))

  // A guardian, or somebody who has left, of the same name.
  const others = free((person) => working(person) === undefined)
  if (others.length > 0) for (const row of open()) settle(row, ask(others.some(({ memberships }) => memberships.some(({ ended }) => !ended)) ? 'askElsewhere' : 'askLeft', others.map(({ id }) => ({ personId: id }))))

  const seen = rows.filter(({ seq }) => byId.has(plans.get(seq)?.personId ?? ''))
  for (const row of open()) {
    const twin = seen.find((before) => !tellsApart(before.data as StaffData, row.data as StaffData))
    settle(row, twin ? ask('askRepeated', [], { row: twin.line }) : enter(row, world))
    seen.push(row)
  }
  return plans
}

const enter = ({ seq }: Row, { importId }: World): RowPlan => planOf('create', { personId: idFor('per', importId, seq), isNew: true, membershipId: idFor('mem', importId, seq) })

function compare(row: Row, person: Candidate, world: World): RowPlan {
  const data = row.data as StaffData
  const membership = working(person)
  const changes = [...nameChanges(person, data), ...valueChanges(person, data, ['phone', 'email'])]
  if (data.gone) return membership ? planOf('leave', { personId: person.id, membershipId: membership.id, movement: { kind: 'staffDeparture', fromClassId: null, toClassKey: null } }) : planOf('same', { personId: person.id })
  // Known as a guardian, or from before: a place on the staff is new, the person is not.
  if (!membership) return planOf('create', { personId: person.id, membershipId: idFor('mem', world.importId, row.seq), changes })
  changes.push(...valueChanges(membership, data, ['position', 'teachingStaff']), ...startChange(membership, data.startsOn))
  return planOf(changes.length > 0 ? 'change' : 'same', { personId: person.id, membershipId: membership.id, changes })
}
