import { fileURLToPath } from 'node:url'
import { fill } from '../charts/fill.ts'
import { readResults, type Result } from '../charts/read-results.ts'
import { country, needs, type PerInvitation } from './country.ts'

// node bench/scale/draw.ts: the numbers of docs/scale.md, from the largest run of the service that there is.
const ours = [...readResults('full'), ...readResults('quick')].filter(({ part, problems }) => part.engine === 'sferum-flow' && part.shape === 'together' && problems.length === 0)
const measured = ours.sort((a, b) => b.part.invitations - a.part.invitations)[0]
fill(fileURLToPath(new URL('../../docs/scale.md', import.meta.url)), measured ? figuresFrom(measured) : { measured: 'Ещё не измерено.', country: 'Ещё не измерено.' })

function figuresFrom(result: Result): Record<string, string> {
  const one = perInvitation(result)
  const all = needs(one)
  return {
    measured: [
      `Прогон: ${whole(result.part.invitations)} приглашений, ${result.at.slice(0, 10)}, ${result.machine.cpu}, ядер: ${result.machine.cores}.`,
      '',
      table('на одно приглашение', [
        ['ЦП, мс (со всеми письмами и ожиданием)', tenths(one.cpuSeconds * 1000)],
        ['PostgreSQL, байт', whole(one.postgresBytes)],
        ['Temporal, байт', whole(one.temporalBytes)],
        ['журнал предзаписи PostgreSQL, байт', whole(one.walBytes)],
        ['событий истории Temporal', hundredths(one.historyEvents)],
        ['процессов Temporal', hundredths(one.workflowShare)],
        ['писем', hundredths(one.letters)],
      ]),
    ].join('\n'),
    country: table('страна', [
      ['приглашений в год', whole(all.invitations)],
      ['в сентябре в среднем, в секунду', whole(all.meanPerSecond)],
      [`в час пик (×${country.peakToMean}), в секунду`, whole(all.peakPerSecond)],
      ['писем в час пик, в секунду', whole(all.peakLettersPerSecond)],
      ['ядер в час пик, все процессы', whole(Math.ceil(all.peakCores))],
      ['таких двухъядерных машин, как в прогоне', whole(Math.ceil(all.twoCoreMachines))],
      ['PostgreSQL за год, ГБ', gigabytes(all.yearPostgresBytes)],
      ['журнал предзаписи в час пик, МБ/с', tenths(all.peakWalBytesPerSecond / 1024 ** 2)],
      ['Temporal в конце сентября, ГБ', gigabytes(all.temporalBytes)],
      ['открытых процессов Temporal', whole(all.openWorkflows)],
      ['событий истории в час пик, в секунду', whole(all.peakHistoryEventsPerSecond)],
      ['то же на один из 512 сегментов истории, в секунду', hundredths(all.peakHistoryEventsPerSecond / 512)],
    ]),
  }
}

function perInvitation({ part: { invitations: n }, phases, bytesPerInvitation, walBytesPerInvitation, details, otherLetters, letters }: Result): PerInvitation {
  return {
    cpuSeconds: Object.values(phases).reduce((sum, { cpu }) => sum + Object.values(cpu).reduce((all, part) => all + part, 0), 0) / n,
    postgresBytes: bytesPerInvitation.postgres!,
    temporalBytes: bytesPerInvitation.temporal!,
    walBytes: walBytesPerInvitation,
    historyEvents: details.historyEvents! / n,
    workflowShare: details.workflows! / n,
    letters: 1 + otherLetters / n,
    perSecond: letters.perSecond,
  }
}

function table(title: string, rows: readonly (readonly [string, string])[]): string {
  return [`| ${title} | |`, '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n')
}

function whole(value: number) {
  return Math.round(value).toLocaleString('ru-RU')
}
function tenths(value: number) {
  return value.toLocaleString('ru-RU', { maximumFractionDigits: 1 })
}
function hundredths(value: number) {
  return value.toLocaleString('ru-RU', { maximumFractionDigits: 2 })
}
function gigabytes(value: number) {
  return whole(value / 1024 ** 3)
}
