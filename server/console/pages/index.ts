import type { AppDeps } from '../../deps.ts'
import type { Console } from '../console.ts'
import { processPage } from './process.ts'
import { processesPage } from './processes.ts'
import { taskPage } from './task.ts'
import { todayPage } from './today.ts'

/** Every page of the console that begins after the sign-in; each file adds its own. */
export const pages: readonly ((console: Console, deps: AppDeps) => void)[] = [todayPage, taskPage, processesPage, processPage]
