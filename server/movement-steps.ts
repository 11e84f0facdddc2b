import { findClasses } from '../db/classes.ts'
import type { Queryable } from '../db/connection.ts'
import { findSpace } from '../db/spaces.ts'
import type { MovementStep } from '../machines/movement-steps.ts'
import { dutyLabel } from '../school/texts/movement-labels.ts'

/** What each step is about, in words: a class or chat by its name, rights by theirs. */
export async function stepSubjects(tx: Queryable, steps: readonly MovementStep[]): Promise<ReadonlyMap<string, string>> {
  const spaces = new Map<string, string>()
  for (const id of new Set(steps.flatMap(({ space }) => space ?? []))) spaces.set(id, (await findSpace(tx, id))?.name ?? id)
  const classes = new Map((await findClasses(tx, steps.flatMap((step) => step.class ?? []))).map(({ id, name }) => [id, name]))
  return new Map(steps.map((step) => [step.id, step.space === null ? dutyOf(step, classes) : spaces.get(step.space)!]))
}

function dutyOf({ id, via, class: classId }: MovementStep, classes: ReadonlyMap<string, string>): string {
  const duty = via === null ? id.split(':')[1]! : classId === null ? 'extraAdmin' : 'classTeacher'
  return [dutyLabel(duty), classId && classes.get(classId)].filter(Boolean).join(' ')
}
