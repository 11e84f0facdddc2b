import type { Checked, Problem } from '../validation/checked.ts'
import { cyrillicLetters } from '../validation/look-alikes.ts'
import { checkPersonName } from '../validation/person-name.ts'
import { searchKey } from '../validation/search-key.ts'
import { readCell, readYesNo } from './cells.ts'
import { emptyCell, type Cell, type Field } from './kinds.ts'
import type { CellProblem, NameData } from './row.ts'
import { splitFullName } from './split-name.ts'

/** What is read off one row: texts by field, and everything that is wrong with them. */
export class RowReader {
  readonly problems: CellProblem[] = []
  readonly warnings: CellProblem[] = []
  private readonly cells: ReadonlyMap<Field, Cell>
  private readonly titles: ReadonlyMap<Field, string>

  constructor(cells: ReadonlyMap<Field, Cell>, titles: ReadonlyMap<Field, string>) {
    this.cells = cells
    this.titles = titles
  }

  has(field: Field): boolean {
    return this.titles.has(field)
  }

  cell(field: Field): Cell {
    return this.cells.get(field) ?? emptyCell
  }

  /** The text of a field in normal form, empty for none or for one that cannot be read. */
  text(field: Field): string {
    return this.take(field, readCell(this.cell(field))) ?? ''
  }

  /** The checked value, or undefined; what is wrong is noted under the field. */
  take<T>(field: Field, checked: Checked<T>): T | undefined {
    const list = checked.ok ? checked.warnings : checked.problems
    for (const problem of list) (checked.ok ? this.warnings : this.problems).push(this.noted(field, problem))
    return checked.ok ? checked.value : undefined
  }

  note(field: Field, code: CellProblem['code'], params: CellProblem['params'] = {}): void {
    this.problems.push({ field, column: this.titles.get(field) ?? '', code, params })
  }

  private noted(field: Field, { code, params }: Problem): CellProblem {
    const meant = suggestions[code]?.(this.cell(field).text, params)
    return { field, column: this.titles.get(field) ?? '', code, params, ...(meant && { suggestion: meant }) }
  }

  /** A name in three columns or in one; what cannot be a name is noted, the key is as good as the words allow. */
  name(of: { full: Field; last: Field; first: Field; patronymic: Field }): { data: NameData | undefined; key: string } {
    // One column serves where the three are not there or not filled in.
    const inOne = !this.has(of.last) || (this.cell(of.last).text.trim() === '' && this.cell(of.full).text.trim() !== '')
    const split = inOne ? splitFullName(this.text(of.full)) : undefined
    const parts = split ?? { lastName: this.text(of.last), firstName: this.text(of.first), patronymic: this.text(of.patronymic) }
    const key = nameKey(parts)
    const foreignName = this.take('foreignName', readYesNo(this.text('foreignName'))) === true
    if (this.problems.length > 0) return { data: undefined, key }
    const fieldOf = { lastName: of.last, firstName: of.first, patronymic: of.patronymic }
    const checked = checkPersonName({ ...parts, foreignName })
    if (!checked.ok) {
      for (const problem of checked.problems) {
        const field = split ? of.full : fieldOf[problem.path as keyof typeof fieldOf]
        const meant = suggestions[problem.code]?.(parts[problem.path as keyof typeof fieldOf], problem.params)
        this.problems.push({ field, column: this.titles.get(field) ?? '', code: problem.code, params: problem.params, ...(meant && { suggestion: meant }) })
      }
      return { data: undefined, key }
    }
    if (split && !split.sure) this.warnings.push({ field: of.full, column: this.titles.get(of.full) ?? '', code: 'nameSplitUnsure', params: {} })
    return { data: { ...checked.value, ...(split && { split: true }), ...(!split && !this.has(of.patronymic) && { patronymicUnknown: true }) }, key }
  }
}

/** The form names are compared in; a Latin letter among Russian ones counts as the Russian one it looks like. */
export function nameKey(name: { lastName: string; firstName: string; patronymic?: string | null }): string {
  const text = [name.lastName, name.firstName, name.patronymic].filter(Boolean).join(' ')
  return searchKey(/\p{Script=Cyrillic}/u.test(text) ? cyrillicLetters(text) : text)
}

const cyrillicOf = (text: string) => {
  const meant = cyrillicLetters(text.trim())
  return /[A-Za-z]/.test(meant) ? undefined : meant
}

/** What was probably meant, where a problem lets it be guessed. */
const suggestions: Partial<Record<CellProblem['code'], (text: string, params: CellProblem['params']) => string | undefined>> = {
  nameMixedLatin: cyrillicOf,
  nameLatin: cyrillicOf,
  emailTypo: (text, { domain }) => `${text.trim().split('@')[0]}@${domain}`,
  classFromDate: (_, params) => String(params.class),
  phoneMany: (text) => text.split(/[;,/]| и /)[0]?.trim(),
}
