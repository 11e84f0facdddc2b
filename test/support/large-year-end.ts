import { inSchool, type Database } from '../../db/connection.ts'

/** A large basic school before its year ends: grades 1 to 9 of six classes, each with its class and three chats on the platform, and the classes of the next year. */
export async function largeYearEnd(db: Database, orgId: string, [from, to]: readonly [string, string], pupils = 1_500) {
  const [grades, perGrade] = [9, 6]
  await inSchool(db, orgId, async (tx) => {
    for (const [year, prefix] of [[from, 'a'], [to, 'b']]) {
      await tx.query(
        `insert into school_classes (id, org_id, academic_year, grades, letter, name, folded_name)
         select $3 || g || '_' || l, $1, $2, array[g]::smallint[], chr(1039 + l), g || chr(1039 + l), g || ':' || chr(1039 + l) from generate_series(1, $4::int) g, generate_series(1, $5::int) l`,
        [orgId, year, prefix, grades, perGrade],
      )
    }
    await tx.query(`insert into people (id, org_id, last_name, first_name, search_key) select 's' || n, $1, 'Ёлкин', 'Матвей', 'елкин матвей' from generate_series(1, $2::int) n`, [orgId, pupils])
    await tx.query(
      `insert into memberships (id, org_id, person_id, kind, roles, class_id) select 'mem_s' || n, $1, 's' || n, 'student', '{}', 'a' || (n % $3 + 1) || '_' || (n / $3 % $4 + 1) from generate_series(1, $2::int) n`,
      [orgId, pupils, grades, perGrade],
    )
    await tx.query(
      `insert into spaces (id, org_id, process_id, kind, class_id, name, state)
       select k || ':' || c.id, $1, 'space:' || k || ':' || c.id, k, c.id, c.name, 'active'
       from school_classes c, unnest(array['schoolClass', 'classStudents', 'classGuardians', 'classTeachers']) k where c.academic_year = $2`,
      [orgId, from],
    )
  })
  return { grades, perGrade, pupils }
}
