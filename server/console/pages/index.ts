import type { AppDeps } from '../../deps.ts'
import type { Console } from '../console.ts'
import { peopleAndSchoolPages } from './people-and-school.ts'

/** Every page of the console that begins after the sign-in; each file adds its own. */
export const pages: readonly ((console: Console, deps: AppDeps) => void)[] = [...peopleAndSchoolPages]
