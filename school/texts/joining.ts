import { plural } from './format.ts'

export type JoiningAudience = 'student' | 'guardian'

/** «Для родителей (законных представителей) 5А»: what a strip says in its largest type (domain guide 7.5). */
export const forWhom = (audience: JoiningAudience, className: string): string => (audience === 'guardian' ? `Для родителей (законных представителей) ${className}` : `Для учеников ${className}`)

/** Who has a link of their own. */
export const notForOthers = (audience: JoiningAudience): string => (audience === 'guardian' ? 'Ученики вступают по другой ссылке. Участие добровольное.' : 'Родители (законные представители) вступают по другой ссылке.')

/** «Вступили 21 из 25, 2 отказа». */
export function joiningSummary({ joined, people, declined }: { joined: number; people: number; declined: number }): string {
  const said = `${joined === 1 ? 'Вступил' : 'Вступили'} ${joined} из ${people}`
  return declined === 0 ? said : `${said}, ${plural(declined, { one: 'отказ', few: 'отказа', many: 'отказов' })}`
}
