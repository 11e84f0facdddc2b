import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { endLeftovers } from '../../../runtime/embedded/leftovers.ts'
import { groupIsAlive } from '../../../runtime/embedded/process-identity.ts'
import { startTethered } from '../../../runtime/embedded/tethered-process.ts'

const folder = await mkdtemp(join(tmpdir(), 'tethered-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const sleeper = { name: 'sleep', command: 'sleep', args: ['1000'], stopSignal: 'TERM' } as const

test('a program is stopped with its signal and can write its last words', async () => {
  const logFile = join(folder, 'log')
  const script = 'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.05; done'
  const program = startTethered({ name: 'script', command: 'sh', args: ['-c', script], stopSignal: 'TERM', logFile })
  await expect.poll(() => readFile(logFile, 'utf8')).toBe('up\n')
  await program.stop()
  expect(await readFile(logFile, 'utf8')).toBe('up\nbye\n')
  expect(groupIsAlive(program.pid)).toBe(false)
})

test('a program that ends by itself is noticed', async () => {
  const program = startTethered({ name: 'true', command: 'true', args: [], stopSignal: 'TERM' })
  await program.ended
})

test('a program does not outlive a parent that was killed', async () => {
  const module = resolve('runtime/embedded/tethered-process.ts')
  const parent = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { startTethered } from ${JSON.stringify(module)}
     console.log(startTethered(${JSON.stringify(sleeper)}).pid)
     setInterval(() => {}, 1000)`,
  ])
  const [pid] = (await once(parent.stdout, 'data')) as [Buffer]
  expect(groupIsAlive(Number(pid))).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(() => groupIsAlive(Number(pid)), { timeout: 10_000 }).toBe(false)
})

test('a part that an earlier start left behind is ended, a stranger with its number is not', async () => {
  const file = join(folder, 'processes.json')
  const left = startTethered(sleeper)
  const { record } = await endLeftovers(file)
  await record.add('left', left.pid)
  const stranger = startTethered(sleeper)
  const entries = JSON.parse(await readFile(file, 'utf8')) as unknown[]
  await writeFile(file, JSON.stringify([...entries, { name: 'stranger', pid: stranger.pid, startedAt: 'Mon Nov 23 00:00:00 2026' }]))

  expect((await endLeftovers(file)).ended).toEqual(['left'])
  expect(groupIsAlive(left.pid)).toBe(false)
  expect(groupIsAlive(stranger.pid)).toBe(true)
  expect((await endLeftovers(file)).ended).toEqual([])
  await stranger.stop()
})
