import assert from 'node:assert/strict'
import type { AnyEvent } from '../../machines/effects.ts'
import type { MovementKind } from '../../machines/movement-kinds.ts'
import type { MovementStep } from '../../machines/movement-steps.ts'
import { phaseOf } from '../../machines/movement-steps.ts'
import type { MovementContext } from '../../machines/movement.ts'
import type { EventResult } from '../../workflows/messages.ts'
import { classes, isStaffKind, MovementWorld, pupils, staff, type Entered } from './movement-world.ts'
import type { Choice } from './random-plots.ts'
import { SimulatedCohort } from './simulated-cohort.ts'
import { contextOf } from './step-rules.ts'

const pupilKinds: readonly MovementKind[] = ['classTransfer', 'classTransfer', 'departure', 'readmission', 'enrollment']
const staffKinds: readonly MovementKind[] = ['staffDeparture', 'longLeave', 'hire']
const days = ['2026-09-02', '2026-09-03', '2026-09-04', '2026-09-10'] as const
export const instanceOf = (id: string) => `movement:${id}`

/** Movements of a few people that overlap as they like: entered, ordered, worked on, answered late, taken back. */
export class MovementPlot {
  readonly cohort = new SimulatedCohort()
  readonly world = new MovementWorld((id) => ({ state: this.cohort.stateOf(instanceOf(id))!, ...this.context(id) }))
  /** Answers of jobs that are on their way. */
  readonly answers: { to: string; event: AnyEvent }[] = []
  /** People whose work somebody has given up, or that could not be taken back: nobody asks for the rest of it. */
  readonly givenUp = new Set<string>()
  /** Something came in another order than it was said in: what got lost by it is found when the work is due (docs/decisions/0013-movement.md). */
  outOfOrder = false

  context = (id: string) => contextOf<MovementContext>(this.cohort.instances.get(instanceOf(id))!)
  entered = (): Entered[] => [...this.world.movements.values()]
  live = (): Entered[] => this.entered().filter(({ id }) => ['platformWork', 'reversing'].includes(this.cohort.stateOf(instanceOf(id))!))

  /** `check` looks at every step, when what became so on the platform has been noted, as the recorded step does. */
  constructor(check: (plot: MovementPlot) => void) {
    this.cohort.onStep = () => {
      const changed = new Set(this.cohort.last!.outcome.changed.map((instance) => instance.id))
      for (const movement of this.entered().filter(({ id }) => changed.has(instanceOf(id)))) {
        const { begun, steps } = this.context(movement.id)
        if (begun) movement.steps = steps
        this.world.settle(movement, steps)
      }
      check(this)
    }
  }

  /** Whether a job, an answer or another process has something for the movement. */
  isTold = (id: string): boolean => [...this.answers, ...this.cohort.outbound].some(({ to }) => to === instanceOf(id)) || this.cohort.jobs.some(({ processId }) => processId === instanceOf(id))

  /** Sends one event. */
  send(to: string, event: AnyEvent, by?: string): EventResult {
    const [result] = this.cohort.send([{ to, event: by === undefined ? event : { by, ...event }, actor: by === undefined ? { kind: 'process' } : { kind: 'person', personId: by } }])
    return result!
  }

  enter([, whom, how]: Choice): void {
    const person = [...pupils, ...staff][whom % 5]!
    const kinds = (pupils as readonly string[]).includes(person) ? pupilKinds : staffKinds
    const kind = kinds[how % kinds.length]!
    const id = `m${this.world.movements.size + 1}`
    const on = days[Math.floor(how / 7) % days.length]!
    const to = ['enrollment', 'classTransfer', 'readmission'].includes(kind) ? classes[Math.floor(how / 31) % classes.length]! : null
    this.world.movements.set(id, { id, kind, personId: person, on, to, begun: null, takenBack: null, overtaken: false, steps: [], settled: new Set() })
    this.cohort.spawn(instanceOf(id), isStaffKind(kind) ? 'staffMovement' : 'studentMovement', { movementId: id, number: `ДВ-2026-${id}`, kind, personId: person, effectiveOn: on, effectiveAt: `${on}T00:00:00.000Z`, ...(to && { toClassId: to }) })
    this.send(instanceOf(id), { type: 'SUBMIT' }, 'p1')
    if (how % 5 > 0) this.attachOrder(id, 1)
  }

  orderFacts(id: string, how: number) {
    const movement = this.world.movements.get(id)!
    const fits = isStaffKind(movement.kind) ? 'staff' : 'students'
    return { kind: how % 5 === 0 ? 'main' : fits, registered: how % 7 !== 0, inForce: how % 11 !== 0, administratorRemains: this.world.administratorRemains(movement), nothingRestsOnIt: !this.world.restsOn(movement) }
  }

  attachOrder(id: string, how: number): void {
    this.send(instanceOf(id), { type: 'ORDER_ATTACHED', orderId: `o${id}.${how % 3}`, facts: this.orderFacts(id, how) }, 'p1')
  }

  /** Does a job that waits; its answer comes when it comes. */
  work(at: number): boolean {
    const { jobs } = this.cohort
    if (jobs.length === 0) return false
    const [job] = jobs.splice(at % jobs.length, 1)
    const movement = this.world.movements.get(job!.processId.slice('movement:'.length))!
    const event = this.world.work(job!.job, movement)
    // A repeat of what changes the register changes nothing and says the same.
    if (job!.job !== 'checkMovement' && event.type !== 'BLOCKED') assert.equal(this.world.work(job!.job, movement), event)
    this.answers.push({ to: job!.processId, event })
    return true
  }

  answer(at: number): boolean {
    if (this.answers.length === 0) return false
    this.outOfOrder ||= at % this.answers.length > 0
    const [{ to, event }] = this.answers.splice(at % this.answers.length, 1) as [{ to: string; event: AnyEvent }]
    if (event.type === 'BLOCKED' && this.cohort.stateOf(to) === 'reversing') this.giveUp(to)
    this.send(to, event)
    return true
  }

  giveUp(to: string): void {
    for (const person of this.world.peopleOf(this.world.movements.get(to.slice('movement:'.length))!)) this.givenUp.add(person)
  }

  /** Brings what one process says to another. */
  bring(at: number): boolean {
    const { outbound } = this.cohort
    if (outbound.length === 0) return false
    this.outOfOrder ||= at % outbound.length > 0
    const [said] = outbound.splice(at % outbound.length, 1)
    if (said!.to === 'space:other') this.world.tellChat(said!.event)
    else this.send(said!.to, said!.event)
    return true
  }

  confirmHandover(): boolean {
    const said = this.world.confirmHandover()
    if (said) this.send(said.to, said.event)
    return said !== null
  }

  /**
   * Somebody does the work of a movement in the moment when another one has taken it over and this one has not heard of it: the other's
   * plan is of a moment before. Nobody is asked for what is missing then.
   */
  #doneTooLate(id: string): void {
    if (this.world.movements.get(id)!.overtaken) this.giveUp(instanceOf(id))
  }

  /** Says of every step of the task at hand how it went. */
  report(id: string, result: (step: MovementStep, index: number) => 'done' | 'alreadyDone' | 'failed'): EventResult | undefined {
    this.#doneTooLate(id)
    const task = this.cohort.alive('humanTask').find(({ snapshot }) => (snapshot.context as { owner: string; kind: string }).owner === instanceOf(id) && (snapshot.context as { kind: string }).kind === 'T-MOVE-STEPS')
    if (!task) return undefined
    const { steps } = this.context(id)
    const phase = phaseOf(steps)
    const results = steps.filter(({ action, state, via }) => action === phase && via === null && (state === 'open' || state === 'failed')).map((step, index) => ({ step: step.id, result: result(step, index) }))
    return this.send(task.id, { type: 'COMPLETE', evidence: { results } }, 'p9')
  }

  /** The next event of the plot. */
  play(choice: Choice): void {
    const [what, whom, how] = choice
    const movements = this.entered()
    const movement = movements[whom % Math.max(movements.length, 1)]
    if (!movement || (what % 14 === 0 && movements.length < 6)) return this.enter(choice)
    const { id } = movement
    switch (what % 14) {
      case 1:
        return this.attachOrder(id, how)
      case 2:
      case 3:
        return void this.work(how)
      case 4:
      case 5:
      case 6:
        return void this.answer(how)
      case 7:
        return void (how % 4 === 0 ? this.confirmHandover() : this.bring(how))
      case 8:
      case 9:
        return void this.report(id, (_, index) => (how % 4 === 0 && index === how % 2 ? 'failed' : how % 3 === 0 ? 'alreadyDone' : 'done'))
      case 10:
        return how % 8 === 0 ? this.cancelOrder(id) : this.saySomething(id, how)
      case 11:
        return this.saySomething(id, how)
      default:
        return how % 3 === 0 ? this.cohort.pass(24 * (how % 4)) : this.cohort.passToDeadline()
    }
  }

  cancelOrder(id: string): void {
    const { orderId } = this.context(id)
    if (orderId === null) return
    this.world.cancelledOrders.add(orderId)
    this.send(instanceOf(id), { type: 'ORDER_CANCELLED', orderId })
  }

  /** Takes it back, gives the rest up, takes it up again, calls it off; or reports what is not at hand. */
  saySomething(id: string, how: number): void {
    const to = instanceOf(id)
    const said: AnyEvent[] = [
      { type: 'REVERSE', orderId: `r${id}`, facts: this.orderFacts(id, Math.floor(how / 5)) },
      { type: 'CLOSE_PARTIAL', reason: 'не вышло' },
      { type: 'RETRY' },
      { type: 'CANCEL' },
      { type: 'STEP_DONE', step: this.context(id).steps.at(how % 2 ? -1 : 0)?.id ?? 'x1', result: 'done' },
    ]
    const event = said[how % said.length]!
    if (event.type === 'STEP_DONE') this.#doneTooLate(id)
    const result = this.send(to, event, 'p1')
    if (event.type === 'CLOSE_PARTIAL' && result.accepted) this.giveUp(to)
  }

  /** Everything that is asked for is done; a deadline has to come only where something came out of order. */
  finish(): void {
    this.#workOff()
    if (this.outOfOrder && this.live().length > 0) {
      this.cohort.pass(24 * 30)
      this.#workOff()
    }
  }

  #workOff(): void {
    for (let busy = true; busy; ) {
      busy = this.bring(0) || this.work(0) || this.answer(0) || this.confirmHandover()
      for (const { id } of busy ? [] : this.live()) busy = this.report(id, () => 'done')?.accepted === true || busy
    }
  }
}
