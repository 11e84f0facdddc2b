import type { AnyStateNode } from 'xstate'
import { definitionOf } from '../../machines/catalogue.ts'
import { eventLabel, stateLabel } from '../../school/texts/labels.ts'

/** A machine as a picture needs it: states, and between two of them the names of everything that leads from one to the other. */
export interface MachineGraph {
  initial: string
  states: { id: string; label: string; final: boolean }[]
  moves: Move[]
  /** What leads from many states to one end in the same way (CANCEL): drawn once. */
  shared: { from: string[]; to: string; labels: string[] }[]
}

interface Move {
  from: string
  to: string
  labels: string[]
}

/** So many arrows alike hide the story of a process. */
const many = 4

/** The graph of a process kind. Events that leave the state as it is are left out. */
export function machineGraph(kind: string): MachineGraph {
  const { root } = definitionOf(kind).machine
  const states = Object.values(root.states as Record<string, AnyStateNode>)
  const moves = new Map<string, Move>()
  const add = (from: string, to: string, event: string) => {
    if (from === to) return
    const key = `${from} ${to}`
    const move = moves.get(key) ?? { from, to, labels: [] }
    // An unnamed transition is one the machine takes by itself.
    const label = event === '' ? 'сразу' : eventLabel(kind, event)
    if (!move.labels.includes(label)) move.labels.push(label)
    moves.set(key, move)
  }
  const everywhere = leading(root)
  for (const state of states) {
    const own = leading(state)
    for (const { event, to } of own) add(state.key, to, event)
    // What the whole machine takes, every state takes that has no answer of its own and is not final.
    const answered = new Set(own.map(({ event }) => event))
    if (state.type !== 'final') for (const { event, to } of everywhere) if (!answered.has(event)) add(state.key, to, event)
  }
  return {
    initial: Object.keys(root.states).find((key) => root.initial.target[0]?.key === key) ?? states[0]!.key,
    states: states.map(({ key, type }) => ({ id: key, label: stateLabel(kind, key), final: type === 'final' })),
    ...gathered([...moves.values()], new Set(states.filter(({ type }) => type === 'final').map(({ key }) => key))),
  }
}

function gathered(moves: readonly Move[], endings: ReadonlySet<string>): Pick<MachineGraph, 'moves' | 'shared'> {
  const alike = Map.groupBy(moves, ({ to, labels }) => [to, ...labels].join('\n'))
  const [shared, own] = [[...alike.values()].filter(isShared), [...alike.values()].filter((group) => !isShared(group))]
  return {
    moves: own.flat(),
    shared: shared.map((group) => ({ from: group.map(({ from }) => from), to: group[0]!.to, labels: group[0]!.labels })),
  }

  // Only ways out: what leads on is the story.
  function isShared(group: readonly Move[]): boolean {
    return group.length >= many && endings.has(group[0]!.to)
  }
}

function leading(node: AnyStateNode): { event: string; to: string }[] {
  const named = [...node.transitions.entries()].flatMap(([event, transitions]) => transitions.map((transition) => ({ event, transition })))
  const byItself = (node.always ?? []).map((transition) => ({ event: '', transition }))
  return [...named, ...byItself].flatMap(({ event, transition }) => (transition.target ?? []).map((target) => ({ event, to: target.key })))
}
