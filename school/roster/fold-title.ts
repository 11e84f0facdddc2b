import { searchKey } from '../validation/search-key.ts'

/** The title of a column in the form titles are compared in: «Ф.И.О. ученика*» and «фио ученика» are one. */
export function foldTitle(title: string): string {
  return searchKey(title)
    .replace(/[.\-'"«»„“”*:№#]/g, '')
    .replace(/[^a-zа-я0-9]+/g, ' ')
    .trim()
}
