import { inSchool, inWholeSchool } from '../../db/connection.ts'
import { countImportRows, decideEvery, writeDecisions, type Said, type SaidOfEvery } from '../../db/import-rows.ts'
import { findImport, lockImports, noteFailure, notePlan } from '../../db/imports.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { Unreadable } from '../../school/roster/unreadable.ts'
import { ImportOver } from '../import/import-over.ts'
import { planImport } from '../import/plan/plan-import.ts'
import { progressOf } from '../import/progress.ts'
import { stageFile } from '../import/stage-file.ts'
import type { DoJob, JobDeps, JobRun } from './index.ts'

/**
 * Reads the file of an import, if that has not been done, keeps what a person decided about its rows, and compares them
 * with the register as it is now.
 */
export const previewImport: DoJob = async (deps, run) => {
  const { db } = deps
  const { orgId, params } = run
  const id = String(params.importId)
  try {
    const found = await inSchool(db, orgId, (tx) => findImport(tx, id))
    if (!found || over.includes(found.state)) throw new ImportOver()
    if (found.kind === null) await stageFile(deps, run, found, progressOf(db, run, id, 'reading', null))
    // A repeat finds another plan than the one that was seen: what was said of every row has been kept by then.
    const every = found.version === params.seen ? (params.every as SaidOfEvery | null) : null
    return await comparePlan(deps, run, id, { every, decisions: (params.decisions ?? []) as Said[] })
  } catch (error) {
    // Nobody waits for this answer any more.
    if (error instanceof ImportOver) return { type: 'PREVIEW_FAILED', code: 'cancelled' }
    if (!(error instanceof Unreadable)) throw error
    await inSchool(db, orgId, (tx) => noteFailure(tx, id, { code: error.code, params: error.params }))
    return { type: 'PREVIEW_FAILED', code: error.code }
  }
}

/** Makes the plan anew and keeps it to be looked at. */
export function comparePlan({ db }: JobDeps, run: JobRun, id: string, said: { every: SaidOfEvery | null; decisions: readonly Said[] } = { every: null, decisions: [] }): Promise<AnyEvent> {
  return inWholeSchool(db, run.orgId, async (tx) => {
    await lockImports(tx)
    if (said.every) await decideEvery(tx, id, said.every)
    await writeDecisions(tx, id, said.decisions)
    const tick = progressOf(db, run, id, 'comparing', await countImportRows(tx, id))
    const plan = await planImport(tx, run.orgId, (await findImport(tx, id))!, tick)
    if (!(await notePlan(tx, id, plan))) throw new ImportOver()
    return { type: 'PREVIEW_READY', version: plan.version, counts: plan.counts, confirmations: plan.confirmations.map(({ code }) => code) }
  })
}

const over = ['failed', 'cancelled', 'expired']
