import { describe, expect, test } from 'vitest'
import { catalogue } from '../../machines/catalogue.ts'
import { closeReasons } from '../../machines/invite-link-events.ts'
import { deliveries } from '../../machines/invitation.ts'
import { letterCatalogue } from '../../machines/letter-catalogue.ts'
import { letterEvents, letterMachine, letterStates } from '../../machines/letter.ts'
import { sweepProblems } from '../../machines/link-sweep.ts'
import { BEGAN, RETENTION } from '../../machines/process.ts'
import { roles } from '../../machines/role.ts'
import { failReasons, taskCatalogue } from '../../machines/task-catalogue.ts'
import {
  closeReasonLabel,
  deliveryLabel,
  eventLabel,
  guardText,
  letterLabel,
  platformStateLabel,
  processLabel,
  reasonLabel,
  roleLabel,
  stateLabel,
  sweepProblemLabel,
  taskText,
  taskTitle,
} from '../../school/texts/labels.ts'

const hostNames = [BEGAN, 'MOVE_DEADLINE', 'STOP_DEADLINE', 'CALENDAR_CHANGED', RETENTION]
const hostGuards = ['deadlineIsLive', 'deadlineMovesByEvent', 'noLiveRegistration', 'spaceIsNew']
const kinds = Object.keys(catalogue)

/** Identifiers whose label holds no Russian word. */
const unlabelled = (identifiers: readonly string[], label: (identifier: string) => string) => identifiers.filter((identifier) => !/[а-яё]/i.test(label(identifier)))

test('every kind of process has a Russian name', () => {
  expect(unlabelled([...kinds, 'letter'], processLabel)).toEqual([])
})

describe.each(kinds)('%s', (kind) => {
  const { machine, events } = catalogue[kind]!

  test('every state has a Russian name', () => {
    expect(unlabelled(Object.keys(machine.states), (state) => stateLabel(kind, state))).toEqual([])
  })

  test('every event and timer, also the host’s, has a Russian name', () => {
    expect(unlabelled([...Object.keys(events), ...hostNames], (event) => eventLabel(kind, event))).toEqual([])
  })

  test('no event bears a name that the host gives its own lines of the timeline', () => {
    expect(hostNames.filter((name) => name in events)).toEqual([])
  })

  test('every guard says in Russian and in English what is wrong', () => {
    const guards = [...Object.keys(machine.implementations.guards), ...hostGuards]
    expect(unlabelled(guards, (guard) => guardText(guard))).toEqual([])
    expect(guards.filter((guard) => guardText(guard, 'en') === guard)).toEqual([])
  })
})

test('the letter machine is labelled like the others', () => {
  expect(unlabelled(letterStates, (state) => stateLabel('letter', state))).toEqual([])
  expect(unlabelled(letterEvents, (event) => eventLabel('letter', event))).toEqual([])
  expect(unlabelled(Object.keys(letterMachine.implementations.guards), (guard) => guardText(guard))).toEqual([])
})

test('every task has a title, steps, what to copy, and what follows', () => {
  expect(unlabelled(Object.keys(taskCatalogue), taskTitle)).toEqual([])
  for (const code of Object.keys(taskCatalogue)) {
    const text = taskText(code)!
    expect(text.steps.length, code).toBeGreaterThanOrEqual(3)
    expect(unlabelled([...text.steps, ...text.copy, text.done, text.failed], String), code).toEqual([])
    expect(text.copy.length, code).toBeGreaterThan(0)
  }
})

test('roles, reasons, deliveries, letters and platform states are named', () => {
  expect(unlabelled(roles, roleLabel)).toEqual([])
  expect(unlabelled(closeReasons, closeReasonLabel)).toEqual([])
  expect(unlabelled([...failReasons, 'noReply', 'setting', ...closeReasons], reasonLabel)).toEqual([])
  expect(unlabelled(deliveries, deliveryLabel)).toEqual([])
  expect(unlabelled(Object.keys(letterCatalogue), letterLabel)).toEqual([])
  expect(unlabelled(['none', 'live', 'revoked'], platformStateLabel)).toEqual([])
  expect(unlabelled(sweepProblems, sweepProblemLabel)).toEqual([])
})

test('a reason in a person’s own words stays as it is', () => {
  expect(reasonLabel('передумали')).toBe('передумали')
})
