import type { Candidate } from '../../../db/import-candidates.ts'
import { searchKey } from '../../../school/validation/search-key.ts'

/** Letters added, dropped, changed or swapped to make one of the other, up to a limit (optimal string alignment). */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length]!
}

/**
 * Whether a name of the file may be a name of the register misspelt or changed: up to two letters differ, a patronymic is
 * missing on one side, or only the last name is another one.
 */
export function isSimilar(matchKey: string, name: { lastName: string; firstName: string; patronymic: string | null }, person: Candidate): boolean {
  if (distance(matchKey, person.searchKey, 2) <= 2) return true
  const same = (a: string | null, b: string | null) => a !== null && b !== null && searchKey(a) === searchKey(b)
  const first = same(name.firstName, person.firstName)
  if (first && same(name.lastName, person.lastName)) return name.patronymic === null || person.patronymic === null
  return first && same(name.patronymic, person.patronymic)
}
