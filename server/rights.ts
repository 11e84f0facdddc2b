import { roles, type Role } from '../machines/role.ts'

/**
 * What roles may do beside their own tasks (domain.md 4; design.md, answer 11). Events and tasks are decided by the
 * task catalogue (server/task-rights.ts).
 */
const rights = {
  /** See every process, task, letter and register of the school. */
  read: ['head', 'deputy', 'platformAdmin', 'extraAdmin', 'registrar', 'auditor'],
  /** See own tasks and what they belong to. */
  work: ['head', 'deputy', 'platformAdmin', 'extraAdmin', 'classTeacher', 'teacher', 'registrar'],
  /** Start processes, send any event, move deadlines, decide on letters. */
  run: ['head', 'platformAdmin'],
  /** Enter and change people. */
  people: ['head', 'platformAdmin', 'registrar'],
  /** Enter and change classes, subjects and who teaches what. */
  structure: ['head', 'platformAdmin', 'registrar'],
  /** Enter movements of pupils and staff (domain.md 7.6). */
  movements: ['head', 'platformAdmin', 'registrar'],
  /** Invite into any class or chat, as its owner may (R2.1-06). */
  invite: ['head', 'platformAdmin', 'extraAdmin'],
  /** Enter and cancel orders. */
  orders: ['head', 'platformAdmin', 'registrar'],
  settings: ['head', 'platformAdmin'],
  keys: ['head', 'platformAdmin'],
  /** See a link's address or a phone number in full; each time is journalled. */
  reveal: ['head', 'platformAdmin'],
  /** See e-mail addresses. */
  contacts: ['head', 'deputy', 'platformAdmin', 'registrar'],
  /** Answer people about what is known of them, and forget them (domain.md 13). */
  personalData: ['head', 'platformAdmin'],
  /** See who looked at what, and what was erased. */
  journal: ['head', 'auditor'],
  /** Hand in mail for the school's inbox. */
  mail: ['head', 'platformAdmin'],
  operate: ['operator'],
} as const satisfies Record<string, readonly Role[]>

/** Roles a school gives: `operator` belongs to none. */
export const schoolRoles = roles.filter((role): role is Exclude<Role, 'operator'> => role !== 'operator')

export type Right = keyof typeof rights

/** Whether one of these roles has the right. */
export function mayRoles(roles: readonly Role[], right: Right): boolean {
  const holders: readonly Role[] = rights[right]
  return roles.some((role) => holders.includes(role))
}

/** Roles that only the head gives (domain.md 4: «assigns platformAdmin»), and the head's own. */
export const rolesOfTheHead: readonly Role[] = ['head', 'deputy', 'platformAdmin']
