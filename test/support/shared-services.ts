import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** How one service starts: what test files learn about it, and how it is closed. */
export type Starter<T> = () => Promise<{ facts: T; close?: () => Promise<void> }>

/** The broker's two ends: the address test files ask, and the close that ends every service that was started. */
export type Broker = { url: string; close(): Promise<void> }

/**
 * Serves the start of shared services to the test files, which run in processes of their own: the first one that
 * asks starts the service, the rest share it, and a run that needs none starts none.
 */
export async function openBroker(starters: Readonly<Record<string, Starter<unknown>>>): Promise<Broker> {
  const started = new Map<string, ReturnType<Starter<unknown>>>()
  const start = (name: string) => {
    const starter = starters[name]
    if (!starter) throw new Error(`no shared service «${name}»`)
    const service = started.get(name) ?? starter()
    started.set(name, service)
    return service
  }
  const server = createServer((request, response) => {
    void Promise.resolve(request.url?.slice(1) ?? '')
      .then(start)
      .then(({ facts }) => response.end(JSON.stringify(facts)))
      .catch((error: Error) => response.writeHead(500).end(error.stack))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      const services = await Promise.allSettled(started.values())
      await Promise.all(services.map(async (service) => (service.status === 'fulfilled' ? service.value.close?.() : undefined)))
    },
  }
}

/** Asks the broker for a service; waits as long as its start takes (a first build of Temporal takes minutes). */
export async function sharedService<T>(brokerUrl: string, name: string): Promise<T> {
  // Not fetch(): it gives up after five minutes without an answer.
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${brokerUrl}/${name}`, resolve).once('error', reject)
  })
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(`${name}: ${body}`)
  return JSON.parse(body) as T
}
