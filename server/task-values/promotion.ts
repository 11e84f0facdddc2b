import { findClass, listPupils } from '../../db/classes.ts'
import { findPeople } from '../../db/people.ts'
import { countDecisions, findFormerName, findPromotion } from '../../db/promotions.ts'
import { findProcess } from '../../db/process-queries.ts'
import { promotionDecisionLabel, promotionStepLabel } from '../../school/texts/promotion-labels.ts'
import { academicYearLabel } from '../../school/calendar/academic-year.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { shown, text, type Look, type Source } from './value.ts'

async function promotionOf({ tx, task }: Source) {
  const process = await findProcess(tx, task.ownerId)
  const id = text(process?.context.promotionId)
  return id === undefined ? undefined : findPromotion(tx, id)
}

/** What was decided about the pupils of one class, or of the school: «Переводится — 24, выпускается — 1». */
async function decisions(source: Source, classId?: string): Promise<string | undefined> {
  const promotion = await promotionOf(source)
  if (!promotion) return undefined
  const counts = new Map<string, number>()
  for (const row of await countDecisions(source.tx, promotion.id)) {
    if (classId === undefined || row.classId === classId) counts.set(row.decision, (counts.get(row.decision) ?? 0) + row.pupils)
  }
  return [...counts].map(([decision, pupils]) => `${promotionDecisionLabel(decision)} — ${pupils}`).join('\n')
}

const classOf = async ({ tx, task }: Source) => {
  const id = text(task.values.class)
  return id === undefined ? undefined : findClass(tx, id)
}

/** The list of a class that somebody looks through. */
export const promotedClass: Look = async (source) => {
  const found = await classOf(source)
  return [shown('class', 'Класс', found?.name), shown('decisions', 'Решения', found && (await decisions(source, found.id)))]
}

/** What is approved. */
export const promotion: Look = async (source) => {
  const found = await promotionOf(source)
  return [shown('year', 'Учебный год', found && academicYearLabel(found.toYear)), shown('decisions', 'Решения', await decisions(source))]
}

/** What to do with a class on the platform, and who is in it. */
export const promotionStep: Look = async (source) => {
  const found = await classOf(source)
  if (!found) return []
  const people = new Map((await findPeople(source.tx, (await listPupils(source.tx, found.id)).map(({ personId }) => personId))).map((person) => [person.id, fullName(person)]))
  const step = text(source.task.values.step)
  const promotion = step === 'openClass' ? await promotionOf(source) : undefined
  // It is called there as it was until somebody has renamed it.
  const onPlatform = promotion ? await findFormerName(source.tx, promotion.id, found.id) : found.platformName
  return [
    shown('step', 'Что сделать', step && promotionStepLabel(step)),
    shown('class', 'Класс', found.name),
    shown('year', 'Учебный год', academicYearLabel(found.academicYear)),
    shown('platformName', 'Название на платформе', onPlatform),
    shown('pupils', 'Ученики', [...people.values()].sort((a, b) => a.localeCompare(b, 'ru')).join('\n')),
  ]
}
