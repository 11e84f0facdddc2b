import assert from 'node:assert/strict'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MovementContext } from '../../machines/movement.ts'
import { needsHands, phaseOf, stepActions, type MovementStep } from '../../machines/movement-steps.ts'
import { stateOf, type Instance } from '../../workflows/instance.ts'
import { instanceOf, MovementPlot } from './movement-plot.ts'
import { classes, pupils } from './movement-world.ts'
import { checkRepeat, checkStep, contextOf } from './step-rules.ts'

/**
 * The same plots every day, others by SEED: one plot in some two thousand still ends with work that nobody is asked for
 * (`SEED=1638286977`, and 2,000 of them; docs/decisions/0013-movement.md, what is open).
 */
const seed = Number(process.env.SEED ?? 20260901)
console.info(`movement: seed ${seed}`)

const plot = fc.array(fc.tuple(fc.nat(9999), fc.nat(9999), fc.nat(9999)), { minLength: 10, maxLength: 40, size: 'max' })
const isOpen = ({ state }: MovementStep) => state === 'open' || state === 'failed'
const movementsIn = (plot: MovementPlot): Instance[] => plot.entered().map(({ id }) => plot.cohort.instances.get(instanceOf(id))!)
const classesOf = (plot: MovementPlot, person: string) => classes.filter((one) => plot.world.places.get(person)!.has(`schoolClass-${one}`))

/** What the last step changed of movements, before and after it. */
function changesIn({ cohort }: MovementPlot) {
  return (cohort.last?.outcome.changed ?? []).filter(({ kind }) => kind.endsWith('Movement')).map(({ id }) => {
    const [was, is] = [cohort.last!.before.get(id), cohort.instances.get(id)!]
    return { id, was, is, from: was && stateOf(was.snapshot), to: stateOf(is.snapshot), before: was ? contextOf<MovementContext>(was) : null, now: contextOf<MovementContext>(is) }
  })
}

/** BR-16, and what has ended stays as it ended. */
function checkRegister(plot: MovementPlot): void {
  for (const { was, from, to, before, now } of changesIn(plot)) {
    if (was?.ended) assert.equal(to, from, 'what has ended stays as it ended')
    if (from === 'awaitingOrder' && to === 'scheduled') {
      const facts = plot.cohort.last!.inputs.map(({ event }) => event.facts as { kind: string; registered: boolean; inForce: boolean; administratorRemains: boolean })[0]!
      assert.deepEqual([['students', 'staff', 'main'].includes(facts.kind), facts.registered, facts.inForce, facts.administratorRemains], [true, true, true, true], 'BR-12, BR-16')
    }
    if (now.begun && !before?.begun) assert.ok(now.orderId !== null, 'BR-16: the register changes with an order')
    if (to === 'reversing' || to === 'reversed') assert.ok(now.reverseOrderId !== null, 'BR-16: the way back rests on an order, too')
    if (to === 'cancelled') assert.equal(now.begun, false, 'what has changed the register is taken back, not called off')
  }
  assert.ok(plot.world.administrators().length > 0, 'BR-12')
}

/** Part by part (7.6): rights first, then what adds, then hand-overs, and what removes last. */
function checkParts(plot: MovementPlot): void {
  for (const { id, before, now } of changesIn(plot)) {
    for (const { id: step, action, via } of now.steps.filter(({ state }) => state === 'done' || state === 'alreadyDone')) {
      const earlier = before?.steps.find((one) => one.id === step)
      if (!earlier || !isOpen(earlier) || via !== null) continue
      const first = stepActions.slice(0, stepActions.indexOf(action))
      assert.deepEqual(before!.steps.filter((one) => isOpen(one) && first.includes(one.action)).map((one) => one.id), [], `${step} came too early`)
    }
    const tasks = plot.cohort.tasksOf(id).filter(({ kind }) => kind === 'T-MOVE-STEPS')
    const phase = phaseOf(now.steps)
    const live = ['platformWork', 'reversing'].includes(plot.cohort.stateOf(id)!)
    assert.deepEqual(tasks.map(({ key }) => key), live && phase !== null && needsHands(now.steps, phase) ? [phase] : [], 'one task, for what is at hand')
    // Four eyes: the host lets nobody confirm whose rights are named.
    for (const { key, values } of tasks) if (key === 'rights') assert.equal(values.person, now.personId)
    if (!live) assert.deepEqual(now.steps.filter(isOpen), [], 'nothing is asked for after the end')
  }
}

/** Nothing is asked for twice, nobody is left without a class. */
function checkPeople(plot: MovementPlot, classesBefore: ReadonlyMap<string, number>): void {
  // Of whom something is on its way will know it in a moment.
  const open = plot.live().filter(({ id }) => !plot.isTold(id)).flatMap(({ id }) => plot.context(id).steps.filter(isOpen).map((step) => step.id))
  assert.equal(new Set(open).size, open.length, `asked for twice: ${open.join(' ')}`)
  for (const person of pupils.filter((one) => !plot.givenUp.has(one))) {
    if (plot.world.standing(person) !== undefined && (classesBefore.get(person) ?? 0) > 0) assert.ok(classesOf(plot, person).length > 0, `${person} is left without a class`)
  }
}

/** When everybody has done what was asked of them, everybody is where the register says. */
function checkEnd(plot: MovementPlot): void {
  plot.finish()
  assert.deepEqual(plot.live().map(({ id }) => `${id} ${plot.cohort.stateOf(instanceOf(id))}`), [], 'nothing waits that nobody is asked for')
  for (const person of plot.world.people()) if (!plot.givenUp.has(person)) assert.deepEqual(plot.world.left(person), [], person)
  for (const { id } of plot.entered()) {
    const { takenBack, steps } = plot.context(id)
    if (plot.cohort.stateOf(instanceOf(id)) === 'reversed' && takenBack) assert.deepEqual(steps.filter(isOpen), [], 'nothing is left of what was taken back')
  }
}

test('movements of a few people that overlap in any order keep the rules: by order, part by part, nothing twice, nobody without a class, and all of it comes to its end', { timeout: 180_000 }, () => {
  const reached = new Set<string>()
  fc.assert(
    fc.property(plot, (choices) => {
      let before = new Map<string, number>()
      const plot = new MovementPlot((plot) => {
        checkStep(plot.cohort)
        checkRegister(plot)
        checkParts(plot)
        checkPeople(plot, before)
        before = new Map(pupils.map((person) => [person, classesOf(plot, person).length]))
      })
      for (const [index, choice] of choices.entries()) {
        plot.play(choice)
        if (index % 6 === 0) checkRepeat(plot.cohort)
      }
      checkEnd(plot)
      for (const { kind, snapshot } of movementsIn(plot)) reached.add(`${kind}.${stateOf(snapshot)}`)
    }),
    { seed, numRuns: 500 },
  )
  // The plots are worth something only if they come far.
  for (const kind of ['studentMovement', 'staffMovement']) for (const state of ['scheduled', 'completed', 'partiallyDone', 'reversed', 'cancelled']) expect(reached).toContain(`${kind}.${state}`)
})
