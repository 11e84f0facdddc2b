import type { Candidate, CandidateMembership } from '../../../db/import-candidates.ts'
import type { KeptRow, RowPlan } from '../../../db/import-rows.ts'
import type { StudentData } from '../../../school/roster/row.ts'
import { nameChanges, startChange } from './changes.ts'
import { ask, idFor, noteOf, planOf, settled, type World } from './world.ts'

type Row = KeptRow<'student'>

/** The class somebody learns in now. */
const learning = ({ memberships }: Candidate): CandidateMembership | undefined => memberships.find(({ kind, ended }) => kind === 'student' && !ended)

/**
 * What is to be done with pupils of one name: `rows` of the file, `candidates` of the register with that name and those
 * that codes or people name. Nobody of the register is meant by two rows.
 */
export function matchStudents(rows: readonly Row[], candidates: readonly Candidate[], codes: ReadonlyMap<string, string>, world: World): Map<number, RowPlan> {
  const plans = new Map<number, RowPlan>()
  const claimed = new Set<string>()
  const byId = new Map(candidates.map((person) => [person.id, person]))
  const open = () => rows.filter(({ seq }) => !plans.has(seq))
  const free = (fits: (person: Candidate) => boolean) => candidates.filter((person) => !claimed.has(person.id) && person.memberships.some(({ kind }) => kind === 'student') && fits(person))
  const settle = (row: Row, plan: RowPlan) => void plans.set(row.seq, settled(row, plan))
  const claim = (row: Row, person: Candidate) => {
    claimed.add(person.id)
    settle(row, compare(row, person, world))
  }

  // A person's word and a code go before any name.
  for (const row of rows) {
    const named = row.decision === 'same' ? byId.get(row.decidedId ?? '') : row.ref !== null ? byId.get(codes.get(row.ref) ?? '') : undefined
    if (named && !claimed.has(named.id)) claim(row, named)
    else if (row.decision === 'new') settle(row, enter(row, world))
    else if ((row.data as StudentData).gone) settle(row, planOf('same'))
  }

  // In the same class: as many rows as pupils are the same ones, row by row.
  for (const key of new Set(open().flatMap(({ classKey }) => classKey ?? []))) {
    const here = open().filter(({ classKey }) => classKey === key)
    const known = free((person) => learning(person)?.classKey === key && learning(person)?.academicYear === world.academicYear)
    if (here.length < known.length) for (const row of here) settle(row, ask('askNamesake', known.map(({ id }) => ({ personId: id }))))
    else known.forEach((person, index) => claim(here[index]!, person))
  }

  // Elsewhere: whoever is gone from another class of the same grade has moved; of anybody else a person decides.
  const left = open()
  for (const row of left) {
    const known = free((person) => learning(person) !== undefined)
    const [only] = known
    if (only && known.length === 1 && left.length === 1 && isExpected(row, learning(only)!, world)) claim(row, only)
    else if (known.length > 0) settle(row, ask('askElsewhere', known.map(({ id }) => ({ personId: id }))))
  }

  const gone = free((person) => learning(person) === undefined)
  if (gone.length > 0) for (const row of open()) settle(row, ask('askLeft', gone.map(({ id }) => ({ personId: id }))))

  // New: of two equal rows one is a namesake or a mistake, also where the first is somebody known.
  const first = new Map(rows.filter(({ seq }) => byId.has(plans.get(seq)?.personId ?? '')).reverse().map((row) => [row.classKey ?? '', row]))
  let before: Row | undefined
  for (const row of open()) {
    const twin = first.get(row.classKey ?? '')
    if (twin) settle(row, ask('askRepeated', [], { row: twin.line }))
    else {
      const plan = enter(row, world)
      settle(row, before ? { ...plan, notes: [...plan.notes, noteOf('namesakeInFile', { row: before.line })] } : plan)
      first.set(row.classKey ?? '', row)
      before ??= row
    }
  }
  return plans
}

/** Whether a pupil of that place would be looked for under this row: put into a first class, moved beside, promoted. */
function isExpected(row: Row, place: CandidateMembership, world: World): boolean {
  if (place.classKey === null) return true
  const grades = (row.data as StudentData).class?.grades ?? []
  const shares = (step: number) => grades.some((grade) => place.grades?.includes(grade - step))
  if (place.academicYear !== world.academicYear) return shares(0) || shares(1)
  return world.complete && world.classesInFile.has(place.classKey) && shares(0)
}

function enter(row: Row, world: World): RowPlan {
  const opens = row.classKey !== null && !world.classes.has(row.classKey)
  return planOf('create', {
    personId: idFor('per', world.importId, row.seq),
    isNew: true,
    membershipId: idFor('mem', world.importId, row.seq),
    notes: opens ? [noteOf('classWillOpen', {}, 'className')] : [],
  })
}

/** What the row says of somebody of the register. */
function compare(row: Row, person: Candidate, world: World): RowPlan {
  const data = row.data as StudentData
  const membership = learning(person)
  const known = { personId: person.id, changes: nameChanges(person, data) }
  if (data.gone) return membership ? planOf('leave', { ...known, membershipId: membership.id, movement: { kind: 'departure', fromClassId: membership.classId, toClassKey: null } }) : planOf('same', known)
  const moved = (kind: 'classTransfer' | 'readmission' | 'yearEnd', from: CandidateMembership | undefined) =>
    planOf('move', { ...known, membershipId: from?.id ?? null, movement: { kind, fromClassId: from?.classId ?? null, toClassKey: row.classKey } })
  if (!membership) return moved('readmission', undefined)
  const changes = [...known.changes, ...startChange(membership, data.startsOn)]
  if (membership.classKey === null && data.class) changes.push({ field: 'className', before: null, after: data.class.name })
  else if (membership.academicYear !== null && membership.academicYear < world.academicYear) return moved('yearEnd', membership)
  else if (membership.classKey !== row.classKey || membership.academicYear !== world.academicYear) return moved('classTransfer', membership)
  return planOf(changes.length > 0 ? 'change' : 'same', { ...known, membershipId: membership.id, changes })
}
