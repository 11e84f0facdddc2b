import { readSubjectKeys } from '../../../db/import-plan.ts'
import { writePlans, type KeptRow, type RowPlan } from '../../../db/import-rows.ts'
import { byName, chunksByName } from './by-name.ts'
import type { PlanRun } from './plan-import.ts'
import { idFor, noteOf, planOf, settled } from './world.ts'

/** Classes by their name: there already, or to be opened. */
export const planClasses = (run: PlanRun): Promise<void> => planNamed(run, 'class', (key) => run.world.classes.get(key)?.id)

/** Subjects likewise. */
export async function planSubjects(run: PlanRun): Promise<void> {
  const { known } = await readSubjectKeys(run.tx, run.world.importId)
  await planNamed(run, 'subject', (key) => known.get(key))
}

async function planNamed(run: PlanRun, kind: 'class' | 'subject', known: (key: string) => string | undefined): Promise<void> {
  const { tx, world } = run
  for await (const rows of chunksByName<'class' | 'subject'>(run, kind)) {
    const plans = [...byName(rows).values()].flatMap((group) => group.map((row) => ({ seq: row.seq, ...settled(row, planFor(row, group, known(row.matchKey))) })))
    await writePlans(tx, world.importId, plans)
  }

  function planFor(row: KeptRow, group: readonly KeptRow[], id: string | undefined): RowPlan {
    const first = group.find(({ problems, decision }) => problems.length === 0 && decision !== 'skip')
    if (first && first.seq !== row.seq) return planOf('skip', { notes: [noteOf('rowIsRepeated', { row: first.line }, kind === 'class' ? 'className' : 'subject')] })
    return id === undefined ? planOf('create', { personId: idFor(kind === 'class' ? 'cls' : 'sub', world.importId, row.seq), isNew: true }) : planOf('same', { personId: id })
  }
}
