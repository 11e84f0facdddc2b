import type { Queryable } from './connection.ts'

/** Whether the school's journal is as it was written (domain.md 13). */
export interface JournalChain {
  lines: number
  /** Hash of the last line as it was kept apart; null before the first. Whoever has noted it elsewhere can tell that nothing before it was changed. */
  lastHash: string | null
  /** Place of the first line that is not what it was, or is missing; null when all are. */
  brokenAt: number | null
}

/** Counts every hash of the chain anew, in one statement. */
export async function verifyJournal(tx: Queryable): Promise<JournalChain> {
  const { rows } = await tx.query<JournalChain>(
    `with line as (
       select seq, hash, prev_hash, journal_hash(j) as own, lag(hash, 1, '') over (order by seq) as before, row_number() over (order by seq) as place
       from journal j where seq is not null),
     stands as (select count(*) as lines, coalesce(max(seq), 0) as last, min(place) filter (where hash <> own or prev_hash <> before or seq <> place) as broken from line)
     select lines, h.hash as "lastHash",
       -- A line cut off at the end leaves the chain whole: what is kept apart tells.
       coalesce(broken, case when coalesce(h.seq, 0) <> last or h.hash is distinct from (select hash from line where seq = last) then lines + 1 end) as "brokenAt"
     from stands left join journal_heads h on true`,
  )
  return rows[0]!
}
