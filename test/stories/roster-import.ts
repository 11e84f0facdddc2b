import { inSchool } from '../../db/connection.ts'
import { insertImportFile } from '../../db/import-files.ts'
import { findImport, insertImport } from '../../db/imports.ts'
import { table } from '../support/import-files.ts'
import type { SchoolAtWork } from '../support/school-at-work.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

/** A list with a bad row: read, a question answered, carried out but for that row, and forgotten after the retention. */
export async function listBroughtIn(school: SchoolAtWork): Promise<string> {
  const importId = 'imp_1'
  const id = `rosterImport:${importId}`
  const bytes = Buffer.from(table([['Фамилия', 'Имя', 'Класс'], ['Ёлкин', 'Матвей', '5А'], ['Ёлкин', 'Матвей', '5А'], ['Kим', 'Даниил', '9Б']]))
  const { workflowId } = await school.start([{ id, kind: 'rosterImport', input: { importId, openedBy: 'p2' } }])
  await inSchool(school.db, school.orgId, async (tx) => {
    await insertImport(tx, school.orgId, { id: importId, processId: id, openedBy: 'p2', fileName: 'spisok.csv', fileSize: bytes.length, wantedKind: null, wantedYear: null, wantedComplete: null })
    await insertImportFile(tx, testKeyRing, school.orgId, importId, bytes)
  })
  await school.tell(id, { type: 'START' })
  await school.becomes(id, 'preview')
  await school.tell(id, { type: 'DECIDE', decisions: [{ row: 2, decision: 'new' }] })
  await school.comesTo(id, 'PREVIEW_READY', 2)
  const { version } = (await inSchool(school.db, school.orgId, (tx) => findImport(tx, importId)))!
  await school.complete('T-IMPORT-CHECK', { decision: 'commit', version: version!, rows: 'ready' }, { owner: id })
  await school.becomes(id, 'committed')
  await school.hurry(id, 'TIMER_RETENTION')
  await school.ends(workflowId)
  return workflowId
}
