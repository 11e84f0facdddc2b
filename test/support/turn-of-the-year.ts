import { shiftDate } from '../../school/calendar/local-date.ts'

const working = ['12-28', '12-29', '12-30', '01-11', '01-12', '01-13', '01-14', '01-15', '01-16', '01-18', '01-19', '01-20', '01-21', '01-22', '01-25', '01-26', '01-27', '01-28', '01-29', '02-01', '02-02', '02-03', '02-04', '02-05', '02-08', '02-09', '02-10', '02-11', '02-12', '02-15', '02-16']
const kinds: Record<string, string> = { ...Object.fromEntries(working.map((day) => [day, 'working'])), '01-15': 'shortened', '01-16': 'movedWorking' }

/**
 * The next turn of a year as the school in Samara has it, every day from 28 December to 16 February told, so that it is the
 * same whenever a test runs: long holidays, the 15th of January shortened, a Saturday that works.
 */
export async function turnOfTheYear(school: { now: () => Promise<Date>; rows: (sql: string, values: unknown[]) => Promise<object[]> }) {
  const year = new Date((await school.now()).getTime() + 4 * 24 * 60 * 60 * 1000).getUTCFullYear()
  const dated = (day: string) => `${day >= '12' ? year : year + 1}-${day}`
  const corrections: { date: string; kind: string }[] = []
  for (let date = dated('12-28'); date <= dated('02-16'); date = shiftDate(date, 1)) corrections.push({ date, kind: kinds[date.slice(5)] ?? 'movedOff' })
  await school.rows(`update organizations set settings = settings || jsonb_build_object('calendarCorrections', $1::jsonb)`, [JSON.stringify(corrections)])

  return {
    /** The date of a day `MM-DD`. */
    dated,
    /** An instant by the clock of the school. */
    at: (day: string, time = '18:00') => new Date(`${dated(day)}T${time}:00+04:00`),
  }
}
