import type { Queryable } from './connection.ts'
import { targetName } from './link-queries.ts'

/**
 * What the registers hold about one person ($1), for the person: nobody else is named, but a child to the guardian and
 * guardians to the child. Rows are as PostgreSQL has them; words are the caller's business.
 */
const queries = {
  person: `select created_at as "enteredAt" from people where id = $1`,
  memberships: `select m.kind, m.roles, m.position, m.teaching_staff as "teachingStaff", c.name as "className", c.academic_year as "academicYear",
      concat_ws(' ', k.last_name, k.first_name, k.patronymic) as child, m.starts_on as "startsOn", m.ends_on as "endsOn", m.created_at as "enteredAt",
      m.ended_at as "endedAt", m.platform_status as "platformStatus", m.verification_waived_reason as "waivedReason"
    from memberships m left join school_classes c on c.id = m.class_id left join people k on k.id = m.guardian_of where m.person_id = $1 order by m.created_at, m.id`,
  guardians: `select distinct concat_ws(' ', g.last_name, g.first_name, g.patronymic) as name from memberships m join people g on g.id = m.person_id
    where m.kind = 'guardian' and m.guardian_of = $1 order by 1`,
  orders: `select distinct o.kind, o.number, o.date, o.title, o.status from orders o where o.id in (
      select basis_order_id from memberships where person_id = $1 union select end_order_id from memberships where person_id = $1
      union select order_id from movements where person_id = $1 union select reverse_order_id from movements where person_id = $1
      union select order_id from staff_assignments where person_id = $1) order by o.date, o.number`,
  signedOrders: `select kind, number, date, status from orders where signed_by = $1 order by date, number`,
  movements: `select v.number, v.kind, v.effective_on as "effectiveOn", f.name as "fromClass", t.name as "toClass", v.reason, v.details ->> 'position' as position, v.state, v.created_at as "enteredAt"
    from movements v left join school_classes f on f.id = v.from_class_id left join school_classes t on t.id = v.to_class_id where v.person_id = $1 order by v.entered`,
  decisions: `select p.from_year as "fromYear", p.to_year as "toYear", c.name as "fromClass", t.name as "toClass", d.decision, d.reason
    from promotion_decisions d join promotions p on p.id = d.promotion_id join school_classes c on c.id = d.class_id left join school_classes t on t.id = d.target_class_id
    where d.person_id = $1 order by p.from_year`,
  assignments: `select a.kind, coalesce(c.name, a.class_name) as "className", a.state from staff_assignments a left join school_classes c on c.id = a.class_id where a.person_id = $1 order by a.id`,
  loads: `select s.name as subject, c.name as "className", c.academic_year as "academicYear", l.class_group as "classGroup", l.ended_at as "endedAt"
    from teaching_loads l join subjects s on s.id = l.subject_id join school_classes c on c.id = l.class_id where l.person_id = $1 order by c.academic_year, c.name, s.name`,
  places: `select s.name, p.standing, p.since from places p join spaces s on s.id = p.space_id where p.person_id = $1 order by s.name`,
  owned: `select name, kind, state from spaces where owner_id = $1 order by name`,
  invitations: `select l.number, ${targetName('i')} as target, i.platform_role as role, i.state, i.delivery, l.issued_at as "issuedAt", l.expires_at as "expiresAt"
    from invitations i join invite_links l on l.id = i.link_id where i.person_id = $1 order by l.number, i.id`,
  answers: `select a.type, a.reason, a.at from recipient_answers a join invitations i on i.id = a.invitation_id where i.person_id = $1 order by a.at`,
  joinings: `select s.name, j.audience, j.state from joining_people jp join joinings j on j.id = jp.joining_id join spaces s on s.id = j.space_id where jp.person_id = $1 order by j.opened_at`,
  codes: `select code from external_codes where person_id = $1 order by 1`,
  importRows: `select i.opened_at as "at", r.source, r.line, r.action, r.data ->> 'lastName' as "lastName", r.data ->> 'firstName' as "firstName", r.data ->> 'patronymic' as patronymic,
      r.data ->> 'phone' as phone, r.data ->> 'email' as email, r.data ->> 'position' as position, r.data ->> 'startsOn' as "startsOn"
    from import_rows r join imports i on i.id = r.import_id where r.person_id = $1 and r.kind in ('staff', 'student', 'guardian') order by i.opened_at, r.seq`,
  foundMovements: `select kind, found_at as "foundAt" from import_movements where person_id = $1 order by found_at`,
  keys: `select name, roles, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt" from api_keys where person_id = $1 order by created_at`,
} as const

type RegisterPart = keyof typeof queries
export type RegisterCell = string | number | boolean | Date | string[] | null

/** Reads every part. */
export async function readPersonRegister(tx: Queryable, personId: string): Promise<Record<RegisterPart, Record<string, RegisterCell>[]>> {
  const parts = {} as Record<RegisterPart, Record<string, RegisterCell>[]>
  for (const part of Object.keys(queries) as RegisterPart[]) parts[part] = (await tx.query<Record<string, RegisterCell>>(queries[part], [personId])).rows
  return parts
}
