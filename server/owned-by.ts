import type { ProcessRow } from '../db/process-queries.ts'
import { catalogue } from '../machines/catalogue.ts'
import type { Session } from './authentication.ts'

/** The member of a process's context with the person whose thing it is, for the kinds that have one. */
export const ownerMembers: Readonly<Record<string, string>> = Object.fromEntries(Object.values(catalogue).flatMap(({ kind, owner }) => (owner === undefined ? [] : [[kind, owner]])))

/** Whether what the process is about belongs to this person: a chat, a link into it. */
export function ownedBy({ personId }: Session, { kind, context }: Pick<ProcessRow, 'kind' | 'context'>): boolean {
  const member = ownerMembers[kind]
  return member !== undefined && context[member] === personId
}
