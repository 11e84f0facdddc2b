import type { TableKind } from '../kinds.ts'
import { writtenColumns } from '../written-columns.ts'
import type { WrittenSheet } from './workbook.ts'

const asked = (kind: TableKind) => writtenColumns[kind].filter(({ hint }) => hint !== undefined)

/** The titles of a file to be filled in: what only an export has is not among them. */
export const templateTitles = (kind: TableKind): string[] => asked(kind).map(({ title }) => title)

/** The sheets of a workbook to be filled in: the titles, and on a sheet of its own what goes where. */
export function templateSheets(kind: TableKind, name: string): WrittenSheet[] {
  const titles = templateTitles(kind)
  return [
    { name, columns: titles.length, rows: [titles] },
    // One cell a line: nothing here reads like a row of titles.
    { name: 'Как заполнять', columns: 1, rows: [['Заполните лист слева и загрузите файл целиком; этот лист не читается.'], ...asked(kind).map(({ title, hint }) => [`Столбец «${title}» — ${hint}.`])] },
  ]
}
