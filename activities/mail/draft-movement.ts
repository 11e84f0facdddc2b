import { findClass } from '../../db/classes.ts'
import { findMovement } from '../../db/movements.ts'
import { movementNoticeLetter } from '../../school/texts/letters/movement.ts'
import { Undraftable, type Draft, type DraftSources } from './draft.ts'

/** L-MOVE-NOTICE, to the class teacher: something changes in the class. Who it is about stands in the register, not in a letter. */
export async function draftMovementNotice({ tx, letter, school }: DraftSources): Promise<Draft> {
  const movement = await findMovement(tx, String(letter.values.movement))
  const schoolClass = await findClass(tx, String(letter.values.class))
  if (!movement || !schoolClass) throw new Undraftable('noProcess')
  const { kind, effectiveOn, number, takenBackAt } = movement
  return { text: movementNoticeLetter({ className: schoolClass.name, shortName: school.shortName, kind, effectiveOn, number, takenBack: takenBackAt !== null }) }
}
