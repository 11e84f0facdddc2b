import { fork } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import type { Invitation, Word } from '../engine.ts'
import type { Answer, Call } from './app-host.ts'

/** Starts an application (app-host.ts) and waits until it is ready. */
export async function startApp(file: string, env: NodeJS.ProcessEnv, logFile: string) {
  const log = openSync(logFile, 'a', 0o600)
  const child = fork(file, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', log, log, 'ipc'], serialization: 'advanced' })
  const waiting = new Map<number, { resolve: (value: boolean) => void; reject: (error: Error) => void }>()
  const ready = Promise.withResolvers<void>()
  child.on('message', ({ id, value, error }: Answer) => {
    if (id === 0) return ready.resolve()
    const call = waiting.get(id)
    waiting.delete(id)
    if (error !== undefined) call?.reject(new Error(error))
    else call?.resolve(value ?? false)
  })
  const ended = once(child, 'exit').then(() => {
    const error = new Error('the application has ended; its log says why')
    ready.reject(error)
    for (const { reject } of waiting.values()) reject(error)
  })
  let last = 0
  const call = (what: { issue: readonly Invitation[] } | { tell: [number, Word] }) =>
    new Promise<boolean>((resolve, reject) => {
      const id = (last += 1)
      waiting.set(id, { resolve, reject })
      child.send({ id, ...what } satisfies Call)
    })
  await ready.promise
  return {
    pid: child.pid!,
    issue: async (invitations: readonly Invitation[]) => void (await call({ issue: invitations })),
    tell: (index: number, word: Word) => call({ tell: [index, word] }),
    async stop() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}
