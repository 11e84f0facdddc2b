import { ReplayError } from '@temporalio/worker'
import { DeterminismViolationError } from '@temporalio/workflow'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../machines/catalogue.ts'
import * as workflowTypes from '../../workflows/index.ts'
import { readHistories } from '../support/history-files.ts'
import { mutatedBundle } from '../support/mutated-bundle.ts'
import { replay, watchedBundle, type DecidedStep } from '../support/replay.ts'

const histories = await readHistories()
const bundle = await watchedBundle()
const current = await replay(bundle, histories)

const replayedOf = (found: typeof current, name: string) => found.find((replayed) => replayed.name === name)!

/** A step without the version of the machine that took it. */
const decisions = (steps: readonly DecidedStep[]) => steps.map((step) => step.map(({ version: _version, ...decided }) => decided))

describe('processes that began under an earlier build go on under this one (P6, F12)', () => {
  test.each(histories)('$name: every command comes again in its order', ({ name }) => {
    expect(replayedOf(current, name).error).toBeUndefined()
  })

  test.each(histories)('$name: every step makes the same of every instance, so the workflow and PostgreSQL stay of one mind', ({ name, steps }) => {
    expect(decisions(replayedOf(current, name).steps)).toEqual(decisions(steps))
  })
})

describe('a machine of another version (F12)', () => {
  /** Runs that begin with instances which an earlier run left. */
  const continued = histories.filter(({ history }) => history.events![0]!.workflowExecutionStartedEventAttributes!.continuedExecutionRunId)
  const nextLink = (more: string) => mutatedBundle(bundle, `kind: 'inviteLink', version: 1,`, `kind: 'inviteLink', version: 2,${more}`)

  test('with a migration from the version in the history, a cohort that was carried over goes on', async () => {
    const replayed = await replay(nextLink(' migrations: { 1: (older) => older },'), continued)
    expect(replayed.filter(({ error }) => error)).toEqual([])
    expect(replayed.flatMap(({ steps }) => steps.flat()).filter(({ kind }) => kind === 'inviteLink').map(({ version }) => version)).toContain(2)
  })

  test('without one its task fails until there is one: it does not go on by guess', async () => {
    const replayed = await replay(nextLink(''), continued)
    expect(replayed).toEqual(continued.map(({ name }) => ({ name, error: expect.any(ReplayError), steps: [] })))
  })
})

describe('what is recorded', () => {
  test('every kind of process in its present version, and every workflow type', () => {
    const kinds = histories.flatMap(({ steps }) => steps.flat()).map(({ kind, version }) => `${kind} ${version}`)
    expect([...new Set(kinds)]).toEqual(expect.arrayContaining(Object.values(catalogue).map(({ kind, version }) => `${kind} ${version}`)))
    const types = histories.map(({ history }) => history.events![0]!.workflowExecutionStartedEventAttributes!.workflowType!.name)
    expect([...new Set(types)].sort()).toEqual(Object.keys(workflowTypes).sort())
  })

  test('a cohort that moved on: the run it left, the runs that go on from what was carried', () => {
    const ends = histories.filter(({ name }) => name.includes('link-continued')).map(({ history }) => Object.keys(history.events!.at(-1)!).find((key) => key.endsWith('EventAttributes')))
    expect(new Set(ends)).toEqual(new Set(['workflowExecutionContinuedAsNewEventAttributes', 'workflowExecutionCompletedEventAttributes']))
  })
})

describe('a build that would break running processes is found', () => {
  test('commands in another order: the timer before the letters', async () => {
    const swapped = mutatedBundle(
      bundle,
      'if (mailIsDue()) void mail() const next = earliest() if (next !== null) alarm.set(next)',
      'const next = earliest(); if (next !== null) alarm.set(next); if (mailIsDue()) void mail()',
    )
    const replayed = await replay(swapped, histories)
    expect(replayed.map(({ error }) => error)).toContainEqual(expect.any(DeterminismViolationError))
  })

  test('a machine that goes to another state with the same commands: Temporal is content, the steps are not', async () => {
    const replayed = await replay(mutatedBundle(bundle, `CLAIM: { target: 'claimed'`, `CLAIM: { target: 'open'`), histories)
    expect(replayed.filter(({ error }) => error)).toEqual([])
    const differing = histories.filter(({ name, steps }) => JSON.stringify(decisions(replayedOf(replayed, name).steps)) !== JSON.stringify(decisions(steps)))
    expect(differing.map(({ name }) => name)).toContain('0.1.0/registration')
  })
})
