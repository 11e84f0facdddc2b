import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { groupIsAlive, processStart } from '../../../runtime/embedded/process-identity.ts'

test('a killed process that its parent does not look after is gone, as after kill -9 in a container without an init', async () => {
  const parent = spawn('sh', ['-c', 'setsid sleep 1000 & echo $!; exec sleep 1000'])
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const child = Number(line)
  await expect.poll(() => groupIsAlive(child)).toBe(true)
  expect(await processStart(child)).toBeDefined()

  process.kill(child, 'SIGKILL')
  await expect.poll(() => processStart(child)).toBeUndefined()
  expect(groupIsAlive(child)).toBe(false)
})
