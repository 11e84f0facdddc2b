import { graphlib, layout } from '@dagrejs/dagre'
import { processLabel } from '../../school/texts/labels.ts'
import { escapeHtml } from '../html.ts'
import { machineGraph } from './machine-graph.ts'

const font = 14
/** Widest a Cyrillic letter of the font is drawn, on average, in its size; text is measured without a browser. */
const letter = 0.58
const lineHeight = 18
const wrapAt = 26
const shownLabels = 3

const wrap = (text: string): string[] => {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + word.length >= wrapAt) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
const boxOf = (lines: readonly string[], size: number) => ({ width: Math.max(...lines.map(({ length }) => length)) * size * letter, height: lines.length * lineHeight })

/** The picture of a process as SVG, in Russian, its current state lit. The layout is dagre's. */
export function processDiagram(kind: string, current: string): string {
  const { initial, states, moves: own, shared } = machineGraph(kind)
  const labelOf = new Map(states.map(({ id, label }) => [id, label]))
  const notes = shared.map(({ from, to, labels }, index) => ({ id: `from-many-${index}`, to, labels, lines: wrap(`Из состояний: ${from.map((id) => `«${labelOf.get(id)}»`).join(', ')}`) }))
  const moves = [...own, ...notes.map(({ id, to, labels }) => ({ from: id, to, labels }))]
  const graph = new graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 48, ranksep: 44, edgesep: 24, marginx: 16, marginy: 16 })
  graph.setDefaultEdgeLabel(() => ({}))
  graph.setNode('start', { width: 14, height: 14 })
  for (const { id, label } of states) {
    const { width, height } = boxOf(wrap(label), font)
    graph.setNode(id, { width: width + 32, height: height + 20 })
  }
  for (const { id, lines } of notes) {
    const { width, height } = boxOf(lines, font - 2)
    graph.setNode(id, { width: width + 20, height: height + 14 })
  }
  graph.setEdge('start', initial, { width: 0, height: 0 })
  const linesOf = new Map<string, string[]>()
  for (const { from, to, labels } of moves) {
    const more = labels.length - shownLabels
    const lines = [...labels.slice(0, shownLabels), ...(more > 0 ? [`и ещё ${more}`] : [])].flatMap(wrap)
    linesOf.set(`${from} ${to}`, lines)
    graph.setEdge(from, to, { ...boxOf(lines, font - 2), labelpos: 'c' })
  }
  layout(graph)

  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  const arrows = (graph.edges() as { v: string; w: string }[]).map(({ v, w }) => {
    const { points, x, y } = graph.edge(v, w) as { points: { x: number; y: number }[]; x?: number; y?: number }
    const path = points.map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join('')
    const label = linesOf.get(`${v} ${w}`)
    return { line: `<path d="${path}" fill="none" stroke="#7a869a" stroke-width="1.5" marker-end="url(#arrow)"/>`, label: label && x !== undefined && y !== undefined ? words(label, x, y, font - 2, '#42526e', true) : '' }
  })
  const boxes = states.map(({ id, label, final }) => {
    const node = graph.node(id) as { x: number; y: number; width: number; height: number }
    const lit = id === current
    const box = `<rect x="${(node.x - node.width / 2).toFixed(1)}" y="${(node.y - node.height / 2).toFixed(1)}" width="${node.width.toFixed(1)}" height="${node.height.toFixed(1)}" rx="10" fill="${lit ? '#1f5fbf' : '#ffffff'}" stroke="${lit ? '#123f82' : '#42526e'}" stroke-width="${final || lit ? 3 : 1.5}"/>`
    return `<g data-state="${escapeHtml(id)}"${lit ? ' data-current="true"' : ''}>${box}${words(wrap(label), node.x, node.y, font, lit ? '#ffffff' : '#172b4d', false)}</g>`
  })
  const sheets = notes.map(({ id, lines }) => {
    const node = graph.node(id) as { x: number; y: number; width: number; height: number }
    const sheet = `<rect x="${(node.x - node.width / 2).toFixed(1)}" y="${(node.y - node.height / 2).toFixed(1)}" width="${node.width.toFixed(1)}" height="${node.height.toFixed(1)}" fill="none" stroke="#7a869a" stroke-dasharray="4 3"/>`
    return `${sheet}${words(lines, node.x, node.y, font - 2, '#42526e', false)}`
  })
  const start = graph.node('start') as { x: number; y: number }
  const now = states.find(({ id }) => id === current)?.label ?? current
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" role="img" font-family="system-ui, 'DejaVu Sans', Arial, sans-serif">`,
    `<title>${escapeHtml(`${processLabel(kind)}: ${now}`)}</title>`,
    '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#7a869a"/></marker></defs>',
    `<rect width="100%" height="100%" fill="#f7f8fa"/>`,
    `<circle cx="${start.x.toFixed(1)}" cy="${start.y.toFixed(1)}" r="7" fill="#42526e"/>`,
    ...arrows.map(({ line }) => line),
    ...sheets,
    ...boxes,
    ...arrows.map(({ label }) => label),
    '</svg>',
  ].join('\n')
}

/** Centred lines; with a ground of their own where they lie on an arrow. */
function words(lines: readonly string[], x: number, y: number, size: number, color: string, ground: boolean): string {
  const { width, height } = boxOf(lines, size)
  const back = ground ? `<rect x="${(x - width / 2 - 3).toFixed(1)}" y="${(y - height / 2).toFixed(1)}" width="${(width + 6).toFixed(1)}" height="${height}" rx="4" fill="#f7f8fa" fill-opacity="0.9"/>` : ''
  const first = y - height / 2 + lineHeight * 0.72
  const spans = lines.map((line, index) => `<tspan x="${x.toFixed(1)}" y="${(first + index * lineHeight).toFixed(1)}">${escapeHtml(line)}</tspan>`).join('')
  return `${back}<text font-size="${size}" text-anchor="middle" fill="${color}">${spans}</text>`
}
