import { findPerson, worksHere } from '../../db/people.ts'
import { listJoiningsInto } from '../../db/joinings.ts'
import { listLinksOf } from '../../db/spaces.ts'
import { invalidFields } from '../failures.ts'
import type { FactsRequest } from './index.ts'

/** What is looked up before a chat is handed over: who gives it, and whether who takes it works here. */
export async function handoverFacts({ tx, process, fields }: FactsRequest) {
  const newOwner = await findPerson(tx, String(fields.personId))
  if (!newOwner) throw invalidFields({ code: 'personUnknown', path: 'personId' })
  const owner = typeof process.context.ownerId === 'string' ? await findPerson(tx, process.context.ownerId) : undefined
  return { newOwnerWorks: worksHere(newOwner), ownerWorks: owner !== undefined && worksHere(owner) }
}

/** What changes hands with a space: the links into it, and classes joining by them. */
export async function ownerFacts({ tx, process }: FactsRequest) {
  return { links: (await listLinksOf(tx, [process.id]))[0]?.links ?? [], joinings: await listJoiningsInto(tx, process.id) }
}

/** The links into a space that must die with it. */
export async function archiveFacts({ tx, process }: FactsRequest) {
  const [found] = await listLinksOf(tx, [process.id])
  return { links: found?.links ?? [] }
}
