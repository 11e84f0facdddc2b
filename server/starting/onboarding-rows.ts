import type { Queryable } from '../../db/connection.ts'
import { findLiveInvitations } from '../../db/link-queries.ts'
import { findPeople, type MembershipRow, type PersonRow } from '../../db/people.ts'
import { findByContext, readStarting } from '../../db/start-queries.ts'
import type { CohortInput } from '../../workflows/messages.ts'
import type { FieldProblem } from '../failures.ts'
import { staffRoom } from '../facts/invite.ts'

/** A row that can be started. */
export interface ReadyRow {
  index: number
  person: PersonRow
  membership: MembershipRow
  onboardingId: string
}

/** A row that cannot, and why; `live` names what runs already. */
export interface RefusedRow {
  index: number
  personId: string
  problem: FieldProblem
  live?: { processId: string; number?: string }
}

/** Sorts the rows of a list into those that can start and those that cannot (BR-09, BR-10; domain.md 16, "re-invite"). */
export async function sortOnboardingRows(tx: Queryable, rows: readonly { personId: string }[]): Promise<{ ready: ReadyRow[]; refused: RefusedRow[] }> {
  const people = new Map((await findPeople(tx, rows.map(({ personId }) => personId))).map((person) => [person.id, person]))
  const places = new Map([...people.values()].map((person) => [person.id, person.memberships.find(({ kind, endedAt }) => kind === 'staff' && !endedAt)]))
  const runs = await findByContext(tx, 'teacherOnboarding', 'membershipId', [...places.values()].flatMap((place) => place?.id ?? []))
  const invited = new Map((await findLiveInvitations(tx, [...people.keys()], staffRoom)).map((live) => [live.personId, live]))
  const starting = new Set((await readStarting<CohortInput>(tx)).flatMap(({ start }) => start.map(({ id }) => id)))
  const firstAt = new Map<string, number>()

  const ready: ReadyRow[] = []
  const refused: RefusedRow[] = []
  rows.forEach(({ personId }, index) => {
    const refuse = (code: FieldProblem['code'], live?: RefusedRow['live'], params?: FieldProblem['params']) =>
      refused.push({ index, personId, problem: { code, path: `people.${index}.personId`, ...(params && { params }) }, ...(live && { live }) })
    const person = people.get(personId)
    const membership = places.get(personId)
    if (!person) return refuse('personUnknown')
    if (!membership) return refuse('personNotStaff')
    const earlier = firstAt.get(personId)
    if (earlier !== undefined) return refuse('rowRepeated', undefined, { row: earlier + 1 })
    firstAt.set(personId, index)

    const own = runs.filter(({ value }) => value === membership.id)
    // A declined or cancelled onboarding never blocks a new one (design.md, answer 8).
    const live = own.find(({ ended, state }) => !ended && !['declined', 'cancelled', 'active'].includes(state))
    if (live) return refuse('onboardingLive', { processId: live.id })
    if (membership.platformStatus === 'joined' || membership.platformStatus === 'verified') return refuse('alreadyConnected')
    const invitation = invited.get(personId)
    if (invitation) return refuse('invitationLive', { processId: invitation.processId, number: invitation.number }, { number: invitation.number })
    const onboardingId = `onboarding:${membership.id}${own.length === 0 ? '' : `:${own.length + 1}`}`
    if (starting.has(onboardingId)) return refuse('onboardingLive', { processId: onboardingId })
    ready.push({ index, person, membership, onboardingId })
  })
  return { ready, refused }
}
