import type { AnyEvent } from '../../machines/effects.ts'
import type { Follows, PlannedStep, StepsPlanned } from '../../machines/movement-events.ts'
import type { MovementKind } from '../../machines/movement-kinds.ts'
import type { MovementStep } from '../../machines/movement-steps.ts'
import { replayMemberships, type Mark } from '../../school/membership-replay.ts'
import type { SpaceKind } from '../../school/space-kinds.ts'
import { placeSteps, wantedSpaces, type Belonging, type LivingSpace } from '../../school/wanted-spaces.ts'

/** A movement as the register has it. */
export interface Entered {
  id: string
  kind: MovementKind
  personId: string
  on: string
  to: string | null
  /** What the jobs answered, once. */
  begun: AnyEvent | null
  takenBack: AnyEvent | null
  overtaken: boolean
  /** Its steps, as a job noted them or as they were recorded since. */
  steps: readonly MovementStep[]
  settled: ReadonlySet<string>
}

/** What the world knows of a movement's process, as it was recorded. */
export interface Recorded {
  state: string
  orderId: string | null
  reverseOrderId: string | null
}

export const pupils = ['s1', 's2'] as const
export const guardian = 'g1'
export const staff = ['a1', 'a2', 't1'] as const
export const classes = ['c1', 'c2', 'c3'] as const
export const isStaffKind = (kind: MovementKind) => ['hire', 'assignmentChange', 'longLeave', 'staffDeparture'].includes(kind)

const actions: Record<MovementKind, Mark['action']> = { enrollment: 'in', readmission: 'in', classTransfer: 'move', departure: 'out', hire: 'in', assignmentChange: 'stays', longLeave: 'stays', leaveReturn: 'stays', staffDeparture: 'out' }

/**
 * The register and the platform of a small school without PostgreSQL: what the jobs of movements find there and answer,
 * by the same pure rules (`school/`), and what becomes so when people confirm it. Two siblings with one guardian, two
 * administrators and a teacher; the first administrator owns a chat.
 */
export class MovementWorld {
  readonly movements = new Map<string, Entered>()
  readonly cancelledOrders = new Set<string>()
  readonly places = new Map<string, Set<string>>()
  readonly #recorded: (id: string) => Recorded
  /** Administrators, and whose rights are still there on the platform although the register has taken them. */
  readonly #rights = new Set<string>(['a1', 'a2'])
  readonly #rightsLeft = new Set<string>()
  #chatOwner: string = 'a1'
  #handover: { movement: string; step: string; newOwner: string } | null = null

  constructor(recorded: (id: string) => Recorded) {
    this.#recorded = recorded
    for (const person of this.people()) this.places.set(person, new Set(this.wanted(person)))
  }

  people = (): string[] => [...pupils, guardian, ...staff]

  spaces(): LivingSpace[] {
    const space = (kind: SpaceKind, classId: string | null, ownerId: string | null = null): LivingSpace => ({ id: [kind, classId].filter(Boolean).join('-'), kind, classId, subjectId: null, classGroup: '', ownerId })
    return [space('staffRoom', null), ...classes.flatMap((one) => [space('schoolClass', one), space('classStudents', one), space('classGuardians', one)]), space('other', null, this.#chatOwner)]
  }

  /** Where a person learns now; undefined for who is not here (staff: empty for who is). */
  standing(personId: string): string | undefined {
    const last = replayMemberships(this.#marks(personId)).segments.at(-1)
    return last?.to === null ? (last.classId ?? '') : undefined
  }

  administrators = (): string[] => staff.filter((one) => this.#rights.has(one) && this.standing(one) !== undefined)
  administratorRemains = ({ kind, personId }: Entered): boolean => !['staffDeparture', 'longLeave'].includes(kind) || this.administrators().some((one) => one !== personId)
  restsOn = (movement: Entered): boolean => this.#obstacle(movement, true, false) !== null

  wanted = (personId: string): string[] => wantedSpaces(this.#belonging(personId), this.spaces(), [...(this.places.get(personId) ?? [])])
  left = (personId: string) => placeSteps(this.#belonging(personId), this.spaces(), [...this.places.get(personId)!])
  peopleOf = ({ kind, personId }: Entered): string[] => (isStaffKind(kind) ? [personId] : [personId, guardian])

  /** Does a job as its activity would, in one transaction; a repeat answers the same. */
  work(job: string, movement: Entered): AnyEvent {
    if (job === 'checkMovement') return this.#plan(movement, 'check')
    return job === 'beginMovement' ? (movement.begun ?? this.#begin(movement)) : (movement.takenBack ?? this.#takeBack(movement))
  }

  #begin(movement: Entered): AnyEvent {
    const { orderId } = this.#recorded(movement.id)
    if (orderId === null || this.cancelledOrders.has(orderId)) return { type: 'BLOCKED', reason: 'orderNotInForce' }
    if (!this.administratorRemains(movement)) return { type: 'BLOCKED', reason: 'lastAdministrator' }
    const obstacle = this.#obstacle(movement, false, true)
    if (obstacle) return { type: 'BLOCKED', reason: obstacle }
    movement.begun = { type: 'STEPS_PLANNED' }
    if (['staffDeparture', 'longLeave'].includes(movement.kind) && this.#rights.delete(movement.personId)) this.#rightsLeft.add(movement.personId)
    return (movement.begun = this.#plan(movement, 'begin'))
  }

  #takeBack(movement: Entered): AnyEvent {
    const { reverseOrderId } = this.#recorded(movement.id)
    if (reverseOrderId === null || this.cancelledOrders.has(reverseOrderId)) return { type: 'BLOCKED', reason: 'orderNotInForce' }
    const obstacle = this.#obstacle(movement, true, false)
    if (obstacle) return { type: 'BLOCKED', reason: obstacle }
    movement.takenBack = { type: 'STEPS_PLANNED' }
    // Given back as far as it is still there.
    if (isStaffKind(movement.kind) && this.#rightsLeft.delete(movement.personId)) this.#rights.add(movement.personId)
    return (movement.takenBack = this.#plan(movement, 'reverse'))
  }

  #plan(movement: Entered, of: StepsPlanned['of']): AnyEvent {
    const people = this.peopleOf(movement)
    const live = [...this.movements.values()].filter((other) => other !== movement && other.begun && !other.overtaken && ['platformWork', 'reversing'].includes(this.#recorded(other.id).state))
    const earlier = of === 'check' ? [] : live.filter(({ personId }) => personId === movement.personId)
    for (const other of earlier) other.overtaken = true
    movement.overtaken = false
    const others = live.filter(({ overtaken }) => !overtaken).flatMap(({ id, steps }) => steps.filter(({ state, person }) => (state === 'open' || state === 'failed') && people.includes(person)).map((step) => ({ ...step, movement: id })))
    const elsewhere = new Set(others.map(({ id }) => id))

    const rights: PlannedStep[] = this.#rightsLeft.has(movement.personId) ? [{ id: `rights:platformAdmin::${movement.personId}`, action: 'rights', person: movement.personId }] : []
    const moves = people.flatMap((person) => this.left(person).map(({ action, spaceId }): PlannedStep => ({ id: `${action}:${spaceId}:${person}`, action, person, space: spaceId })))
    const handovers = this.#handoversOf(movement)
    const steps = [...rights, ...moves, ...handovers.map(({ step }): PlannedStep => ({ id: step, action: 'handover', person: movement.personId, space: 'other', via: 'space:other' }))].filter(({ id }) => !elsewhere.has(id))
    movement.steps = steps.map(({ id, action, person, space }) => ({ id, action, person, space: space ?? null, class: null, via: null, state: 'open', reason: null }))
    const voided = others.filter(({ action, person, space }) => (action === 'add' || action === 'remove') && this.wanted(person).includes(space!) === (action === 'remove'))
    const lists: Follows = {
      handedOver: handovers,
      stayed: of === 'reverse' && this.#handover?.movement === `movement:${movement.id}` ? ['space:other'] : [],
      overtaken: earlier.map(({ id }) => `movement:${id}`),
      voided: voided.map(({ movement: id, id: step }) => ({ to: `movement:${id}`, steps: [step] })),
    }
    const follows = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
    return { type: 'STEPS_PLANNED', of, ...(steps.length > 0 && { steps }), ...(Object.keys(follows).length > 0 && { follows }) }
  }

  #handoversOf({ kind, personId, takenBack }: Entered): NonNullable<Follows['handedOver']> {
    const works = this.standing(personId) !== undefined
    const newOwner = staff.find((one) => one !== personId && this.standing(one) !== undefined)
    if (!isStaffKind(kind) || this.#chatOwner !== personId || newOwner === undefined || (works && (kind !== 'longLeave' || takenBack !== null))) return []
    return [{ to: 'space:other', step: 'handover:other', newOwner, ownerWorks: works && kind !== 'longLeave' }]
  }

  /** What the chat's own process hears of movements. */
  tellChat(event: AnyEvent): void {
    if (event.type === 'HANDOVER_FORCED') this.#handover = { movement: (event.askedBy as { to: string }).to, step: (event.askedBy as { step: string }).step, newOwner: String(event.personId) }
    if (event.type === 'HANDOVER_CANCELLED') this.#handover = null
  }

  /** Who has the chat now says so; returns what its process tells the movement that waits, if one does. */
  confirmHandover(): { to: string; event: AnyEvent } | null {
    if (!this.#handover) return null
    const { movement, step, newOwner } = this.#handover
    this.#chatOwner = newOwner
    this.places.get(newOwner)!.add('other')
    this.#handover = null
    return { to: movement, event: { type: 'STEP_DONE', step, result: 'done', by: newOwner } }
  }

  /** What people confirmed of steps is so on the platform, each once. */
  settle(movement: Entered, steps: readonly MovementStep[]): void {
    const done = steps.filter(({ state }) => state === 'done' || state === 'alreadyDone')
    for (const { id, action, person, space, via } of done.filter(({ id }) => !movement.settled.has(id))) {
      if (action === 'add') this.places.get(person)!.add(space!)
      if (action === 'remove') this.places.get(person)!.delete(space!)
      if (action === 'rights' && via === null) this.#rightsLeft.delete(id.split(':').at(-1)!)
    }
    movement.settled = new Set(done.map(({ id }) => id))
  }

  #marks(personId: string, except: Entered | null = null): Mark[] {
    const base: Mark = { on: '0001-01-01', action: 'in', membershipId: `mem_${personId}`, classId: (pupils as readonly string[]).includes(personId) ? 'c1' : null, movementId: null }
    const counted = [...this.movements.values()].filter((one) => one !== except && one.personId === personId && one.begun !== null && one.takenBack === null)
    return [base, ...counted.map(markOf)]
  }

  /** Why the register cannot be changed so: the movement itself, or a later one, would mean nothing. */
  #obstacle(movement: Entered, countsNow: boolean, counts: boolean): string | null {
    const others = this.#marks(movement.personId, movement)
    const order = [...this.movements.keys()]
    const withIt = [...others, markOf(movement)].sort((a, b) => order.indexOf(a.movementId ?? '') - order.indexOf(b.movementId ?? ''))
    const before = replayMemberships(countsNow ? withIt : others).idle
    const after = replayMemberships(counts ? withIt : others).idle
    const own = after.get(movement.id)
    if (counts && own) return own
    return [...after.keys()].some((id) => !before.has(id)) ? 'laterMovement' : null
  }

  #belonging(personId: string): Belonging {
    const base = { personId, staff: null, student: false, guardian: false, learnsIn: [], guardianIn: [], classTeacherOf: [], loads: [] }
    const here = this.standing(personId)
    if ((staff as readonly string[]).includes(personId)) return here === undefined ? base : { ...base, staff: { roles: this.#rights.has(personId) ? ['platformAdmin', 'teacher'] : ['teacher'], teachingStaff: true } }
    const learnsIn = (pupil: string) => [this.standing(pupil)].filter((one) => one !== undefined)
    if (personId === guardian) return { ...base, guardian: pupils.some((one) => learnsIn(one).length > 0), guardianIn: [...new Set(pupils.flatMap(learnsIn))] }
    return { ...base, student: here !== undefined, learnsIn: learnsIn(personId) }
  }
}

const markOf = ({ id, kind, on, to }: Entered): Mark => ({ on, action: actions[kind], membershipId: `mem_${id}`, classId: to, movementId: id })
