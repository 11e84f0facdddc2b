import { randomBytes } from 'node:crypto'
import type { Queryable } from './connection.ts'
import type { InvitationPage } from './invitation-pages.ts'
import { targetName } from './link-queries.ts'
import { secretHash } from './secret-hash.ts'

/** 128 bits: guessing is hopeless, and it may have to be typed from paper. */
const tokenBytes = 16

/** A page that everybody whom the link is for may use. Only its hash is kept. */
export async function issueLinkToken(tx: Queryable, orgId: string, linkId: string): Promise<string> {
  const token = randomBytes(tokenBytes).toString('base64url')
  await tx.query(`insert into link_tokens (hash, org_id, link_id) values ($1, $2, $3)`, [secretHash(token), orgId, linkId])
  return token
}

/** Which link the token opens. Runs as the service; `hash` is SHA-256 in hex. */
export async function findLinkByToken(tx: Queryable, hash: string): Promise<{ orgId: string; linkId: string } | undefined> {
  const { rows } = await tx.query<{ orgId: string; linkId: string }>(`select org_id as "orgId", link_id as "linkId" from link_tokens where hash = $1`, [hash])
  return rows[0]
}

/** What the page of a whole class shows, decided by the database's clock at this moment. */
export type LinkPage = Pick<InvitationPage, 'live' | 'target' | 'targetName' | 'platformRole' | 'expiresAt' | 'shortName' | 'timezone' | 'phone' | 'email' | 'linkHosts'>

const live = `l.state = 'active' and l.url is not null and now() < l.expires_at`

export async function readLinkPage(tx: Queryable, linkId: string): Promise<LinkPage | undefined> {
  const { rows } = await tx.query<LinkPage>(
    `select coalesce(${live}, false) as live, l.target, ${targetName('l')} as "targetName", l.platform_role as "platformRole", l.expires_at as "expiresAt",
       o.short_name as "shortName", o.timezone, o.phone, o.email, o.settings -> 'linkHosts' as "linkHosts"
     from invite_links l join organizations o on o.id = l.org_id where l.id = $1`,
    [linkId],
  )
  return rows[0]
}

/** The platform's address of a link, sealed, if it is live at this moment. Who opens it is not asked. */
export async function openLink(tx: Queryable, linkId: string): Promise<string | undefined> {
  // The step that closes the link comes wholly before or wholly after.
  await tx.query(`select 1 from invite_links where id = $1 for share`, [linkId])
  const { rows } = await tx.query<{ url: string }>(`select l.url from invite_links l where l.id = $1 and ${live}`, [linkId])
  return rows[0]?.url
}
