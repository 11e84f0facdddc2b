import type { Queryable } from '../db/connection.ts'
import { ownedBy } from './owned-by.ts'
import { findProcess, type ProcessRow } from '../db/process-queries.ts'
import { findTasksOf, type TaskRow } from '../db/task-queries.ts'
import { may, type Session } from './authentication.ts'
import { Refusal } from './failures.ts'
import { isOpenTo } from './task-rights.ts'

/** A process the person may see, with its tasks: those who read all, whose thing it is, and those who have or had a task of it. */
export async function seenProcess(tx: Queryable, session: Session, id: string): Promise<{ process: ProcessRow; tasks: TaskRow[] }> {
  const process = await findProcess(tx, id)
  if (!process) throw new Refusal('notFound')
  const tasks = await findTasksOf(tx, id)
  const takesPart = () => tasks.some((task) => task.assignee === session.personId || (!task.closedAt && isOpenTo(session, task)))
  if (!may(session, 'read') && !ownedBy(session, process) && !takesPart()) throw new Refusal('notFound')
  return { process, tasks }
}
