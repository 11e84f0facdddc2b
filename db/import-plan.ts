import { importActions, type ImportAction } from '../machines/roster-import.ts'
import type { Queryable } from './connection.ts'
import type { Confirmation } from './imports.ts'

/** Statements over all rows of an import at once. */

/** The year's open classes by the key of their name. */
export async function readClassKeys(tx: Queryable, academicYear: string): Promise<Map<string, { id: string; name: string; grades: number[] }>> {
  const { rows } = await tx.query<{ key: string; id: string; name: string; grades: number[] }>(
    `select folded_name as key, id, name, grades from school_classes where academic_year = $1 and closed_at is null`,
    [academicYear],
  )
  return new Map(rows.map(({ key, ...found }) => [key, found]))
}

/** Keys of classes that rows of a kind name. */
export async function readNamedClasses(tx: Queryable, importId: string, kind: 'class' | 'student'): Promise<Set<string>> {
  const { rows } = await tx.query<{ key: string }>(`select distinct class_key as key from import_rows where import_id = $1 and kind = $2 and line is not null and class_key is not null`, [importId, kind])
  return new Set(rows.map(({ key }) => key))
}

/** Subjects the school has, and those that rows of the file enter, by their keys. */
export async function readSubjectKeys(tx: Queryable, importId: string): Promise<{ known: Map<string, string>; entered: Set<string> }> {
  const { rows: known } = await tx.query<{ key: string; id: string }>(`select folded_name as key, id from subjects`)
  const { rows: entered } = await tx.query<{ key: string }>(`select distinct match_key as key from import_rows where import_id = $1 and kind = 'subject' and problems = '[]'`, [importId])
  return { known: new Map(known.map(({ key, id }) => [key, id])), entered: new Set(entered.map(({ key }) => key)) }
}

/** Loads that stand for these classes: the id by class, subject, person and group. */
export async function readLoadKeys(tx: Queryable, classIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ key: string; id: string }>(
    `select concat_ws('|', class_id, subject_id, person_id, class_group) as key, id from teaching_loads where class_id = any ($1) and ended_at is null`,
    [classIds],
  )
  return new Map(rows.map(({ key, id }) => [key, id]))
}

/**
 * A person two rows mean is that of the first; the other row has a problem. Found first, written then: in one statement
 * PostgreSQL, which knows nothing yet of rows that have just come, would look for them anew for every row.
 */
export async function refuseDoubleClaims(tx: Queryable, importId: string): Promise<void> {
  const { rows } = await tx.query<{ seq: number; line: number }>(
    `select seq, line from (
       select seq, first_value(seq) over w as first, first_value(line) over w as line from import_rows
       where import_id = $1 and kind in ('staff', 'student') and line is not null and person_id is not null and action in ('create', 'change', 'move', 'leave', 'same')
       window w as (partition by kind, person_id order by seq)) d
     where seq <> first`,
    [importId],
  )
  if (rows.length === 0) return
  await tx.query(
    `update import_rows i set action = 'problem', changes = '[]', movement = null, candidates = '[]',
       notes = i.notes || jsonb_build_array(jsonb_build_object('field', 'fullName', 'column', '', 'code', 'personClaimed', 'params', jsonb_build_object('row', d.line)))
     from json_to_recordset($2) as d (seq integer, line integer)
     where i.import_id = $1 and i.seq = any ($3) and i.seq = d.seq`,
    [importId, JSON.stringify(rows), rows.map(({ seq }) => seq)],
  )
}

/**
 * Pupils whom complete lists of their classes do not have, and staff whom a complete list does not have. Whoever a row
 * with a problem or an open question may mean is not among them.
 */
export async function writeLeavers(tx: Queryable, orgId: string, importId: string, academicYear: string, of: { students: boolean; staff: boolean }): Promise<void> {
  const gone = `
    select m.kind, m.id as membership_id, m.person_id, m.class_id, c.folded_name as class_key, p.search_key
    from memberships m join people p on p.id = m.person_id left join school_classes c on c.id = m.class_id
    where m.ended_at is null
      and ((m.kind = 'student' and $4 and c.academic_year = $3 and exists (
              select 1 from import_rows f where f.import_id = $2 and f.kind = 'student' and f.line is not null and f.class_key = c.folded_name))
        or (m.kind = 'staff' and $5 and exists (select 1 from import_rows f where f.import_id = $2 and f.kind = 'staff' and f.line is not null)))
      and not exists (select 1 from import_rows f where f.import_id = $2 and f.kind = m.kind and f.line is not null and f.person_id = m.person_id)
      and not exists (select 1 from import_rows f where f.import_id = $2 and f.kind = m.kind and f.action = 'problem' and f.match_key = p.search_key)
      and not exists (select 1 from import_rows f where f.import_id = $2 and f.kind = m.kind and f.action = 'ask'
                      and f.candidates @> jsonb_build_array(jsonb_build_object('personId', m.person_id)))`
  const values = [orgId, importId, academicYear, of.students, of.staff]
  await tx.query(`with gone as (${gone}) delete from import_rows i where $1::text is not null and i.import_id = $2 and i.line is null and not exists (select 1 from gone g where g.membership_id = i.membership_id)`, values)
  await tx.query(
    `with gone as (${gone})
     insert into import_rows (import_id, org_id, seq, kind, source, line, match_key, class_key, data, action, person_id, membership_id, movement)
     select $2, $1, (select max(seq) from import_rows where import_id = $2) + row_number() over (order by g.kind, g.class_key, g.search_key, g.membership_id), g.kind, '', null,
       g.search_key, g.class_key, '{}', 'leave', g.person_id, g.membership_id,
       jsonb_build_object('kind', case g.kind when 'student' then 'departure' else 'staffDeparture' end, 'fromClassId', g.class_id, 'toClassKey', null)
     from gone g where not exists (select 1 from import_rows i where i.import_id = $2 and i.line is null and i.membership_id = g.membership_id)`,
    values,
  )
  // Where rows of the class cannot be read, the missing one may be in one of them.
  await tx.query(
    `update import_rows i set action = case i.decision when 'skip' then 'skip' else 'leave' end,
       notes = case when exists (select 1 from import_rows f where f.import_id = i.import_id and f.kind = i.kind and f.line is not null
                                 and f.class_key is not distinct from i.class_key and f.action in ('problem', 'ask') and f.person_id is null)
               then jsonb_build_array(jsonb_build_object('field', 'fullName', 'column', '', 'code', 'classIncomplete', 'params', '{}'::jsonb)) else '[]' end
     where i.import_id = $1 and i.line is null`,
    [importId],
  )
}

/** A hash over what would be done with every row: the same plan has the same, whenever and however often it is made. */
export async function readVersion(tx: Queryable, importId: string): Promise<string> {
  const { rows } = await tx.query<{ version: string }>(
    `select left(encode(sha256(convert_to(coalesce(string_agg(line, E'\\n' order by line collate "C"), ''), 'UTF8')), 'hex'), 20) as version
     from (select concat_ws('|', case when line is null then person_id else seq::text end, kind, action, person_id, is_new, membership_id, guardian_of, notes, candidates, changes, movement, decision, decided_id, decided_child) as line
           from import_rows where import_id = $1) plan`,
    [importId],
  )
  return rows[0]!.version
}

export async function countActions(tx: Queryable, importId: string): Promise<Record<ImportAction, number>> {
  const { rows } = await tx.query<{ action: ImportAction; count: number }>(`select action, count(*)::int as count from import_rows where import_id = $1 group by action`, [importId])
  const counts = Object.fromEntries(importActions.map((action) => [action, 0])) as Record<ImportAction, number>
  for (const { action, count } of rows) counts[action] = count
  return counts
}

/** Above this share of those concerned a change is more likely a mistake than a fact. */
const unusualShare = 0.3

/** What a person has to look at before the plan is carried out. */
export async function readConfirmations(tx: Queryable, importId: string): Promise<Confirmation[]> {
  const { rows } = await tx.query<Record<'split' | 'rows' | 'leaving' | 'moved' | 'changed' | 'known', number>>(
    `select count(*) filter (where data ? 'split' and action not in ('problem', 'skip'))::int as split, count(*) filter (where line is not null)::int as rows,
       count(*) filter (where action = 'leave')::int as leaving, count(*) filter (where action = 'move')::int as moved, count(*) filter (where action = 'change')::int as changed,
       count(*) filter (where action in ('leave', 'move', 'change', 'same') and kind in ('staff', 'student', 'guardian') and person_id is not null)::int as known
     from import_rows where import_id = $1`,
    [importId],
  )
  const { split, rows: all, leaving, moved, changed, known } = rows[0]!
  const unusual = (code: Confirmation['code'], count: number): Confirmation[] => (count > known * unusualShare ? [{ code, count, of: known }] : [])
  return [...(split > 0 ? [{ code: 'nameSplit' as const, count: split, of: all }] : []), ...unusual('manyLeaving', leaving), ...unusual('manyChanged', changed), ...unusual('manyMoved', moved)]
}
