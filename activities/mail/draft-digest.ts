import { findAdministrators, findExpiringLinks, findOpenTasksOf } from '../../db/digest.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { taskTitle } from '../../school/texts/labels.ts'
import { digestLetter } from '../../school/texts/letters/tasks.ts'
import { Undraftable, type Draft, type DraftSources } from './draft.ts'

/** L-TASKS-DIGEST: what one person has to do, as it stands when the letter is written. */
export async function draftDigest({ tx, letter, school, now }: DraftSources): Promise<Draft> {
  if (!('person' in letter.recipient)) throw new Undraftable('noAddress')
  const { person } = letter.recipient
  const tasks = await findOpenTasksOf(tx, person, now)
  const expiring = (await findAdministrators(tx)).includes(person) ? await findExpiringLinks(tx) : []
  return {
    text: digestLetter({
      date: localClock(school.timezone).localDate(letter.queuedAt),
      shortName: school.shortName,
      timezone: school.timezone,
      tasks: tasks.map(({ kind, dueAt, overdue }) => ({ title: taskTitle(kind), dueAt, overdue })),
      expiring,
      stalled: Number(letter.values.stalled ?? 0),
    }),
  }
}
