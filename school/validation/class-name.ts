import { invalid, valid, type Checked } from './checked.ts'
import { cyrillicLookAlikes } from './look-alikes.ts'
import { normalizeLine } from './normalize.ts'

const maxLetterLength = 15
const parts = /^(\d{1,4})[ -]*(.*)$/u
const russianOrder = new Intl.Collator('ru', { numeric: true })

const combined = /^(\d{1,2}) ?- ?(\d{1,2}) ?\(комплект\)$/iu

/**
 * A class: `name` for people («5А», «10ИТ», «5-1» where the letter is a digit, «1–3 (комплект)»), `key` for uniqueness
 * within a school and academic year. `grade` is the lowest of `grades`.
 */
export type ClassName = { grade: number; grades: number[]; letter: string; name: string; key: string }

/**
 * «5А», «5 А», «5-А», «5 «А»», «5a», «10 ИТ», a bare «5» or «1–3 (комплект)»; Latin look-alikes become Russian letters
 * (domain guide, section 11). `gradeMax` is the school's last grade: 4, 9 or 11.
 */
export function checkClassName(text: string, gradeMax: number): Checked<ClassName> {
  const plain = normalizeLine(text.replace(/["«»„“”'’]/g, ''))
  const [, lowest, highest] = combined.exec(plain) ?? []
  if (lowest && highest) return checkCombinedClass([Number(lowest), Number(highest)], gradeMax)
  const split = splitName(plain)
  if (!split) return invalid('classNameFormat')
  const { grade, letter } = split
  if (grade < 1 || grade > gradeMax) return invalid('classGrade', { max: gradeMax })
  if (letter.length > maxLetterLength) return invalid('classLetterTooLong', { max: maxLetterLength })

  const [strange] = /[^А-ЯЁ0-9-]/u.exec(letter) ?? []
  if (strange && /\p{Script=Latin}/u.test(strange)) return invalid('classLetterLatin', { letter: strange })
  if (strange) return invalid('classLetterCharacter', { character: strange })

  return valid({
    grade,
    grades: [grade],
    letter,
    // Without the hyphen «1-1» would read as grade 11.
    name: `${grade}${/^\d/.test(letter) ? '-' : ''}${letter}`,
    key: `${grade}:${letter.replaceAll('Ё', 'Е').replaceAll('-', '')}`,
  })
}

/** A class of several grades taught together («класс-комплект»); two of one school do not share their lowest and highest grade. */
export function checkCombinedClass(grades: readonly number[], gradeMax: number): Checked<ClassName> {
  const sorted = [...new Set(grades)].sort((a, b) => a - b)
  const [lowest, highest] = [sorted[0], sorted.at(-1)]
  if (lowest === undefined || lowest === highest) return invalid('classGradesFew')
  if (lowest < 1 || highest! > gradeMax) return invalid('classGrade', { max: gradeMax })
  return valid({ grade: lowest, grades: sorted, letter: '', name: combinedClassName(sorted), key: `${lowest}-${highest!}:` })
}

/** Order of class names for people: by grade, then by letter in Russian; «10А» comes after «9Б». */
export function compareClassNames(a: string, b: string): number {
  const [first, second] = [splitName(a), splitName(b)]
  if (!first || !second) return russianOrder.compare(a, b)
  return first.grade - second.grade || russianOrder.compare(first.letter, second.letter)
}

/** «1–3 (комплект)» for grades taught together. */
function combinedClassName(grades: readonly number[]): string {
  return `${Math.min(...grades)}–${Math.max(...grades)} (комплект)`
}

function splitName(text: string): { grade: number; letter: string } | undefined {
  const [, digits, rest] = parts.exec(text) ?? []
  if (digits === undefined || rest === undefined) return undefined
  return { grade: Number(digits), letter: cyrillicLookAlikes(rest.toLocaleUpperCase('ru')).replace(/[ -]+$/, '') }
}
