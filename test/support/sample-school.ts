import { asService, type Database } from '../../db/connection.ts'
import { insertOrganization } from '../../db/organizations.ts'
import { zarechie } from '../../runtime/zarechie.ts'

/** A school of domain.md 15 under an id of the caller's, without people. Quiet hours off, as in the sample. */
export async function sampleSchool(db: Database, id = zarechie.id): Promise<string> {
  await asService(db, (tx) => insertOrganization(tx, { ...zarechie, id }))
  return id
}
