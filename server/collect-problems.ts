import type { Checked } from '../school/validation/checked.ts'
import { Refusal, type FieldProblem } from './failures.ts'

/** Gathers what several checks say, each under the path of its field. */
export function collectProblems() {
  const problems: FieldProblem[] = []
  const warnings: FieldProblem[] = []
  return {
    problems,
    warnings,
    /** The checked value, or undefined when it has a problem. */
    take<T>(path: string, checked: Checked<T>): T | undefined {
      const into = checked.ok ? warnings : problems
      for (const { code, path: below, params } of checked.ok ? checked.warnings : checked.problems) {
        into.push({ code, path: [path, below].filter(Boolean).join('.'), params })
      }
      return checked.ok ? checked.value : undefined
    },
    /** Throws the refusal that lists every problem, if there are any. */
    refuseAny(): void {
      if (problems.length > 0) throw new Refusal('invalid', { problems })
    },
  }
}
