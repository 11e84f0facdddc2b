import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { barChart } from './bar-chart.ts'
import { fill } from './fill.ts'
import { byLoad, readReach, readResults, type Result, type Row } from './read-results.ts'
import { reachTable } from './reach-table.ts'
import { ratiosTo, tablesOf } from './tables.ts'

// node bench/charts/draw.ts: the figures and charts of docs/performance.md, anew from bench/results/.
const docs = fileURLToPath(new URL('../../docs/', import.meta.url))
const ours = 'sferum-flow'
const full = readResults('full')
const quick = readResults('quick')

fill(`${docs}performance.md`, {
  full: tablesOf(full),
  quick: tablesOf(quick),
  ratios: ratiosTo(full.length > 0 ? full : quick, ours),
  machine: machineOf([...full, ...quick]),
  durability: durabilityOf([...quick, ...full]),
  reach: reachTable(readReach()),
})

mkdirSync(`${docs}images`, { recursive: true })
const first = byLoad(full.length > 0 ? full : quick).find(({ shape }) => shape === 'together')
if (first) {
  const load = `${first.invitations} приглашений, сроки в один миг`
  draw('performance-cpu', `Секунды ЦП на 1000 приглашений (${load})`, first.rows, ({ cpu }) => cpu)
  draw('performance-letters', `Приглашений в секунду (${load})`, first.rows, ({ perSecond }) => perSecond)
}

function draw(name: string, title: string, rows: readonly Row[], value: (row: Row) => number | null): void {
  const bars = rows.map((row) => ({ title: row.title, value: value(row) ?? 0, ours: row.engine === ours })).sort((a, b) => a.value - b.value)
  writeFileSync(`${docs}images/${name}.svg`, barChart(title, bars))
}

function machineOf(results: readonly Result[]): string {
  const lines = results.map(({ machine }) => `${machine.cpu}, ядер: ${machine.cores}, память: ${machine.memoryGb} ГБ, Node ${machine.node}`)
  const versions = Object.assign({}, ...results.map((result) => result.versions)) as Record<string, string>
  return [...new Set(lines), '', Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(' · ')].join('\n') || 'Ещё не измерено.'
}

function durabilityOf(results: readonly Result[]): string {
  const lines = new Map(results.map(({ engine }) => [engine.title, `| ${engine.title} | ${engine.durability} |`]))
  return lines.size === 0 ? 'Ещё не измерено.' : ['| на чём | что переживает отключение питания |', '|---|---|', ...lines.values()].join('\n')
}
