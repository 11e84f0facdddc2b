import type { Quantiles } from '../measure/quantiles.ts'
import type { readReach } from './read-results.ts'
import { number } from './tables.ts'

type Reach = ReturnType<typeof readReach>[number]

const ms = (value: unknown, figure: keyof Quantiles) => number(Math.round((value as Quantiles)[figure]))
const megabytes = (value: unknown) => number(Math.round(Number(value) / 1024 ** 2))

/** In words, what each measurement of bench/reach/ has found. */
const found: Readonly<Record<string, (reach: Reach) => string>> = {
  start: ({ size, requestMs, linkCreatedMs }) => `Запрос ссылки на ${size} человек: p50 ${ms(requestMs, 'p50')} мс, наибольшее ${ms(requestMs, 'max')} мс; «ссылка создана»: p50 ${ms(linkCreatedMs, 'p50')} мс`,
  burst: ({ size, answeredMs, refused }) => `${size} слов в один миг в один процесс: последний ответ через ${ms(answeredMs, 'max')} мс, отказов ${String(refused)}`,
  schools: ({ size, peopleOfSchool, lastLetterMs, longestToMedian }) =>
    `${size} школ по ${String(peopleOfSchool)} человек начинают вместе: последнее письмо школы p50 ${ms(lastLetterMs, 'p50')} мс, наибольшее ${ms(lastLetterMs, 'max')} мс (×${String(longestToMedian)} к медиане)`,
  live: ({ size, memory, quietMinuteCpuSeconds, readyAgainSeconds, firstWordMs }) => {
    const of = memory as Record<string, number>
    return `${number(size)} приглашений ждут: server и worker ${megabytes(of.server! + of.worker!)} МБ, Temporal ${megabytes(of.temporal)} МБ, PostgreSQL ${megabytes(of.postgres)} МБ; ЦП спокойной минуты ${String(quietMinuteCpuSeconds)} с; после kill -9 всего — снова готов через ${String(readyAgainSeconds)} с, первое слово ${String(firstWordMs)} мс`
  },
}

export function reachTable(all: readonly Reach[]): string {
  return all.length === 0 ? 'Ещё не измерено.' : all.map((reach) => `- ${found[reach.name]!(reach)} (${reach.at.slice(0, 10)}).`).join('\n')
}
