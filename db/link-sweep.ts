import type { Queryable } from './connection.ts'

export interface LinkFinding {
  linkId: string
  problem: 'aliveAfterTerm' | 'noProcess' | 'targetGone'
}

/** How many of the school's links are alive on the platform. */
export async function countLiveLinks(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(`select count(*)::int as n from invite_links where platform_state = 'live'`)
  return rows[0]!.n
}

/**
 * Links alive on the platform that nobody looks after (domain.md 7.3): past their term and still `active`, without an
 * open process, or into a staff room, class or chat that is not there. Links that are being annulled have a task of their own.
 */
export async function findNeglectedLinks(tx: Queryable, now: Date): Promise<LinkFinding[]> {
  const { rows } = await tx.query<LinkFinding>(
    `select l.id as "linkId",
       case when p.id is null or p.ended_at is not null then 'noProcess'
            when l.state = 'active' and l.expires_at <= $1 then 'aliveAfterTerm'
            else 'targetGone' end as problem
     from invite_links l left join processes p on p.id = l.process_id
     where l.platform_state = 'live'
       and (p.id is null or p.ended_at is not null or (l.state = 'active' and l.expires_at <= $1)
         or (l.state = 'active' and l.target = 'staffRoom' and (select staff_room_on from organizations where id = current_org()) is null)
         or (l.state = 'active' and l.target = 'class' and exists (select 1 from school_classes c where c.id = l.target_id and c.closed_at is not null))
         or (l.state = 'active' and l.target = 'chat' and exists (select 1 from spaces s where s.id = l.target_id and s.state in ('archived', 'cancelled'))))
     order by l.id`,
    [now],
  )
  return rows
}
