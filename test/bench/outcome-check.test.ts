import { expect, test } from 'vitest'
import type { Outcome, Word } from '../../bench/engines/engine.ts'
import { problemsOf, type Observed } from '../../bench/outcome-check.ts'

const addresses = ['p0@zarechie.example', 'p1@zarechie.example', 'p2@zarechie.example']
const letterTo = (index: number, messageId = `<${index}@zarechie.example>`) => ({ to: addresses[index]!, messageId, at: 0 })
const outcome = (index: number, state: Outcome['state']): Outcome => ({ index, state, at: 0 })

/** A run in which everything went right: one joined, one was taken back, one expired. */
const flawless: Observed = {
  addresses,
  letters: [letterTo(0), letterTo(1), letterTo(2)],
  other: new Set(),
  said: new Map<number, Word>([[0, 'joined'], [1, 'revoked']]),
  refused: 0,
  outcomes: [outcome(0, 'joined'), outcome(1, 'revoked'), outcome(2, 'expired')],
}

test('a run that did all of its work has no problems, whatever else it wrote to people', () => {
  expect(problemsOf(flawless)).toEqual([])
  expect(problemsOf({ ...flawless, letters: [...flawless.letters, letterTo(2, '<reminder@zarechie.example>')], other: new Set(['<reminder@zarechie.example>']) })).toEqual([])
})

test('a letter that is missing, doubled or strange is found', () => {
  expect(problemsOf({ ...flawless, letters: [letterTo(0), letterTo(1)] })).toEqual(['1 without a letter'])
  expect(problemsOf({ ...flawless, letters: [...flawless.letters, letterTo(1)] })).toEqual(['1 with more than one letter'])
  expect(problemsOf({ ...flawless, letters: [...flawless.letters, { to: 'x@zarechie.example', messageId: '<x>', at: 0 }] })).toEqual(['letters to 1 who were not invited'])
})

test('a word that was lost, overruled or refused is found', () => {
  expect(problemsOf({ ...flawless, outcomes: [outcome(0, 'waiting'), outcome(1, 'revoked'), outcome(2, 'expired')] })).toEqual(['1 words lost'])
  expect(problemsOf({ ...flawless, outcomes: [outcome(0, 'joined'), outcome(1, 'expired'), outcome(2, 'expired')] })).toEqual(['1 expired although somebody had said otherwise'])
  expect(problemsOf({ ...flawless, said: new Map<number, Word>([[0, 'joined']]), refused: 1, outcomes: [outcome(0, 'joined'), outcome(2, 'expired')] })).toEqual(['1 words refused', '1 not expired'])
})

test('an invitation that never ended is found', () => {
  expect(problemsOf({ ...flawless, outcomes: flawless.outcomes.slice(0, 2) })).toEqual(['1 not expired'])
})
