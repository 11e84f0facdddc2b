import { academicYearAt } from '../../db/academic-year.ts'
import { inSchool } from '../../db/connection.ts'
import { deleteImportFile, openImportFile } from '../../db/import-files.ts'
import { insertImportRows } from '../../db/import-rows.ts'
import { lockImports, noteFound, type ImportRow } from '../../db/imports.ts'
import { findOrganization } from '../../db/organizations.ts'
import type { JobDeps, JobRun } from '../jobs/index.ts'
import type { ReadSettings } from './read/read-file.ts'
import { readInThread } from './read/read-in-thread.ts'
import { ImportOver } from './import-over.ts'
import type { Tick } from './progress.ts'

/**
 * Turns the file of an import into rows, in one transaction: a worker killed in the midst of it leaves the file and no
 * row, and the next one reads it again. Afterwards the file is gone.
 * @throws Unreadable for a file that cannot be read, ImportOver when somebody cancelled meanwhile
 */
export function stageFile({ db, keys }: JobDeps, { orgId, now, signal }: JobRun, { id, wantedKind, wantedYear, wantedComplete }: ImportRow, tick: Tick): Promise<void> {
  return inSchool(db, orgId, async (tx) => {
    await lockImports(tx)
    const school = (await findOrganization(tx, orgId))!
    const settings: ReadSettings = {
      ...(wantedKind && { wanted: wantedKind }),
      rules: { gradeMax: school.gradeMax, ...(school.settings.guardianCountryCodes && { guardianCountryCodes: school.settings.guardianCountryCodes }) },
      school: { names: [school.fullName, school.shortName], inn: school.inn, gradeMax: school.gradeMax },
    }
    let seq = 0
    const found = await readInThread(
      await openImportFile(tx, keys, id),
      settings,
      async (rows) => {
        await insertImportRows(tx, orgId, id, seq + 1, rows)
        seq += rows.length
        await tick(rows.length)
      },
      signal,
    )
    const { kind, archive } = found
    const academicYear = wantedYear ?? archive?.academicYear ?? (await academicYearAt(tx, now))
    const complete = wantedComplete ?? (archive ? archive.complete : kind === 'students')
    if (!(await noteFound(tx, id, { kind, academicYear, complete, found, rows: seq }))) throw new ImportOver()
    await deleteImportFile(tx, id)
  })
}
