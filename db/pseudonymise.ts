import { randomBytes } from 'node:crypto'
import { pseudonym } from '../school/pseudonym.ts'
import { searchKey } from '../school/validation/search-key.ts'
import type { Queryable } from './connection.ts'
import type { ErasedCounts, ErasedKind, ErasedPerson } from './erasure-certificates.ts'
import { eraseLetters } from './erasure-letters.ts'
import type { KeyRing } from './key-ring.ts'

/** Members of events and evidence that hold a person's own words; the others are ids, dates, numbers and codes. */
const words = ['reason', 'comment', 'text', 'remark', 'channel']

/** Processes about these people, whether they go on or not. */
const about = `select id from processes where context ->> 'personId' = any ($1)`
/** Tasks about these people. */
const tasksAbout = `select id from tasks where values ->> 'person' = any ($1) or owner_id in (${about})`

/**
 * What is erased of people, table by table; $1 are their ids. Ids, dates, states and codes stay: they say what the school
 * did, no longer with whom. Each statement touches only what is still there, so a repeat changes nothing. What is kept and
 * why: docs/decisions/0017.
 */
const statements: readonly (readonly [ErasedKind, string])[] = [
  [
    'memberships',
    `update memberships set position = null, verification_waived_reason = null, ended_at = coalesce(ended_at, now())
     where person_id = any ($1) and (position is not null or verification_waived_reason is not null or ended_at is null)`,
  ],
  ['keys', `update api_keys set name = '', revoked_at = coalesce(revoked_at, now()) where person_id = any ($1) and name <> ''`],
  ['codes', `delete from external_codes where person_id = any ($1)`],
  ['places', `delete from places where person_id = any ($1)`],
  ['pages', `delete from invitation_tokens where invitation_id in (select id from invitations where person_id = any ($1))`],
  ['answers', `update recipient_answers set reason = null where reason is not null and invitation_id in (select id from invitations where person_id = any ($1))`],
  ['importRows', `delete from import_rows where person_id = any ($1) or guardian_of = any ($1) or decided_id = any ($1) or decided_child = any ($1)`],
  ['found', `delete from import_movements where person_id = any ($1) and movement_id is null`],
  ['movements', `update movements set details = details - 'position' where person_id = any ($1) and details ? 'position'`],
  ['decisions', `update promotion_decisions set reason = null where person_id = any ($1) and reason is not null`],
  [
    'tasks',
    `update tasks set outcome = jsonb_build_object('by', outcome -> 'by')
     where closed_at is not null and outcome - 'by' <> '{}' and (values ->> 'person' = any ($1) or owner_id in (${about}))`,
  ],
  ['timeline', `update timeline set note = note - '{${words.join(',')}}'::text[] where process_id = any (array(${about} union ${tasksAbout})) and note ?| '{${words.join(',')}}'`],
  // A process that goes on has its words in Temporal, too: they are erased once it has ended.
  [
    'processes',
    `update processes set context = context #- '{details,position}' || case when context ? 'closeReason' then '{"closeReason": null}' else '{}' end::jsonb
     where context ->> 'personId' = any ($1) and ended_at is not null and (context #> '{details,position}' is not null or context ->> 'closeReason' is not null)`,
  ],
  [
    'steps',
    `delete from cohort_steps s using cohorts c where c.id = s.cohort_id and c.status = 'ended'
       and c.id in (select cohort_id from processes where context ->> 'personId' = any ($1))`,
  ],
]

/**
 * Erases what is known of people: names and contacts become a pseudonym, words about them go, so do the letters to them.
 * Whether they may be forgotten is asked before (db/erasure-holds.ts). A repeat keeps the pseudonym and erases what has
 * come since.
 */
export async function pseudonymise(tx: Queryable, keys: KeyRing, ids: readonly string[], at: Date): Promise<{ counts: ErasedCounts; people: ErasedPerson[] }> {
  const names = await eraseNames(tx, ids, at)
  const counts: ErasedCounts = { names: names.fresh, ...(await eraseLetters(tx, keys, ids, at)) }
  for (const [kind, statement] of statements) counts[kind] = (await tx.query(statement, [ids])).rowCount ?? 0
  return { counts, people: names.people }
}

async function eraseNames(tx: Queryable, ids: readonly string[], at: Date): Promise<{ fresh: number; people: ErasedPerson[] }> {
  const called = ids.map((id) => ({ id, name: pseudonym(randomBytes(2).toString('hex')) })).map((row) => ({ ...row, key: searchKey(row.name) }))
  const { rowCount } = await tx.query(
    `update people p set last_name = r.name, first_name = '', patronymic = null, phone = null, email = null, search_key = r.key
     from json_to_recordset($1) as r (id text, name text, key text) where p.id = r.id and p.erased_at is null`,
    [JSON.stringify(called)],
  )
  const { rows } = await tx.query<ErasedPerson>(`update people set erased_at = $2 where id = any ($1) returning id, last_name as pseudonym`, [ids, at])
  return { fresh: rowCount ?? 0, people: rows }
}
