import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { afterAll } from 'vitest'

/** What the server does with the next letter. The default is to take it. */
export type Turn =
  | 'accept'
  /** Answers the recipient with this code. */
  | { recipient: number }
  /** Takes all bytes, then answers with this code. */
  | { afterDot: number }
  | 'cutAtRecipient'
  | 'cutAfterDot'
  | 'hangAfterDot'

/** All bytes of a letter, whether or not it was accepted. */
export interface ReceivedLetter {
  recipients: string[]
  raw: Buffer
}

/** A real SMTP server of the caller's own that does as it is told, one turn for each letter. Closed after the file's tests. */
export async function scriptedSmtp() {
  const received: ReceivedLetter[] = []
  const script: Turn[] = []
  let turn: Turn = 'accept'
  let sessions = 0
  let hanging: () => void = () => {}
  let answer: () => void = () => {}

  const cut = (sessionId: string) => {
    for (const connection of server.connections as Set<{ id: string; _socket: { destroy(): void } }>) if (connection.id === sessionId) connection._socket.destroy()
  }
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 100,
    onConnect(_session, callback) {
      sessions += 1
      callback()
    },
    onRcptTo(_address, session, callback) {
      turn = script.shift() ?? 'accept'
      if (turn === 'cutAtRecipient') cut(session.id)
      else if (typeof turn === 'object' && 'recipient' in turn) callback(refusal(turn.recipient))
      else callback()
    },
    onData(stream, session, callback) {
      // A letter that breaks off is no letter.
      void buffer(stream).then((raw) => {
        received.push({ recipients: session.envelope.rcptTo.map(({ address }) => address), raw })
        if (turn === 'cutAfterDot') cut(session.id)
        else if (turn === 'hangAfterDot') {
          answer = () => callback()
          hanging()
        } else if (typeof turn === 'object' && 'afterDot' in turn) callback(refusal(turn.afterDot))
        else callback()
      }, () => {})
    },
  })
  // A connection that is cut is no failure of the test.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => new Promise<void>((resolve) => server.close(resolve)))

  return {
    smtpUrl: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received,
    /** Turns for the letters to come, in order. */
    plan: (...turns: Turn[]) => script.push(...turns),
    /** How many connections have been opened. */
    sessions: () => sessions,
    /** Resolves when a letter hangs after its dot. */
    hangs: () => new Promise<void>((resolve) => (hanging = resolve)),
    /** Gives the letter that hangs its 250 after all. */
    answer: () => answer(),
  }
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error(`p.lisitsyn@zarechie.example says no`), { responseCode })
}
