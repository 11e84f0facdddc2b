import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll } from 'vitest'

/**
 * A wire to a server that the test can cut: whoever connects here is connected there. Closed after the file's tests;
 * call at the top level of a test file.
 */
export async function tcpRelay(target: { host: string; port: number }) {
  const sockets = new Set<Socket>()
  let muted = false
  const server = createServer((near) => {
    const far = connect(target)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.setNoDelay(true)
      // What is said on a mute wire is lost, not late.
      from.on('data', (bytes) => muted || to.write(bytes))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const restore = () => {
    muted = false
    for (const socket of sockets) socket.destroy()
  }
  afterAll(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    restore()
    await closed
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on no byte gets through, in either direction; connections stay open, as with a lost route. */
    mute() {
      muted = true
    },
    /** The wire works again; what was connected over it has to connect anew. */
    restore,
  }
}
