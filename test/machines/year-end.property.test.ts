import assert from 'node:assert/strict'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { YearEndPromotionContext } from '../../machines/year-end-promotion.ts'
import { stateOf } from '../../workflows/instance.ts'
import { checkRepeat, checkStep, contextOf } from './step-rules.ts'
import { YearEndPlot } from './year-end-plot.ts'

/** SEED replays a failing plot: `SEED=123 npx vitest run test/machines/year-end.property.test.ts`. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`year's end: seed ${seed}`)

const plot = fc.array(fc.tuple(fc.nat(9999), fc.nat(9999), fc.nat(9999)), { minLength: 20, maxLength: 70, size: 'max' })
const id = 'promotion:org1:2026-2027'
const notApplied = ['preparing', 'drafting', 'classReview', 'headApproval', 'scheduled', 'cancelled']
const applied = ['platformWork', 'completed', 'completedWithRemarks']

/** Who may decide what, and when (7.11, BR-26, BR-27). */
function checkDecisions(plot: YearEndPlot): void {
  const { last } = plot.cohort
  const [was, is] = [last?.before.get(id), plot.cohort.instances.get(id)!]
  if (!was || was === is) return
  const [from, to] = [stateOf(was.snapshot), stateOf(is.snapshot)]
  const [before, now] = [contextOf<YearEndPromotionContext>(was), contextOf<YearEndPromotionContext>(is)]
  if (was.ended) assert.equal(to, from, 'what has ended stays as it ended')
  if (from === 'classReview' && to === 'headApproval') assert.deepEqual([...plot.confirmed].sort(), ['c5', 'c8', 'c9'], 'every class was looked through since the list was called ready')
  if (from === 'headApproval' && to === 'scheduled') {
    const facts = last!.inputs.map(({ event }) => event.facts as { checks: Record<string, boolean> }).find((found) => found?.checks !== undefined)!
    const { otherApprover, unusual, ...needed } = facts.checks
    assert.deepEqual(Object.values(needed), [true, true, true, true], 'BR-26: order, approver, decisions, date')
    if (otherApprover) assert.notEqual(now.approvedBy, before.preparedBy, 'BR-27: who prepared it does not approve it')
    if (unusual) assert.ok(last!.inputs.some(({ event }) => event.confirmedUnusual === true), 'the unusual is looked at twice')
    assert.equal(now.attempt, before.attempt + 1)
  }
  if (to === 'applying' && from !== 'applying') assert.ok(from === 'scheduled' && before.orderId !== null && before.approvedBy !== null, 'applied only as approved')
  if (to === 'rollingBack' && from !== 'rollingBack') assert.ok(plot.cohort.now <= plot.rollbackEndsAt, 'taken back only until 20 September')
  if (to === 'cancelled') assert.deepEqual(now.steps, [], 'what was changed on the platform is put back there first')
  if (to === 'completed') assert.deepEqual(now.steps, [])
}

/** What people are asked to do on the platform: each step once, and leavers keep their chats until the year is over. */
function checkWork(plot: YearEndPlot): void {
  const { steps } = plot.context
  const keys = plot.tasks('T-PROM-STEPS').map(({ key }) => key)
  assert.equal(new Set(keys).size, keys.length, 'asked for twice')
  if (!['applying', 'rollingBack'].includes(plot.state)) for (const key of keys) assert.ok(steps.some((step) => step.key === key), `${key} is not to be done any more`)
  const asked = [...notApplied.filter((state) => state !== 'preparing' && state !== 'cancelled'), 'platformWork']
  for (const { key, after } of steps) {
    if (after === 'yearEnd' && plot.cohort.now < plot.yearEndsAt) assert.ok(!keys.includes(key), `${key} before the year is over`)
    if (after === 'now' && asked.includes(plot.state)) assert.ok(keys.includes(key), `nobody is asked for ${key}`)
  }
}

/** The register is of the new year when the process says so, and of the old one when it does not. */
function checkRegister(plot: YearEndPlot): void {
  if (notApplied.includes(plot.state)) assert.equal(plot.register, 'before', plot.state)
  if (applied.includes(plot.state)) assert.equal(plot.register, 'after', plot.state)
  assert.ok(plot.moves <= 2 * plot.context.attempt, 'one way up and one way back for each approval')
}

test('the year’s end keeps the rules in any order of events: four eyes, one move for an approval, back until the day and not after, nothing asked twice', { timeout: 180_000 }, () => {
  const reached = new Set<string>()
  let restored = 0
  fc.assert(
    fc.property(plot, (choices) => {
      const plot = new YearEndPlot((plot) => {
        checkStep(plot.cohort)
        checkDecisions(plot)
        checkWork(plot)
        checkRegister(plot)
        reached.add(plot.state)
        if (plot.context.steps.some(({ kind }) => kind === 'restoreClass')) restored += 1
      })
      // Left to chance few plots would come as far as the new year: they set out from anywhere on the usual way.
      for (let steps = choices[0]![1] % 16; steps > 0; steps -= 1) plot.leadOn()
      for (const [index, choice] of choices.entries()) {
        plot.play(choice)
        if (index % 6 === 0) checkRepeat(plot.cohort)
      }
    }),
    { seed, numRuns: 1_500 },
  )
  // The plots are worth something only if they come far.
  for (const state of [...notApplied, ...applied, 'applying', 'rollingBack']) expect(reached).toContain(state)
  expect(restored).toBeGreaterThan(0)
})
