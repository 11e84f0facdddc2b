import { ensureClass } from '../../db/classes.ts'
import { inSchool, type Database } from '../../db/connection.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { insertPromotion } from '../../db/promotions.ts'

/** The year's end of 5А, which becomes 6А, and of 9А, which leaves school and has a chat (without a process of its own). */
export async function samplePromotion(db: Database, orgId: string) {
  const years = { fromYear: '2026-2027', toYear: '2027-2028' }
  const input = { promotionId: 'prm_1', ...years }
  const id = `promotion:${orgId}:${years.fromYear}`
  const classes = await inSchool(db, orgId, async (tx) => {
    const [fifth, ninth] = [await ensureClass(tx, orgId, years.fromYear, '5А'), await ensureClass(tx, orgId, years.fromYear, '9А')]
    const sixth = await ensureClass(tx, orgId, years.toYear, '6А')
    const pupils = [['s1', fifth], ['s2', ninth]] as const
    await insertPeople(tx, orgId, pupils.map(([person]) => ({ id: person, lastName: 'Ёлкин', firstName: 'Матвей', patronymic: null, phone: null, email: null, searchKey: 'елкин матвей' })))
    await insertMemberships(tx, orgId, pupils.map(([person, classId]) => ({ id: `mem_${person}`, personId: person, kind: 'student', roles: [], position: null, teachingStaff: false, guardianOf: null, classId })))
    await tx.query(`insert into spaces (id, org_id, process_id, kind, class_id, name, owner_id, state) values ('spc_9', $1, 'space:spc_9', 'classStudents', $2, '9А — ученики — 2026/27', 'p3', 'active')`, [orgId, ninth])
    await insertPromotion(tx, orgId, { id: input.promotionId, ...years })
    return { fifth, ninth, sixth }
  })
  return {
    id,
    start: { id, kind: 'yearEndPromotion', input },
    classes,
    /** What the server looks up before the list is called ready, and before it is approved. */
    ready: { undecided: 0, missing: 0, withoutTarget: 0, classes: [classes.fifth, classes.ninth].map((classId) => ({ id: classId, teacher: null })) },
    approval: (dates: { applyOn: string; applyAt: string; yearEndsAt: string; rollbackEndsAt: string }) => ({
      checks: { orderFits: true, approverIsHead: true, otherApprover: true, unusual: false, everyPupilDecided: true, dateInWindow: true },
      dates,
    }),
  }
}
