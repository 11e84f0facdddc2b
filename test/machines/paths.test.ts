import { getMicrosteps, type AnyMachineSnapshot } from 'xstate'
import { describe, expect, test } from 'vitest'
import { catalogue, definitionOf } from '../../machines/catalogue.ts'
import { letterCatalogue } from '../../machines/letter-catalogue.ts'
import { BEGAN } from '../../machines/process.ts'
import { taskCatalogue, taskKind } from '../../machines/task-catalogue.ts'
import { metaOf } from './hosted-machine.ts'
import { samplesOf } from './sample-events.ts'
import { graphOf, starts, timersOf, type Edge } from './walks.ts'

/** Every edge of every graph of the machine, and every state one of them passes. */
function edgesOf(kind: string): { edges: Edge[]; states: Set<string> } {
  const { machine } = catalogue[kind]!
  const edges = starts[kind]!.flatMap((start) => graphOf(kind, start))
  const states = new Set(edges.map(({ to }) => to.value as string))
  for (const { from, event } of edges) {
    if (states.size === Object.keys(machine.states).length) break
    // States that are left in the same step are passed through all the same.
    if (event.type !== BEGAN) for (const [passed] of getMicrosteps(machine, from, event)) states.add((passed as AnyMachineSnapshot).value as string)
  }
  return { edges, states }
}

describe.each(Object.keys(catalogue))('%s', (kind) => {
  const { edges, states } = edgesOf(kind)
  const { machine, events } = catalogue[kind]!

  test('every state can be reached', () => {
    expect([...states].sort()).toEqual(Object.keys(machine.states).sort())
  })

  test('every event leads somewhere from somewhere', () => {
    const taken = new Set(edges.map(({ event }) => event.type))
    expect(Object.keys(events).filter((type) => !taken.has(type) && !raised.has(`${kind}.${type}`))).toEqual([])
  })

  test('every event the machine reacts to is specified, and the other way round', () => {
    const known = machine.events.filter((type: string) => !type.startsWith('xstate.'))
    expect(known.sort()).toEqual(Object.keys(events).sort())
  })

  test('what a step asks of the host is in the catalogues', () => {
    for (const { effects } of edges) {
      for (const effect of effects) {
        if (effect.type === 'openTask') expect(Object.keys(taskCatalogue)).toContain(effect.params.kind)
        if (effect.type === 'queueLetter') expect(Object.keys(letterCatalogue)).toContain(effect.params.code)
        if (effect.type === 'setDeadline') expect(timersOf(kind)).toContain(effect.params.name)
        if (effect.type === 'spawn') expect(definitionOf(effect.params.kind).kind).toBe(effect.params.kind)
      }
    }
  })

  test('deadlines and tasks a step leaves behind are declared live by the state it ends in', () => {
    const stray = new Set<string>()
    for (const { from, event, to, effects } of edges) {
      const { deadlines = [], tasks = [] } = metaOf(to)
      for (const effect of effects) {
        const where = `${String(from.value)} ${event.type} ${String(to.value)}`
        if (effect.type === 'setDeadline' && !deadlines.includes(effect.params.name)) stray.add(`${where}: ${effect.params.name}`)
        // A task that opens a task does so for its owner.
        if (effect.type === 'openTask' && !effect.params.owner && !tasks.includes(effect.params.kind)) stray.add(`${where}: ${effect.params.kind}`)
      }
    }
    expect([...stray]).toEqual([])
  })

  test('every deadline a state declares is set by some step into it, and its event is taken there', () => {
    const missing = new Set<string>()
    for (const [state, node] of Object.entries(machine.states)) {
      for (const name of (node.meta as { deadlines?: string[] } | undefined)?.deadlines ?? []) {
        const set = edges.some(({ to, effects }) => to.value === state && effects.some((effect) => effect.type === 'setDeadline' && effect.params.name === name))
        const carried = edges.some(({ to }) => to.value === state && name in (to.context as { deadlines: object }).deadlines)
        if (!(set || carried) && !passedThrough.has(`${kind}.${state}`)) missing.add(`${state}: ${name} is never set`)
        if (name !== 'TIMER_RETENTION' && !machine.root.on && !node.ownEvents.includes(name)) missing.add(`${state}: ${name} is not taken`)
      }
    }
    expect([...missing]).toEqual([])
  })

  test('what a task of a state brings back is taken there', () => {
    const lost = new Set<string>()
    for (const [state, node] of Object.entries(machine.states)) {
      for (const code of (node.meta as { tasks?: string[] } | undefined)?.tasks ?? []) {
        const { evidence, event, failed } = taskKind(code)
        const meant = [...new Set([...samplesOf(evidence).map((found) => event(found as never, {}).type), ...(failed ? [failed] : [])])]
        const refused = meant.filter((type) => !edges.some(({ from, event }) => from.value === state && event.type === type))
        // Which answers make sense depends on what was asked; the rest are refused with the reason.
        if (code === 'T-REG-REPLY' ? refused.length === meant.length : refused.length > 0) lost.add(`${state}: ${code} → ${refused.join(', ')}`)
      }
    }
    expect([...lost]).toEqual([])
  })

  test('a state that is not final is left by an event, a timer or its retention', () => {
    const stuck = Object.entries(machine.states).filter(([state, node]) => !passedThrough.has(`${kind}.${state}`) && node.type !== 'final' && !edges.some(({ from, to }) => from.value === state && to.value !== state) && !(node.meta as { deadlines?: string[] } | undefined)?.deadlines?.includes('TIMER_RETENTION'))
    expect(stuck.map(([state]) => state)).toEqual([])
  })
})

/** Events a machine sends to itself within a step. */
const raised = new Set(['teacherOnboarding.VERIFICATION_REQUIRED'])
/** States that are left in the step that enters them. */
const passedThrough = new Set(['teacherOnboarding.joined'])
