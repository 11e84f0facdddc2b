import { findLink } from '../../db/link-queries.ts'
import { findPerson, type PersonRow } from '../../db/people.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { formatPhone } from '../../school/validation/phone.ts'
import { hidden, shown, text, type Look, type Source, type TaskValue } from './value.ts'

/** The member of staff a task is about. */
async function aboutWhom({ tx, task }: Source): Promise<PersonRow | undefined> {
  const id = text(task.values.person)
  return id === undefined ? undefined : findPerson(tx, id)
}

const who = (found: PersonRow | undefined): TaskValue | undefined => shown('person', 'Кто', found && fullName(found))

const placeOf = (found: PersonRow | undefined) => found?.memberships.find(({ kind, endedAt }) => kind === 'staff' && !endedAt)

/** Who, as what, and the class: the one the task names, else the person's own. */
export const person: Look = async (source) => {
  const found = await aboutWhom(source)
  const place = placeOf(found)
  return [who(found), shown('position', 'Должность', place?.position), shown('class', 'Класс', text(source.task.values.className) ?? place?.className)]
}

/** Somebody to be asked whether it was them. */
export const personWithPhone: Look = async (source) => {
  const found = await aboutWhom(source)
  return [...(await person(source)), hidden('phone', 'Телефон', found?.phone && formatPhone(found.phone))]
}

export const contacts: Look = async (source) => {
  const found = await aboutWhom(source)
  return [who(found), hidden('email', 'Адрес почты', found?.email), hidden('phone', 'Телефон', found?.phone && formatPhone(found.phone))]
}

/** Who joined by which link. */
export const lateComer: Look = async (source) => {
  const id = text(source.task.values.link)
  return [...(await person(source)), shown('number', 'Номер ссылки', id && (await findLink(source.tx, id))?.number)]
}
