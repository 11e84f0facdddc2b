import { expect, test } from 'vitest'
import { catalogue } from '../../machines/catalogue.ts'
import { machineGraph } from '../../server/diagram/machine-graph.ts'
import { processDiagram } from '../../server/diagram/process-diagram.ts'

const kinds = Object.keys(catalogue)

test.each(kinds)('the picture of %s shows every state once, and lights the current one only', (kind) => {
  const { states } = machineGraph(kind)
  expect(states.map(({ id }) => id).sort()).toEqual(Object.keys(catalogue[kind]!.machine.states).sort())
  for (const { id } of states) {
    const svg = processDiagram(kind, id)
    expect(svg.match(/data-state=/g)).toHaveLength(states.length)
    expect(svg.match(/data-current="true"/g)).toHaveLength(1)
    expect(svg).toContain(`data-state="${id}" data-current="true"`)
  }
})

test.each(kinds)('the picture of %s is well-formed, Russian and without a script', (kind) => {
  const svg = processDiagram(kind, 'nowhere')
  const open: string[] = []
  for (const [, end, name, alone] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name)
    else if (!alone) open.push(name!)
  }
  expect(open).toEqual([])
  expect(svg).not.toMatch(/<script|NaN|undefined/)
  const words = [...svg.matchAll(/<tspan[^>]*>([^<]+)</g)].map(([, text]) => text!)
  expect(words.filter((text) => /[A-Z_]{4,}/.test(text))).toEqual([])
})

test('what leads to one end from everywhere is drawn once', () => {
  const { shared, moves } = machineGraph('organizationRegistration')
  expect(shared).toEqual([expect.objectContaining({ to: 'cancelled', labels: ['Отменить заявку'] })])
  expect(shared[0]!.from).toContain('rejected')
  expect(moves.filter(({ to }) => to === 'cancelled')).toEqual([])
})
