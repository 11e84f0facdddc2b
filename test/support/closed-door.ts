import { connect, createServer, type Socket } from 'node:net'
import { afterAll } from 'vitest'
import { freePort } from '../../runtime/embedded/free-port.ts'

/**
 * The address of a server that is down: connections are refused until it is opened, then they lead to the real one.
 * Closed after the file's tests; call at the top level of a test file.
 */
export async function closedDoor(target: { host: string; port: number }) {
  const port = await freePort()
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    address: `127.0.0.1:${port}`,
    open: () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve)),
  }
}
