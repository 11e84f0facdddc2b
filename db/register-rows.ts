import type { Field, TableKind } from '../school/roster/kinds.ts'
import type { Queryable } from './connection.ts'

/** A line of a register as it is written out: values by column. */
export type RegisterRow = Partial<Record<Field, string | boolean | null>> & { sortKey: string; rowId: string }

interface Register {
  columns: string
  /** `$1` is the academic year. */
  from: string
  key: string
  id: string
}

const name = (p: string) => `${p}.last_name as "lastName", ${p}.first_name as "firstName", ${p}.patronymic, (${p}.last_name || ${p}.first_name) ~ '[A-Za-z]' as "foreignName"`
const place = (person: string) => `memberships s on s.person_id = ${person} and s.kind = 'student' and s.ended_at is null left join school_classes c on c.id = s.class_id`
/** «10А» after «9Б». */
const classKey = `coalesce(lpad(split_part(c.folded_name, ':', 1), 5, '0') || ' ' || split_part(c.folded_name, ':', 2), '')`

const registers: Record<TableKind, Register> = {
  students: {
    columns: `p.id as ref, ${name('p')}, c.name as "className", s.starts_on as "startsOn"`,
    from: `people p join ${place('p.id')} where c.academic_year is null or c.academic_year = $1`,
    key: `${classKey} || ' ' || p.search_key`,
    id: 's.id',
  },
  staff: {
    columns: `p.id as ref, ${name('p')}, m.position, m.teaching_staff as "teachingStaff", p.phone, p.email, m.starts_on as "startsOn"`,
    from: `people p join memberships m on m.person_id = p.id where m.kind = 'staff' and m.ended_at is null and $1::text is not null`,
    key: 'p.search_key',
    id: 'm.id',
  },
  guardians: {
    columns: `p.id as ref, ${name('p')}, p.phone, p.email, k.id as "childRef", concat_ws(' ', k.last_name, k.first_name, k.patronymic) as child, c.name as "className"`,
    from: `memberships g join people p on p.id = g.person_id join people k on k.id = g.guardian_of join ${place('k.id')}
      where g.kind = 'guardian' and g.ended_at is null and (c.academic_year is null or c.academic_year = $1)`,
    key: `${classKey} || ' ' || k.search_key || ' ' || p.search_key`,
    id: `g.id || s.id`,
  },
  classes: { columns: `c.name as "className"`, from: `school_classes c where c.academic_year = $1 and c.closed_at is null`, key: classKey, id: 'c.id' },
  subjects: { columns: `j.name as subject`, from: `subjects j where $1::text is not null`, key: 'j.folded_name', id: 'j.id' },
  loads: {
    columns: `j.name as subject, c.name as "className", concat_ws(' ', p.last_name, p.first_name, p.patronymic) as teacher, p.id as "teacherRef", l.class_group as "group"`,
    from: `teaching_loads l join school_classes c on c.id = l.class_id join subjects j on j.id = l.subject_id join people p on p.id = l.person_id where l.ended_at is null and c.academic_year = $1`,
    key: `${classKey} || ' ' || j.folded_name || ' ' || p.search_key`,
    id: 'l.id',
  },
}

/** Lines of a register as it is now, in the order people expect, after the line given. */
export async function readRegister(tx: Queryable, register: TableKind, filter: { academicYear: string; after?: Pick<RegisterRow, 'sortKey' | 'rowId'> | undefined; limit: number }): Promise<RegisterRow[]> {
  const { columns, from, key, id } = registers[register]
  const { rows } = await tx.query<RegisterRow>(
    `select * from (select ${columns}, (${key}) collate "C" as "sortKey", (${id}) collate "C" as "rowId" from ${from}) r
     where $2::text is null or ("sortKey", "rowId") > ($2 collate "C", $3 collate "C") order by "sortKey", "rowId" limit $4`,
    [filter.academicYear, filter.after?.sortKey ?? null, filter.after?.rowId ?? null, filter.limit],
  )
  return rows
}
