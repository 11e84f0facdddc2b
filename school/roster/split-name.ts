import { normalizeLine } from '../validation/normalize.ts'

/** A full name taken apart. `sure` is false where another reading is as good: such a split is shown for confirmation. */
export interface SplitName {
  lastName: string
  firstName: string
  patronymic: string
  sure: boolean
}

const patronymicEnds = /(ович|евич|ич|овна|евна|ична|инична)$/i
/** «Расим оглы»: the second word belongs to the patronymic. */
const patronymicWords = new Set(['оглы', 'оглу', 'огли', 'кызы', 'кизи', 'гызы', 'улы', 'уулу'])
/** «де ла Крус», «фон Берг»: these begin a last name. */
const particles = new Set(['де', 'дель', 'дер', 'ди', 'да', 'дос', 'ла', 'ле', 'фон', 'ван', 'эль', 'аль', 'бен', 'ибн', 'абу'])

/** «Мамедов Вагиф Расим оглы» in three parts: last name, first name, patronymic (domain.md 11). Missing parts are empty. */
export function splitFullName(text: string): SplitName {
  const words = normalizeLine(text.replaceAll(',', ' ')).split(' ').filter(Boolean)
  let lead = 0
  while (lead < words.length - 2 && particles.has(words[lead]!.toLowerCase())) lead += 1
  const lastName = words.slice(0, lead + 1).join(' ')
  const rest = words.slice(lead + 1)
  const last = rest.at(-1)?.toLowerCase() ?? ''
  const part = (from: number, to?: number) => rest.slice(from, to).join(' ')
  if (rest.length >= 3 && patronymicWords.has(last)) return { lastName, firstName: part(0, -2), patronymic: part(-2), sure: rest.length === 3 && lead === 0 }
  if (rest.length <= 2) return { lastName, firstName: rest[0] ?? '', patronymic: rest[1] ?? '', sure: lead === 0 }
  if (patronymicEnds.test(last)) return { lastName, firstName: part(0, -1), patronymic: part(-1), sure: false }
  return { lastName, firstName: rest[0]!, patronymic: part(1), sure: false }
}
