import type { Static } from 'typebox'
import { promotionTexts as texts } from '../../../school/texts/console/promotion.ts'
import { html, type Html } from '../../html.ts'
import type { SchoolClass } from '../../schemas/structure.ts'
import { formGuards, type Visit } from '../visit.ts'

type Class = Static<typeof SchoolClass>

/** The last class there is anywhere. */
const lastGrade = 11

/** Names of classes a year on: each a grade higher, and first ones where there are first ones now. */
export function proposedNames(classes: readonly Class[], gradeMax = lastGrade): string[] {
  const plain = classes.filter(({ grades, closedAt }) => grades.length === 1 && closedAt === null)
  const named = (grade: number, { name, grades }: Class) => name.replace(String(grades[0]), String(grade))
  return [...plain.filter(({ grades }) => grades[0] === 1).map((one) => named(1, one)), ...plain.filter(({ grades }) => grades[0]! < gradeMax).map((one) => named(one.grades[0]! + 1, one))]
}

/** The classes that pupils go on to, to be entered before the list is drawn up. */
export async function nextYearView(visit: Visit, promotionId: string, { fromYear, toYear }: { fromYear: string; toYear: string }, problem?: string): Promise<Html> {
  const classesOf = async (year: string) => (await visit.api.get<{ items: Class[] }>(`/classes?academicYear=${year}`)).items
  const [now, then] = [await classesOf(fromYear), await classesOf(toYear)]
  const { gradeMax } = await visit.api.get<{ gradeMax: number }>(`/organizations/${visit.school!.id}`)
  const there = new Set(then.map(({ name }) => name))
  const missing = proposedNames(now, gradeMax).filter((name) => !there.has(name))
  return html`<section class="card"><h2>${texts.nextYear}</h2>
    <p>${texts.nextYearThere}: ${then.length}${then.length > 0 && html` — ${then.map(({ name }) => name).join(', ')}`}</p>
    ${visit.may('structure') &&
    html`<details id="add-classes" ${(missing.length > 0 || problem !== undefined) && html`open`}><summary>${texts.addClasses}</summary><form method="post" action="/movement/year-end/${encodeURIComponent(promotionId)}/classes" class="stack">${formGuards(visit)}
      <label for="names">${texts.nextYear}</label><textarea id="names" name="names" rows="8" maxlength="4000" aria-describedby="names-hint ${problem !== undefined && 'names-problem'}" ${problem !== undefined && html`aria-invalid="true"`}>${problem === undefined ? missing.join('\n') : visit.form.get('names')}</textarea>
      ${problem !== undefined && html`<p class="field-problem" id="names-problem">${problem}</p>`}
      <p class="hint" id="names-hint">${texts.nextYearHint}</p><button>${texts.makeClasses}</button></form></details>`}
  </section>`
}
