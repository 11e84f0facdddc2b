import type { Checked } from '../../../school/validation/checked.ts'

/** What a check said in the shortest form: its value, or the codes of its problems. */
export function outcome<T>(checked: Checked<T>): T | string[] {
  return checked.ok ? checked.value : checked.problems.map(({ code }) => code)
}

/** The codes of the warnings of an accepted value. */
export function warnings<T>(checked: Checked<T>): string[] {
  return checked.ok ? checked.warnings.map(({ code }) => code) : []
}
