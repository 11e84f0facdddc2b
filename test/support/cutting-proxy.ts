import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll } from 'vitest'

/** A way to a TCP server that the caller can cut. Closed after the file's tests. */
export async function cuttingProxy(host: string, port: number) {
  const open = new Set<Socket>()
  let connections = 0
  const server = createServer((near) => {
    connections += 1
    const far = connect(port, host)
    for (const socket of [near, far]) {
      open.add(socket)
      // A cut connection is no failure of the test.
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => open.forEach((socket) => socket.resetAndDestroy())
  afterAll(() => {
    cut()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, cut, connections: () => connections }
}
