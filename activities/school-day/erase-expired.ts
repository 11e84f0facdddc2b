import { inSchool, type Database, type Queryable } from '../../db/connection.ts'
import { certify, type ErasedCounts, type ErasureRule } from '../../db/erasure-certificates.ts'
import { findHolds, lockPeople, nextLeavers } from '../../db/erasure-holds.ts'
import { eraseOldImports } from '../../db/import-erasure.ts'
import type { KeyRing } from '../../db/key-ring.ts'
import { eraseOldAddresses } from '../../db/link-erasure.ts'
import { pseudonymise } from '../../db/pseudonymise.ts'

/** How long after the last membership a person is remembered by name, days (domain.md 13, DEC). */
const rememberedDays = 365
const atOnce = 200
const day = 24 * 60 * 60 * 1000

/**
 * Erases what the school may not keep any longer (domain.md 13): addresses of links, what is left of imports, and the names
 * of those who left a year ago, a few hundred in a transaction with the act that says so. Killed in the midst of it, it goes
 * on where it was; with nothing to erase it writes nothing.
 */
export async function eraseExpired({ db, keys }: { db: Database; keys: KeyRing }, orgId: string, { now, heartbeat }: { now: Date; heartbeat: () => void }): Promise<void> {
  const byTerm = (rule: ErasureRule, erase: (tx: Queryable, now: Date) => Promise<ErasedCounts>) =>
    inSchool(db, orgId, async (tx) => certify(tx, orgId, { rule, at: now, erasedBy: null, counts: await erase(tx, now), people: [] }))
  await byTerm('linkTerm', eraseOldAddresses)
  await byTerm('importTerm', eraseOldImports)
  for (let after: string | undefined = ''; after !== undefined; ) {
    heartbeat()
    after = await inSchool(db, orgId, (tx) => eraseLeavers(tx, keys, orgId, now, after!))
  }
}

/** Erases the next people and returns who was the last to be looked at, or undefined when nobody was. Who is still needed by name stays. */
async function eraseLeavers(tx: Queryable, keys: KeyRing, orgId: string, now: Date, after: string): Promise<string | undefined> {
  const ids = await nextLeavers(tx, new Date(now.getTime() - rememberedDays * day), after, atOnce)
  // Locked first and asked then: whoever is being brought back this moment is not erased.
  await lockPeople(tx, ids)
  const held = new Set((await findHolds(tx, ids)).map(({ personId }) => personId))
  const free = ids.filter((id) => !held.has(id))
  if (free.length > 0) await certify(tx, orgId, { rule: 'leavers', at: now, erasedBy: null, ...(await pseudonymise(tx, keys, free, now)) })
  return ids.at(-1)
}
