import assert from 'node:assert/strict'
import type { AnyEvent } from '../../machines/effects.ts'
import type { HumanTaskContext } from '../../machines/human-task.ts'
import type { YearEndPromotionContext } from '../../machines/year-end-promotion.ts'
import type { ClassStep } from '../../machines/year-end-promotion-events.ts'
import type { Job } from '../../workflows/messages.ts'
import type { Choice } from './random-plots.ts'
import { SimulatedCohort } from './simulated-cohort.ts'
import { contextOf } from './step-rules.ts'

const id = 'promotion:org1:2026-2027'
const day = 24 * 60 * 60 * 1000
const reviewed = ['c5', 'c8', 'c9'].map((classId, index) => ({ id: classId, teacher: index === 1 ? 'p4' : null }))
const heads = ['p1', 'p2']

/** The year's end of a school of three classes: people who agree or do not, jobs whose answers come late, a clock that jumps. */
export class YearEndPlot {
  readonly cohort = new SimulatedCohort()
  readonly answers: AnyEvent[] = []
  readonly confirmed = new Set<string>()
  /** Of which year the pupils are, and how often they were moved up and back. */
  register: 'before' | 'after' = 'before'
  moves = 0
  readonly yearEndsAt: string
  readonly rollbackEndsAt: string
  readonly #cancelledOrders = new Set<string>()
  #applied: { attempt: number; answer: AnyEvent } | null = null
  #rolledBack: { attempt: number; answer: AnyEvent } = { attempt: 0, answer: { type: 'ROLLED_BACK' } }
  #done: readonly Job[] = []

  /** `check` looks at every step. */
  constructor(check: (plot: YearEndPlot) => void) {
    const inDays = (days: number) => new Date(Date.parse(this.cohort.now) + days * day).toISOString()
    this.yearEndsAt = inDays(60)
    this.rollbackEndsAt = inDays(80)
    this.cohort.spawn(id, 'yearEndPromotion', { promotionId: 'prm_1', fromYear: '2026-2027', toYear: '2027-2028' })
    this.cohort.onStep = () => {
      const { timeline } = this.cohort.last!.outcome
      if (timeline.some(({ processId, event, applied }) => processId === id && applied && event === 'DRAFT_READY')) this.confirmed.clear()
      for (const { processId, event, applied } of timeline) if (processId !== id && applied && event === 'COMPLETE') this.#note(processId)
      check(this)
    }
  }

  /** Classes that somebody has looked through and found in order since the list was called ready. */
  #note(taskId: string): void {
    const { kind, key, outcome } = contextOf<HumanTaskContext>(this.cohort.instances.get(taskId)!)
    if (kind === 'T-PROM-CLASS' && outcome?.evidence?.confirmed === true) this.confirmed.add(key)
  }

  get state(): string {
    return this.cohort.stateOf(id)!
  }

  get context(): YearEndPromotionContext {
    return contextOf<YearEndPromotionContext>(this.cohort.instances.get(id)!)
  }

  tasks = (kind: string): HumanTaskContext[] => this.cohort.tasksOf(id).filter((task) => task.kind === kind)

  /** What the server would look up for an event; mostly in order, or no plot would leave the beginning. */
  factsFor(type: string, how: number, by: string): Record<string, unknown> | undefined {
    const off = (nth: number) => how % 17 === nth
    if (type === 'CLASSES_OF_NEXT_YEAR_SET') return { classes: off(1) ? 0 : 3, windowOpen: !off(2), approvalDueAt: new Date(Date.parse(this.cohort.now) + 10 * day).toISOString() }
    if (type === 'DRAFT_READY') return { undecided: off(1) ? 1 : 0, missing: off(2) ? 1 : 0, withoutTarget: off(3) ? 1 : 0, classes: reviewed }
    if (type === 'STEP_DONE') return { links: [] }
    if (type !== 'APPROVED_WITH_ORDER') return undefined
    return {
      checks: { orderFits: !off(1), approverIsHead: heads.includes(by), otherApprover: !off(2), unusual: off(3), everyPupilDecided: !off(4), dateInWindow: !off(5) },
      dates: { applyOn: '2027-07-01', applyAt: new Date(Date.parse(this.cohort.now) + (how % 6) * day).toISOString(), yearEndsAt: this.yearEndsAt, rollbackEndsAt: this.rollbackEndsAt },
    }
  }

  say(event: AnyEvent, by: string, how: number) {
    const facts = this.factsFor(event.type, how, by)
    const [result] = this.cohort.send([{ to: id, event: { by, ...event, ...(facts && { facts }) }, actor: { kind: 'person', personId: by } }])
    return result!
  }

  /** Does a task with some evidence, as one of the people. */
  workOnTask([, whom, how]: Choice): void {
    const open = this.cohort.alive('humanTask')
    const task = open[whom % Math.max(open.length, 1)]
    if (!task) return
    const { kind } = task.snapshot.context as HumanTaskContext
    const by = `p${1 + (how % 4)}`
    const evidence = {
      'T-PROM-CLASS': { confirmed: how % 9 !== 0 },
      'T-PROM-APPROVE': how % 9 === 0 ? { decision: 'return' } : { decision: 'approve', orderId: `o${how % 5}` },
      'T-PROM-STEPS': { result: how % 2 ? 'done' : 'alreadyDone' },
    }[kind]!
    const facts = this.factsFor({ 'T-PROM-APPROVE': 'APPROVED_WITH_ORDER', 'T-PROM-STEPS': 'STEP_DONE' }[kind] ?? '', how, by)
    this.cohort.send([{ to: task.id, event: { type: 'COMPLETE', by, evidence, ...(facts && { facts }) }, actor: { kind: 'person', personId: by } }])
  }

  saySomething([, whom, how]: Choice): void {
    const said: AnyEvent[] = [
      { type: 'CLASSES_OF_NEXT_YEAR_SET' },
      { type: 'DRAFT_READY' },
      { type: 'APPROVED_WITH_ORDER', orderId: `o${how % 5}`, ...(how % 2 && { confirmedUnusual: true }) },
      { type: 'ROLLBACK', reason: 'ошибка' },
      { type: 'STEP_DONE', key: this.context.steps.at(how % 2 ? -1 : 0)?.key ?? 'x1', result: 'done' },
      { type: 'RETURNED', reason: 'ошибка' },
      { type: 'CLOSED_WITH_OPEN_STEPS', reason: 'закрыто' },
      { type: 'CANCEL', reason: 'рано' },
    ]
    // The first four lead on; the others end things and come less often.
    this.say(said[whom % 3 ? whom % 4 : whom % said.length]!, `p${1 + (Math.floor(how / 3) % 3)}`, how)
  }

  /** The order that the approval rests on is cancelled. */
  cancelOrder(): void {
    const { orderId } = this.context
    if (orderId === null) return
    this.#cancelledOrders.add(orderId)
    this.cohort.send([{ to: id, event: { type: 'ORDER_INVALIDATED', orderId }, actor: { kind: 'process' } }])
  }

  /** Does a job that waits, as its activity would; one that was done before is done again now and then, by a worker that was held up. */
  work(how: number): void {
    const again = this.#done.length > 0 && how % 5 === 0
    const [job] = again ? [this.#done[how % this.#done.length]!] : this.cohort.jobs.splice(how % Math.max(this.cohort.jobs.length, 1), 1)
    if (!job) return
    const answer = this.#workOn(job, how)
    if (again) return
    this.#done = [...this.#done, job]
    this.answers.push(answer)
  }

  #workOn({ job, params }: Job, how: number): AnyEvent {
    const attempt = Number(params.attempt)
    if (job === 'draftPromotion') return { type: 'DRAFTED', pupils: 3 }
    if (job === 'applyPromotion') {
      if (this.#applied?.attempt === attempt) return this.#applied.answer
      if (this.#rolledBack.attempt >= attempt || (this.#applied?.attempt ?? 0) > attempt) return { type: 'APPLY_REFUSED', undecided: 0 }
      if (this.#cancelledOrders.has(String(params.orderId)) || how % 13 === 0) {
        this.#applied = { attempt, answer: { type: 'APPLY_REFUSED', undecided: 0 } }
        return this.#applied.answer
      }
      assert.equal(this.register, 'before', 'nobody moves up twice')
      this.#move('after')
      const step = (kind: ClassStep['kind'], classId: string, after: ClassStep['after']): ClassStep => ({ key: `${kind}:${classId}`, kind, classId, after, ends: kind === 'archiveChats' ? [`space:${classId}`] : [] })
      const steps = [step('openClass', 'c6', 'now'), step('openClass', 'c9', 'now'), step('removeLeavers', 'c6', 'yearEnd'), step('archiveChats', 'c9', 'yearEnd')].slice(0, how % 5)
      this.#applied = { attempt, answer: { type: 'REGISTER_UPDATED', steps, spaces: [], assignments: [] } }
      return this.#applied.answer
    }
    if (this.#rolledBack.attempt >= attempt) return this.#rolledBack.answer
    const applied = this.#applied?.attempt === attempt && this.#applied.answer.type === 'REGISTER_UPDATED'
    if (applied) this.#move('before')
    const steps = applied ? (params.done as string[]).map((key): ClassStep => ({ key: `restoreClass:${key}`, kind: 'restoreClass', classId: key, after: 'now', ends: [] })) : []
    this.#rolledBack = { attempt, answer: { type: 'ROLLED_BACK', steps, spaces: [], assignments: [] } }
    return this.#rolledBack.answer
  }

  #move(to: 'before' | 'after'): void {
    this.register = to
    this.moves += 1
  }

  answer(how: number): void {
    const [event] = this.answers.splice(how % Math.max(this.answers.length, 1), 1)
    if (event) this.cohort.send([{ to: id, event, actor: { kind: 'process' } }])
  }

  /** One step of the usual way, where everybody does what is expected. */
  leadOn(): void {
    if (this.cohort.jobs.length > 0) return this.work(4)
    if (this.answers.length > 0) return this.answer(0)
    const review = this.cohort.alive('humanTask').find((task) => (task.snapshot.context as HumanTaskContext).kind === 'T-PROM-CLASS')
    if (review) return void this.cohort.send([{ to: review.id, event: { type: 'COMPLETE', by: 'p1', evidence: { confirmed: true } }, actor: { kind: 'person', personId: 'p1' } }])
    const next: AnyEvent | undefined = {
      preparing: { type: 'CLASSES_OF_NEXT_YEAR_SET' },
      drafting: { type: 'DRAFT_READY' },
      headApproval: { type: 'APPROVED_WITH_ORDER', orderId: 'o1' },
    }[this.state]
    if (next) this.say(next, this.state === 'headApproval' ? 'p2' : 'p1', 0)
    else this.cohort.passToDeadline()
  }

  play(choice: Choice): void {
    const [what, , how] = choice
    switch (what % 8) {
      case 0:
      case 1:
        return this.saySomething(choice)
      case 2:
      case 3:
        return this.workOnTask(choice)
      case 4:
        return this.work(how)
      case 5:
        return this.answer(how)
      case 6:
        return how % 6 === 0 ? this.cancelOrder() : this.cohort.pass(24 * (how % 9))
      default:
        return this.cohort.passToDeadline()
    }
  }
}
