import { fileURLToPath } from 'node:url'
import { fill } from '../charts/fill.ts'
import { readResults, type Result } from '../charts/read-results.ts'
import { country, needs, type PerInvitation } from './country.ts'

// node bench/scale/draw.ts: the numbers of docs/scale.md, from the largest run of the service that there is.
const ours = [...readResults('full'), ...readResults('quick')].filter(({ part, problems }) => part.engine === 'sferum-flow' && part.shape === 'together' && problems.length === 0)
const measured = ours.sort((a, b) => b.part.invitations - a.part.invitations)[0]
if (!measured) throw new Error('no run of the service has been kept: npm run bench -- --only sferum-flow')

const one = perInvitation(measured)
const all = needs(one)
fill(fileURLToPath(new URL('../../docs/scale.md', import.meta.url)), {
  measured: [
    `Прогон: ${whole(measured.part.invitations)} приглашений, ${measured.at.slice(0, 10)}, ${measured.machine.cpu}, ядер: ${measured.machine.cores}.`,
    '',
    table('на одно приглашение', [
      ['ЦП, мс (с письмами об истечении)', tenths(one.cpuSeconds * 1000)],
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
})

function perInvitation({ part: { invitations: n }, cpuSecondsPer1000WithTail, bytesPerInvitation, walBytesPerInvitation, details, otherLetters, letters }: Result): PerInvitation {
  return {
    cpuSeconds: cpuSecondsPer1000WithTail / 1000,
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
