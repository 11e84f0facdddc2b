import type { Candidate, CandidateMembership } from '../../../db/import-candidates.ts'
import type { RowChange } from '../../../db/import-rows.ts'
import type { NameData } from '../../../school/roster/row.ts'
import { searchKey } from '../../../school/validation/search-key.ts'

/**
 * What the file changes about a name. The same letters in another case change nothing, «ё» goes before «е», and a file
 * that gives no patronymic takes none away.
 */
export function nameChanges(person: Candidate, name: Partial<NameData>): RowChange[] {
  return (['lastName', 'firstName', 'patronymic'] as const).flatMap((field) => {
    const [before, after] = [person[field], name[field] ?? null]
    if (after === null || after === before) return []
    const same = before !== null && searchKey(before) === searchKey(after)
    if (same && !(/ё/i.test(after) && !/ё/i.test(before))) return []
    return [{ field, before, after }]
  })
}

/** What the file changes about contacts and the like. An empty cell says nothing, so it takes nothing away. */
export function valueChanges<F extends RowChange['field']>(before: Partial<Record<F, string | boolean | null>>, after: Partial<Record<F, string | boolean | null>>, fields: readonly F[]): RowChange[] {
  return fields.flatMap((field) => {
    const [is, becomes] = [before[field] ?? null, after[field] ?? null]
    return becomes === null || is === becomes ? [] : [{ field, before: is, after: becomes }]
  })
}

/** The day somebody came is entered where it is not known; another day is a matter of orders. */
export const startChange = (membership: CandidateMembership, startsOn: string | null): RowChange[] =>
  membership.startsOn === null && startsOn !== null ? [{ field: 'startsOn', before: null, after: startsOn }] : []
