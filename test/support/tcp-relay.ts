import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll } from 'vitest'
import { freePort } from '../../runtime/embedded/free-port.ts'

/**
 * A wire to a server that the test can cut: whoever connects here is connected there. With `up: false` connections are
 * refused, as of a server that is down, until it comes up. Closed after the file's tests; call at the top level of a test
 * file.
 */
export async function tcpRelay(target: { host: string; port: number }, { up = true } = {}) {
  const sockets = new Set<Socket>()
  let muted = false
  let slowness: { after: string; begun: () => void } | undefined
  let trap: { after: string; to: string; sprung: () => void } | undefined
  let connections = 0
  const server = createServer((near) => {
    connections += 1
    const far = connect(target)
    const losesAnswer = trapped(near)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.setNoDelay(true)
      // What is said on a mute wire is lost, not late.
      from.on('data', (bytes) => {
        if (muted) return
        if (from === near && slowness && bytes.includes(slowness.after)) trickle(near, far)
        if (from === far && losesAnswer()) near.resetAndDestroy()
        else to.write(bytes)
      })
      // A cut connection is no failure of the test.
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  /** Listens to what is said on a connection; true once the next answer on it is to be lost. */
  function trapped(near: Socket): () => boolean {
    let armed = false
    let lost = false
    /** Statements that this connection has prepared: from then on it calls them by name. */
    const prepared = new Map<string, string>()
    near.on('data', (bytes: Buffer) => {
      const said = bytes.toString('latin1')
      for (const [, name, text] of said.matchAll(/(s\d+)\0([^\0]+)\0/g)) prepared.set(name!, text!)
      if (!trap) return
      const { after, to } = trap
      armed ||= said.includes(after) || [...prepared].some(([name, text]) => text.includes(after) && said.includes(`\0${name}\0`))
      if (!armed || !said.includes(to)) return
      lost = true
      trap.sprung()
      trap = undefined
    })
    return () => lost
  }
  /** What is said on a connection from now on goes through byte by byte, one a second; the rest waits at the sender. */
  function trickle(near: Socket, far: Socket) {
    near.removeAllListeners('data').pause()
    slowness?.begun()
    const timer = setInterval(() => {
      const byte = near.read(1) as Buffer | null
      if (byte) far.write(byte)
    }, 1_000)
    near.once('close', () => clearInterval(timer))
  }
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  if (up) await listen(0)
  const port = up ? (server.address() as AddressInfo).port : await freePort()
  const cut = () => {
    muted = false
    for (const socket of sockets) socket.resetAndDestroy()
  }
  afterAll(() => {
    cut()
    server.close()
  })
  return {
    port,
    address: `127.0.0.1:${port}`,
    /** How many have been made so far. */
    connections: () => connections,
    /** From now on connections are taken. */
    comeUp: () => listen(port),
    /** From now on no byte gets through, in either direction; connections stay open, as with a lost route. */
    mute() {
      muted = true
    },
    /** From now on bytes get through again; whoever waits for an answer to what was lost waits for ever. */
    unmute() {
      muted = false
    },
    /**
     * On the first connection where `after` is said and then `to`, `to` arrives and its answer does not: the connection
     * breaks. Resolves when it was said.
     */
    loseAnswer: (after: string, to: string) => new Promise<void>((sprung) => (trap = { after, to, sprung })),
    /** From the moment somebody says this, what follows on their connection trickles. Resolves when that begins. */
    trickle: (after: string) => new Promise<void>((begun) => (slowness = { after, begun })),
    /** Ends every connection. The wire itself works, also one that was mute; what was connected over it has to connect anew. */
    cut,
  }
}
