import { findClass } from '../../db/classes.ts'
import { findPerson } from '../../db/people.ts'
import { findProcess } from '../../db/process-queries.ts'
import type { MovementContext } from '../../machines/movement.ts'
import { movementNotice } from '../../school/texts/letters/movement.ts'
import { Undraftable, type Draft, type DraftSources } from './draft.ts'
import { calledBy } from './draft-invitation.ts'

/** L-MOVE-NOTICE: a class teacher hears that the class changes. */
export async function draftMovementNotice({ tx, letter, school }: DraftSources): Promise<Draft> {
  const person = 'person' in letter.recipient ? await findPerson(tx, letter.recipient.person) : undefined
  if (!person) throw new Undraftable('noAddress')
  const process = await findProcess(tx, letter.processId)
  const changed = await findClass(tx, String(letter.values.class))
  if (!process || !changed) throw new Undraftable('noProcess')
  const { number, effectiveOn } = process.context as unknown as MovementContext
  return { text: movementNotice({ calledBy: calledBy(person), shortName: school.shortName, className: changed.name, number, effectiveOn }) }
}
