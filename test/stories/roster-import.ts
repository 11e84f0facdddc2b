import { inSchool } from '../../db/connection.ts'
import { findImport } from '../../db/imports.ts'
import { table } from '../support/import-files.ts'
import { importsOf } from '../support/imported.ts'
import type { SchoolAtWork } from '../support/school-at-work.ts'

/** A list of pupils that is looked at, compared anew and carried out; the other file is none. */
export async function importsToTheirEnd(school: SchoolAtWork): Promise<{ committed: string; failed: string }> {
  const { db, orgId } = school
  const { upload } = importsOf(db, orgId)
  const begin = async (bytes: Buffer) => {
    const importId = await upload(bytes, { wantedKind: 'students', wantedComplete: false })
    const id = `rosterImport:${importId}`
    const { workflowId } = await school.start([{ id, kind: 'rosterImport', input: { importId } }])
    await school.tell(id, { type: 'START' })
    return { id, importId, workflowId }
  }

  const list = await begin(Buffer.from(table([['Фамилия', 'Имя', 'Класс'], ['Ёлкин', 'Матвей', '5А'], ['Ким', 'Анна', '5А']])))
  await school.becomes(list.id, 'preview')
  await school.complete('T-IMPORT-CHECK', { decision: 'recount' }, { owner: list.id })
  await school.comesTo(list.id, 'PREVIEW_READY', 2)
  const { version } = (await inSchool(db, orgId, (tx) => findImport(tx, list.importId)))!
  await school.complete('T-IMPORT-CHECK', { decision: 'commit', version, rows: 'all', confirm: [] }, { owner: list.id })
  await school.becomes(list.id, 'committed')
  await school.hurry(list.id, 'TIMER_RETENTION')
  await school.ends(list.workflowId)

  const other = await begin(Buffer.from('%PDF-1.4\n%%EOF\n'))
  await school.ends(other.workflowId)
  return { committed: list.workflowId, failed: other.workflowId }
}
