import { findPeople } from '../../db/people.ts'
import { findSpace } from '../../db/spaces.ts'
import { spaceKindTitle } from '../../school/space-kinds.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { shown, text, type Look } from './value.ts'

/** A class or chat on the platform: what it is, whose it is, and whose it becomes. */
export const space: Look = async ({ tx, task: { values } }) => {
  const id = text(values.space)
  const found = id === undefined ? undefined : await findSpace(tx, id)
  if (!found) return []
  const other = text(values.person)
  const people = new Map((await findPeople(tx, [found.ownerId, other].flatMap((one) => one ?? []))).map((one) => [one.id, fullName(one)]))
  return [
    shown('name', 'Название', found.name),
    shown('kind', 'Что это', spaceKindTitle(found.kind)),
    shown('class', 'Класс', found.className),
    shown('subject', 'Предмет', [found.subjectName, found.classGroup].filter(Boolean).join(', ')),
    shown('owner', 'Владелец', found.ownerId && people.get(found.ownerId)),
    other === found.ownerId ? undefined : shown('newOwner', 'Новый владелец', other && people.get(other)),
  ]
}
