import { byLoad, type Result, type Row } from './read-results.ts'

/** A table for each load, in Russian, from what was measured and nothing else. */
export function tablesOf(results: readonly Result[]): string {
  if (results.length === 0) return 'Ещё не измерено.\n'
  return byLoad(results)
    .map(({ invitations, shape, spreadSeconds, rows, results: runs }) => {
      const deadlines = shape === 'together' ? 'все сроки в один миг' : `сроки на протяжении ${spreadSeconds} с`
      const days = [...new Set(runs.map(({ at }) => at.slice(0, 10)))].join(', ')
      return `**${number(invitations)} приглашений, ${deadlines}** (${days}; ${busyness(runs)})\n\n${table(rows)}`
    })
    .join('\n')
}

/** How busy the machine was before each run, with what others did: a quiet one of two cores has less than one. */
function busyness(runs: readonly Result[]): string {
  const loads = runs.map(({ machine }) => machine.loadBefore)
  return `средняя нагрузка машины перед прогонами ${short(Math.min(...loads))}–${short(Math.max(...loads))}`
}

function table(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    [
      row.title,
      String(row.runs),
      whole(row.perSecond),
      `${whole(row.eventP50)} / ${whole(row.eventP99)} ${row.answer === 'decision' ? 'решение' : 'принято'}`,
      `${whole(row.lagP50)} / ${whole(row.lagP99)}`,
      row.cpuWithTail !== null && row.cpu !== null && row.cpuWithTail - row.cpu > 0.05 * row.cpu ? `${short(row.cpu)} (${short(row.cpuWithTail)})` : short(row.cpu),
      whole(row.bytes),
      row.memory === null ? '—' : whole(row.memory / 1024 ** 2),
      row.problems.length === 0 ? 'да' : `**нет**: ${row.problems.join('; ')}`,
    ].join(' | '),
  )
  return [
    '| на чём | прогонов | приглашений/с | слово извне p50 / p99, мс | запаздывание срока p50 / p99, мс | ЦП, с на 1000 | байт на приглашение | память, МБ | всё верно |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n')
}

/** How the service compares with another engine, medians of both: how many times better it is. */
export function ratiosTo(results: readonly Result[], ours: string): string {
  const loads = byLoad(results).flatMap(({ invitations, shape, rows }) => {
    const own = rows.find(({ engine }) => engine === ours)
    return own ? rows.filter((row) => row !== own).map((row) => ({ load: `${number(invitations)}, ${shape === 'together' ? 'вместе' : 'врозь'}`, row, own })) : []
  })
  if (loads.length === 0) return 'Ещё не измерено.\n'
  const times = (value: number | null, of: number | null) => (value === null || of === null || of <= 0 || value <= 0 ? '—' : `×${(value / of).toLocaleString('ru-RU', { maximumFractionDigits: value / of < 1 ? 2 : value / of < 10 ? 1 : 0 })}`)
  return [
    '| против | нагрузка | приглашений/с больше | ЦП меньше | байт меньше | запаздывание p99 меньше |',
    '|---|---|---|---|---|---|',
    ...loads.map(({ load, row, own }) => `| ${row.title} | ${load} | ${times(own.perSecond, row.perSecond)} | ${times(row.cpu, own.cpu)} | ${times(row.bytes, own.bytes)} | ${times(row.lagP99, own.lagP99)} |`),
    '',
  ].join('\n')
}

export const number = (value: number) => value.toLocaleString('ru-RU')
const whole = (value: number | null) => (value === null ? '—' : number(Math.round(value)))
const short = (value: number | null) => (value === null ? '—' : value.toLocaleString('ru-RU', { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
