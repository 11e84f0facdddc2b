import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import { asService } from '../../db/connection.ts'
import { firstLetterAt } from '../../db/inbound-matching.ts'
import { readMailboxPosition, writeMailboxPosition } from '../../db/mailbox-positions.ts'
import type { InboxDeps } from './inbox-deps.ts'
import { receiveRaw } from './receive-raw.ts'

const firstPauseMs = 1_000
const longestPauseMs = 60_000
/** Looked through anew at least this often: a server may forget to say that something came. */
const rescanMs = 5 * 60_000
/** A message longer than this is kept cut. */
const maxBytes = 25 * 1024 * 1024

/**
 * Reads a mailbox until the signal comes, connecting anew for as long as it takes. Every message is safe in the
 * database before the position moves past it, so nothing is lost and, by content, nothing is taken twice, whatever
 * breaks in between and also when the mailbox is rebuilt (F24, F25). Changes nothing in the mailbox.
 * @param imapUrl imap://user:password@host:port, imaps://… for TLS from the start
 */
export async function readMailbox(deps: InboxDeps, imapUrl: string, signal: AbortSignal): Promise<void> {
  let pause = firstPauseMs
  while (!signal.aborted) {
    try {
      await session(deps, imapUrl, signal, () => (pause = firstPauseMs))
    } catch (error) {
      if (signal.aborted) return
      deps.onError(withoutWords(error))
    }
    await delay(pause, undefined, { signal }).catch(() => {})
    pause = Math.min(pause * 2, longestPauseMs)
  }
}

/** One connection: looks through the mailbox, waits for mail, looks again. Ends when the signal comes, throws when the connection breaks. */
async function session(deps: InboxDeps, imapUrl: string, signal: AbortSignal, connected: () => void): Promise<void> {
  const client = clientOf(new URL(imapUrl))
  let news = expectNews()
  client.on('exists', () => news.resolve())
  client.on('error', (error: Error) => news.reject(error))
  client.on('close', () => news.reject(new Error('the connection to the mailbox has ended')))
  const leave = () => client.close()
  signal.addEventListener('abort', leave, { once: true })
  try {
    await client.connect()
    await client.mailboxOpen('INBOX', { readOnly: true })
    while (!signal.aborted) {
      // Listen first, then look: what comes in between is looked for in the next round.
      news = expectNews()
      await lookThrough(deps, client, positionName(imapUrl))
      connected()
      client.idle().catch(() => {})
      const rescan = new AbortController()
      await Promise.race([news.promise, delay(rescanMs, undefined, { signal: rescan.signal })]).finally(() => rescan.abort())
    }
  } finally {
    signal.removeEventListener('abort', leave)
    client.close()
  }
}

/** Something that will happen to the connection: mail, or its end. An end that nobody waits for just then is no error of its own. */
function expectNews(): PromiseWithResolvers<void> {
  const news = Promise.withResolvers<void>()
  news.promise.catch(() => {})
  return news
}

/** Takes in what came after the position, in order. Without one: what came since the first letter went out. */
async function lookThrough(deps: InboxDeps, client: ImapFlow, mailbox: string): Promise<void> {
  const { mailbox: open } = client
  if (!open) throw new Error('no mailbox is open')
  const uidValidity = Number(open.uidValidity)
  const { position, since } = await asService(deps.db, async (tx) => ({ position: await readMailboxPosition(tx, mailbox), since: await firstLetterAt(tx) }))
  const lastUid = position?.uidValidity === uidValidity ? position.lastUid : undefined
  // Before the search: what comes while it runs lies behind this number. Not UIDNEXT: a server that is just taking a
  // message in may have counted it there before anybody can see it (seen with GreenMail), and it would be passed by.
  const highest = lastUid === undefined ? await highestUid(client, open.exists) : lastUid
  const uids = lastUid === undefined ? await uidsSince(client, since) : await uidsAfter(client, lastUid)
  const advance = (uid: number) => asService(deps.db, (tx) => writeMailboxPosition(tx, mailbox, { uidValidity, lastUid: uid }))
  for (const uid of uids) {
    const message = await client.fetchOne(String(uid), { source: { maxLength: maxBytes } }, { uid: true })
    // False: deleted since the search.
    if (message && message.source) await receiveRaw(deps, message.source, { name: 'imap', orgId: null })
    await advance(uid)
  }
  // So that mail from before the first letter is not looked at again.
  if (lastUid === undefined && uids.length === 0) await advance(highest)
}

/** The UID of the last message that is there; 0 when there is none. */
async function highestUid(client: ImapFlow, exists: number): Promise<number> {
  return exists === 0 ? 0 : Math.max(0, ...((await client.search({ uid: '*' }, { uid: true })) || []))
}

async function uidsAfter(client: ImapFlow, uid: number): Promise<number[]> {
  const found = (await client.search({ uid: `${uid + 1}:*` }, { uid: true })) || []
  // «n:*» names the last message even when its number is below n (RFC 3501, 6.4.8).
  return found.filter((candidate) => candidate > uid).sort((a, b) => a - b)
}

async function uidsSince(client: ImapFlow, since: Date | null): Promise<number[]> {
  if (!since) return []
  // IMAP knows days only, in the server's zone: a day more is safe, what is no answer stays unmatched.
  const day = new Date(since.getTime() - 24 * 60 * 60 * 1000)
  return ((await client.search({ since: day }, { uid: true })) || []).sort((a, b) => a - b)
}

function clientOf(url: URL): ImapFlow {
  const secure = url.protocol === 'imaps:'
  return new ImapFlow({
    host: url.hostname,
    port: url.port ? Number(url.port) : secure ? 993 : 143,
    secure,
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    disableAutoIdle: true,
    maxIdleTime: 4 * 60_000,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    logger: false,
  })
}

/** A server's answers repeat commands and addresses; what is logged of a refusal is its kind alone (P7). */
function withoutWords(error: unknown): unknown {
  if (!(error instanceof Error) || !('responseStatus' in error || 'response' in error)) return error
  const { responseStatus, serverResponseCode, authenticationFailed } = error as { responseStatus?: string; serverResponseCode?: string; authenticationFailed?: boolean }
  const kind = [responseStatus, serverResponseCode, authenticationFailed && 'authentication failed'].filter(Boolean).join(', ')
  return new Error(`the mailbox refused: ${kind || 'no reason given'}`)
}

/** Names a mailbox in the database without its owner's address. */
function positionName(imapUrl: string): string {
  const { hostname, port, username } = new URL(imapUrl)
  return `imap:${createHash('sha256').update(`${username}@${hostname}:${port}`).digest('hex').slice(0, 24)}`
}
