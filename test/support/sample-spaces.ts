import { ensureClass } from '../../db/classes.ts'
import { inSchool, type Database } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'

/** Class 5А of 2026/27 as it is on the platform: the class itself and its chats, owned by its class teacher (p3 by default). */
export async function sampleSpaces(db: Database, orgId: string, ownerId = 'p3') {
  const ids = { schoolClass: newId('spc'), classStudents: newId('spc'), classGuardians: newId('spc'), classTeachers: newId('spc') }
  const classId = await inSchool(db, orgId, async (tx) => {
    const id = await ensureClass(tx, orgId, '2026-2027', '5А')
    for (const [kind, space] of Object.entries(ids)) {
      const owner = kind === 'schoolClass' ? null : ownerId
      await tx.query(`insert into spaces (id, org_id, kind, class_id, name, owner_id, state) values ($1, $2, $3, $4, $5, $6, 'active')`, [space, orgId, kind, id, `5А — ${kind}`, owner])
    }
    await tx.query(`update memberships set roles = array(select distinct unnest(roles || '{classTeacher}')), class_id = $1 where person_id = $2 and kind = 'staff'`, [id, ownerId])
    return id
  })
  return { classId, ...ids }
}
