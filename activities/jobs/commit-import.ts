import { inWholeSchool } from '../../db/connection.ts'
import { countImportRows } from '../../db/import-rows.ts'
import { findImport, lockImports, noteCommitted } from '../../db/imports.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { applyPlan } from '../import/apply-plan.ts'
import { planImport } from '../import/plan/plan-import.ts'
import { progressOf } from '../import/progress.ts'
import type { DoJob } from './index.ts'
import { comparePlan } from './preview-import.ts'

/** The register is not what it was when the plan was seen. */
class Changed extends Error {}

/**
 * Carries out the plan a person has seen, or nothing: it is made once more within the transaction that carries it out,
 * and held against the version that was seen. A worker killed in the midst of it leaves nothing behind; done twice, it
 * finds itself done.
 */
export const commitImport: DoJob = async (deps, run) => {
  const { db } = deps
  const { orgId, params } = run
  const id = String(params.importId)
  try {
    return await inWholeSchool(db, orgId, async (tx): Promise<AnyEvent> => {
      await lockImports(tx)
      const found = (await findImport(tx, id))!
      if (found.committedAt) return { type: 'COMMITTED', counts: found.counts }
      const rows = await countImportRows(tx, id)
      const { version, counts } = await planImport(tx, orgId, found, progressOf(db, run, id, 'comparing', rows))
      if (version !== params.version) throw new Changed()
      await applyPlan(tx, orgId, id, found.academicYear!, progressOf(db, run, id, 'writing', counts.create + counts.change + counts.move + counts.leave))
      await noteCommitted(tx, id, counts)
      return { type: 'COMMITTED', counts }
    })
  } catch (error) {
    if (error instanceof Changed) return comparePlan(deps, run, id)
    throw error
  }
}
