import { invalid, valid, type Checked } from '../validation/checked.ts'
import { checkClassName, checkCombinedClass, type ClassName } from '../validation/class-name.ts'
import type { Cell } from './kinds.ts'

/** A class named in a file. `key` tells classes of one year apart. */
export type NamedClass = Omit<ClassName, 'grade'>

/** «1, 3», «1+3»: grades taught together. */
const listed = /^\d{1,2}(\s*[,+;]\s*\d{1,2})+$/

/**
 * The class in a cell: «5А», «5 класс», «1–3 (комплект)», «1, 3». What a spreadsheet took for a date («5-1» became
 * 5 January) is an error that says what was meant.
 */
export function readClass({ text: raw, date }: Pick<Cell, 'text' | 'date'>, gradeMax: number): Checked<NamedClass> {
  if (date !== undefined) return invalid('classFromDate', { class: `${Number(date.slice(8))}-${Number(date.slice(5, 7))}` })
  const text = raw.replace(/\s*(класс|кл\.?)\s*$/i, '')
  const checked = listed.test(text) ? checkCombinedClass(text.match(/\d{1,2}/g)!.map(Number), gradeMax) : checkClassName(text, gradeMax)
  if (!checked.ok) return checked
  const { grades, letter, name, key } = checked.value
  return valid({ grades, letter, name, key })
}
