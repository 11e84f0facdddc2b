import { normalizeLine } from '../validation/normalize.ts'
import { isLocalDate, shiftDate, type LocalDate } from '../calendar/local-date.ts'
import { invalid, problem, valid, type Checked } from '../validation/checked.ts'
import type { Cell } from './kinds.ts'

/** Longer than anything that is read. */
const maxLength = 1_000

/** Error values of spreadsheets. */
const errorValue = /^#(N\/A|Н\/Д|REF!|ССЫЛКА!|VALUE!|ЗНАЧ!|NAME\?|ИМЯ\?|DIV\/0!|ДЕЛ\/0!|NUM!|ЧИСЛО!|NULL!|ПУСТО!)$/i

/**
 * The text of a cell in normal form, empty for none. The quote that our own export puts before a text that begins like a
 * formula is taken off again. A formula is an error: what it comes to depends on where the file is opened.
 */
export function readCell({ text, formula }: Cell): Checked<string> {
  if (text.length > maxLength) return invalid('cellTooLong', { max: maxLength })
  const value = normalizeLine(/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text)
  if (errorValue.test(value)) return invalid('cellError', { value })
  if (formula || value.startsWith('=')) return invalid('cellFormula')
  return valid(value)
}

/** «8,9E+10»: what Excel made of a number. */
const exponent = /^(\d)(?:[.,](\d+))?E\+?(\d+)$/i

/**
 * The number in a cell as it was meant: digits that Excel turned into a number are turned back, of several numbers the
 * first is taken. A number cut by Excel («8,9E+10») is lost. Empty where the cell says nothing.
 */
export function readPhone(text: string): Checked<string> {
  if (text.includes('*')) return valid('', problem('contactMasked'))
  const [, first, rest = '', power] = exponent.exec(text) ?? []
  if (first !== undefined) return rest.length === Number(power) ? valid(`${first}${rest}`) : invalid('phoneCut')
  const whole = text.replace(/^(\d{10,15})[.,]0+$/, '$1')
  const numbers = whole.split(/[;,/]| и /).map((part) => part.trim()).filter((part) => part.replace(/\D/g, '').length >= 10)
  return numbers.length > 1 ? valid(numbers[0]!, problem('phoneMany')) : valid(whole)
}

const yes = new Set(['да', 'yes', 'true', '1', '+', 'д', 'истина'])
const no = new Set(['нет', 'no', 'false', '0', '-', 'н', 'ложь', ''])

/** «да» or «нет»; an empty cell says no. */
export function readYesNo(text: string): Checked<boolean> {
  const word = text.toLowerCase()
  if (yes.has(word)) return valid(true)
  return no.has(word) ? valid(false) : invalid('cellYesNo')
}

const dayFirst = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?: г\.?| 0?0:00(?::00)?)?$/
const yearFirst = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]0?0:00(?::00(?:\.0+)?)?)?$/

/** A date as schools and spreadsheets write it: «01.09.2026», «1.9.26», «2026-09-01», or the number of the day in Excel. */
export function readDate(cell: Cell, text: string): Checked<LocalDate> {
  const date = cell.date ?? dateOf(text)
  return date !== undefined && isLocalDate(date) && date >= '1900-01-01' ? valid(date) : invalid('dateUnreadable')
}

function dateOf(text: string): string | undefined {
  const two = (digits: string) => digits.padStart(2, '0')
  const [, day, month, year] = dayFirst.exec(text) ?? []
  if (day) return `${year!.length === 2 ? `${Number(year) > 60 ? 19 : 20}${year!}` : year!}-${two(month!)}-${two(day)}`
  const [, y, m, d] = yearFirst.exec(text) ?? []
  if (y) return `${y}-${two(m!)}-${two(d!)}`
  // A day of this century as Excel counts days; copied without its format.
  if (/^\d{5}$/.test(text)) return shiftDate('1899-12-30', Number(text))
  return undefined
}
