import type { PromotionDecision } from '../machines/promotion-decision.ts'
import type { Queryable } from './connection.ts'

export interface PromotionRow {
  id: string
  processId: string | null
  fromYear: string
  toYear: string
  state: string
}

const columns = `id, process_id as "processId", from_year as "fromYear", to_year as "toYear", state`

export async function insertPromotion(tx: Queryable, orgId: string, { id, fromYear, toYear }: Pick<PromotionRow, 'id' | 'fromYear' | 'toYear'>): Promise<void> {
  await tx.query('insert into promotions (id, org_id, from_year, to_year) values ($1, $2, $3, $4)', [id, orgId, fromYear, toYear])
}

export async function findPromotion(tx: Queryable, id: string): Promise<PromotionRow | undefined> {
  return (await tx.query<PromotionRow>(`select ${columns} from promotions where id = $1`, [id])).rows[0]
}

/** The promotion of this year that was not cancelled. */
export async function findPromotionOfYear(tx: Queryable, fromYear: string): Promise<PromotionRow | undefined> {
  return (await tx.query<PromotionRow>(`select ${columns} from promotions where from_year = $1 and state <> 'cancelled'`, [fromYear])).rows[0]
}

export async function listPromotions(tx: Queryable): Promise<PromotionRow[]> {
  return (await tx.query<PromotionRow>(`select ${columns} from promotions order by from_year desc, created_at desc`)).rows
}

/** The process as it is now (projection). */
export async function updatePromotion(tx: Queryable, id: string, processId: string, state: string): Promise<void> {
  await tx.query('update promotions set process_id = $2, state = $3 where id = $1', [id, processId, state])
}

/** What stands in the way of calling the draft ready, or of applying it. */
export interface DraftGaps {
  undecided: number
  missing: number
  withoutTarget: number
}

/** Counts what is open in the decisions on pupils who are still here. */
export async function countDraftGaps(tx: Queryable, id: string): Promise<DraftGaps> {
  const { rows } = await tx.query<DraftGaps>(
    `select count(*) filter (where d.decision = 'undecided')::int as undecided,
       count(*) filter (where d.membership_id is null)::int as missing,
       count(*) filter (where d.decision in ('promote', 'promoteConditionally', 'repeat') and t.id is null)::int as "withoutTarget"
     from promotions p
     join school_classes c on c.academic_year = p.from_year
     join memberships m on m.class_id = c.id and m.kind = 'student' and m.ended_at is null
     left join promotion_decisions d on d.promotion_id = p.id and d.membership_id = m.id
     left join school_classes t on t.id = d.target_class_id and t.academic_year = p.to_year and t.closed_at is null
     where p.id = $1`,
    [id],
  )
  return rows[0]!
}

/** Whether more than these shares of a class, or of the school, are not simply promoted or graduated (domain.md 7.11). */
export async function isUnusual(tx: Queryable, id: string, share: { ofClass: number; ofSchool: number }): Promise<boolean> {
  const { rows } = await tx.query<{ unusual: boolean }>(
    `with by_class as (
       select class_id, count(*) as pupils, count(*) filter (where decision not in ('promote', 'graduate')) as others
       from promotion_decisions where promotion_id = $1 group by class_id)
     select coalesce(bool_or(others > pupils * $2::float8) or sum(others) > sum(pupils) * $3::float8, false) as unusual from by_class`,
    [id, share.ofClass, share.ofSchool],
  )
  return rows[0]!.unusual
}

/** What the class that went into this one as a whole is still called on the platform; undefined where none did. */
export async function findFormerName(tx: Queryable, id: string, classId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ name: string | null }>(
    `select f.platform_name as name from promotion_classes c join school_classes f on f.id = c.class_id where c.promotion_id = $1 and c.target_class_id = $2 and cardinality(c.spaces) > 0`,
    [id, classId],
  )
  return rows[0]?.name ?? undefined
}

/** Classes of the list and who looks through each: its class teacher, if it has one. */
export async function listReviewedClasses(tx: Queryable, id: string): Promise<{ id: string; teacher: string | null }[]> {
  const { rows } = await tx.query<{ id: string; teacher: string | null }>(
    `select d.class_id as id, min(t.person_id) as teacher from promotion_decisions d left join class_teachers t on t.class_id = d.class_id
     where d.promotion_id = $1 group by d.class_id order by d.class_id`,
    [id],
  )
  return rows
}

export interface DecisionRow {
  membershipId: string
  personId: string
  name: string
  classId: string
  className: string
  decision: PromotionDecision
  targetClassId: string | null
  targetClassName: string | null
  reason: string | null
  decidedBy: string | null
}

/** A page of the list by name. */
export async function listDecisions(
  tx: Queryable,
  id: string,
  filter: { classId?: string | undefined; decision?: PromotionDecision | undefined; classTeacher?: string | undefined; after?: string | undefined; limit: number },
): Promise<DecisionRow[]> {
  const { rows } = await tx.query<DecisionRow>(
    `select d.membership_id as "membershipId", d.person_id as "personId", concat_ws(' ', p.last_name, p.first_name, p.patronymic) as name,
       d.class_id as "classId", c.name as "className", d.decision, d.target_class_id as "targetClassId", t.name as "targetClassName", d.reason, d.decided_by as "decidedBy"
     from promotion_decisions d join people p on p.id = d.person_id join school_classes c on c.id = d.class_id left join school_classes t on t.id = d.target_class_id
     where d.promotion_id = $1 and ($2::text is null or d.class_id = $2) and ($3::text is null or d.decision = $3)
       and ($4::text is null or exists (select 1 from class_teachers h where h.class_id = d.class_id and h.person_id = $4))
       and ($5::text is null or (p.search_key, d.membership_id) > (select a.search_key, m.id from memberships m join people a on a.id = m.person_id where m.id = $5))
     order by p.search_key, d.membership_id limit $6`,
    [id, filter.classId ?? null, filter.decision ?? null, filter.classTeacher ?? null, filter.after ?? null, filter.limit],
  )
  return rows
}

/** How many pupils of each class have each decision. */
export async function countDecisions(tx: Queryable, id: string): Promise<{ classId: string; className: string; decision: PromotionDecision; pupils: number }[]> {
  const { rows } = await tx.query<{ classId: string; className: string; decision: PromotionDecision; pupils: number }>(
    `select d.class_id as "classId", c.name as "className", d.decision, count(*)::int as pupils
     from promotion_decisions d join school_classes c on c.id = d.class_id where d.promotion_id = $1 group by 1, 2, 3 order by 2, 3`,
    [id],
  )
  return rows
}

/** Writes decisions of a person; memberships that are not in the list are left out. Returns those written. */
export async function decide(
  tx: Queryable,
  id: string,
  decidedBy: string,
  decisions: readonly { membershipId: string; decision: PromotionDecision; targetClassId: string | null; reason: string | null }[],
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `update promotion_decisions d set decision = r.decision, target_class_id = r."targetClassId", reason = r.reason, decided_by = $2
     from json_to_recordset($3) as r ("membershipId" text, decision text, "targetClassId" text, reason text)
     where d.promotion_id = $1 and d.membership_id = r."membershipId" returning d.membership_id as id`,
    [id, decidedBy, JSON.stringify(decisions)],
  )
  return rows.map((row) => row.id)
}
