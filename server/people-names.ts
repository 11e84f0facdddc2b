import type { Queryable } from '../db/connection.ts'
import { findPeople } from '../db/people.ts'
import { fullName } from '../school/validation/person-name.ts'

/** Names of people by id, for pages that mention them; an id of nobody is left out. */
export async function namesOf(tx: Queryable, ids: readonly (string | null | undefined)[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids.filter((id): id is string => typeof id === 'string' && id !== ''))]
  if (wanted.length === 0) return new Map()
  return new Map((await findPeople(tx, wanted)).map((person) => [person.id, fullName(person)]))
}
