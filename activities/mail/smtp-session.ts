import { setTimeout as delay } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { defaultLimits, type AttemptLimits } from './mail-deps.ts'

/**
 * What came of an attempt (reliability.md, F19–F21). `code` is the reply code («550 5.1.1») or the kind of failure,
 * never the server's words.
 * - `refused`: the server said no for good;
 * - `deferred`: nothing was handed over, try later; `away`: the server itself is not there, for any letter;
 * - `uncertain`: the connection ended between the final dot and the answer, nobody knows who has the letter (RFC 1047).
 */
export type Delivery =
  | { outcome: 'accepted'; code: string }
  | { outcome: 'refused'; code: string }
  | { outcome: 'deferred'; code: string; away: boolean }
  | { outcome: 'uncertain'; code: string }

/** After so many letters a new connection: many servers end one that goes on. */
const lettersPerConnection = 100
const pieceBytes = 16 * 1024

/**
 * One connection to the mail server for a row of letters, opened when the first is sent and anew after a failure.
 * It never repeats a letter by itself: who calls decides.
 */
export class SmtpSession {
  readonly #url: string
  readonly #limits: AttemptLimits
  #connection: SMTPConnection | undefined
  #sent = 0

  constructor(url: string, limits: AttemptLimits = defaultLimits) {
    this.#url = url
    this.#limits = limits
  }

  /** The longest an attempt with so many bytes takes, ms. */
  bound(bytes: number): number {
    return this.#limits.attemptMs + bytes / this.#limits.bytesPerMs
  }

  /** Hands one letter to one recipient. Never throws for what a mail server does; ends within {@link bound}. */
  async deliver(envelope: { from: string; to: string }, mime: Buffer): Promise<Delivery> {
    let dotMayBeOut = false
    const timer = new AbortController()
    // Rejects when the time is up; the connection is then cut, so nothing of this attempt goes on behind our back.
    const late = delay(this.bound(mime.length), undefined, { signal: timer.signal }).then(() => {
      throw Object.assign(new Error('the attempt took too long'), { code: 'ETIMEDOUT' })
    })
    late.catch(() => {})
    try {
      const connection = await Promise.race([this.#open(), late])
      const body = Readable.from(pieces(mime))
      // When the last byte has been read, the final dot follows it at once.
      body.once('end', () => (dotMayBeOut = true))
      const { response } = await Promise.race([send(connection, { from: envelope.from, to: [envelope.to], size: mime.length }, body), late])
      this.#sent += 1
      if (this.#sent >= lettersPerConnection) this.close()
      return { outcome: 'accepted', code: replyCode(response) }
    } catch (error) {
      this.#cut()
      return classify(error as SmtpError, dotMayBeOut)
    } finally {
      timer.abort()
    }
  }

  /** Says goodbye to the server. A later letter opens a new connection. */
  close(): void {
    this.#connection?.quit()
    this.#connection = undefined
  }

  #cut(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  async #open(): Promise<SMTPConnection> {
    if (this.#connection) return this.#connection
    const { auth, ...options } = parseConnectionUrl(this.#url)
    const { connectMs, attemptMs } = this.#limits
    const connection = new SMTPConnection({
      ...options,
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      dnsTimeout: connectMs,
      socketTimeout: attemptMs,
      socketCloseTimeout: 1_000,
      logger: false,
    })
    this.#connection = connection
    this.#sent = 0
    connection.once('end', () => {
      if (this.#connection === connection) this.#connection = undefined
    })
    await new Promise<void>((resolve, reject) => {
      // Stays for the life of the connection: an error without a listener would end the process.
      connection.on('error', reject)
      connection.connect((error) => (error ? reject(error) : resolve()))
    })
    if (auth && connection.allowsAuth) {
      await new Promise<void>((resolve, reject) => connection.login(auth, (error) => (error ? reject(error) : resolve())))
    }
    return connection
  }
}

interface SmtpError extends Error {
  code?: string
  command?: string
  response?: string
  responseCode?: number
}

function send(connection: SMTPConnection, envelope: { from: string; to: string[]; size: number }, body: Readable): Promise<{ response?: string }> {
  return new Promise((resolve, reject) => connection.send(envelope, body, (error, info) => (error ? reject(error) : resolve(info ?? {}))))
}

function* pieces(mime: Buffer): Generator<Buffer> {
  for (let start = 0; start < mime.length; start += pieceBytes) yield mime.subarray(start, start + pieceBytes)
}

function classify(error: SmtpError, dotMayBeOut: boolean): Delivery {
  const reply = error.code === 'EENVELOPE' || error.code === 'EMESSAGE' ? error.responseCode : undefined
  const code = error.response ? replyCode(error.response) : (error.code ?? 'unknown')
  // Larger than the server said it takes: found out before anything was sent.
  if (error.code === 'EMESSAGE' && reply === undefined && error.command === 'MAIL FROM') return { outcome: 'refused', code: 'tooBig' }
  if (reply !== undefined && reply >= 500) return { outcome: 'refused', code }
  // 421 closes the channel: after the dot the server may hold the letter all the same (measured, reliability.md 32).
  if (reply !== undefined && reply !== 421) return { outcome: 'deferred', code, away: false }
  if (dotMayBeOut) return { outcome: 'uncertain', code }
  return { outcome: 'deferred', code, away: true }
}

/** «550 5.1.1» of a reply: its code and its enhanced code (RFC 3463), without its words. */
function replyCode(response = ''): string {
  const [, code = 'unknown', enhanced] = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3}))?/.exec(response) ?? []
  return enhanced ? `${code} ${enhanced}` : code
}
