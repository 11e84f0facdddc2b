import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseKeyRing } from '../../../db/key-ring.ts'
import { openDataFolder, removeDataFolder } from '../../../runtime/embedded/data-folder.ts'
import { StartError } from '../../../runtime/start-error.ts'

const temporary = await mkdtemp(join(tmpdir(), 'data-folder-'))
afterAll(() => rm(temporary, { recursive: true, force: true }))
let number = 0
const fresh = () => join(temporary, String(++number))

test('secrets are made once, kept, and readable by their owner only', async () => {
  const path = fresh()
  const first = await openDataFolder(path)
  await first.release()
  const second = await openDataFolder(path)
  await second.release()
  expect(second.payloadKeys).toBe(first.payloadKeys)
  expect(second.databasePassword).toBe(first.databasePassword)
  expect(parseKeyRing(first.payloadKeys).activeId).toBe('first')
  for (const file of ['payload-keys', 'database-password']) expect((await stat(join(path, file))).mode & 0o777).toBe(0o600)
})

test('a folder belongs to one start at a time', async () => {
  const path = fresh()
  const { release } = await openDataFolder(path)
  await expect(openDataFolder(path)).rejects.toThrow(new RegExp(`уже запущен.*${process.pid}`))
  await expect(removeDataFolder(path)).rejects.toThrow(StartError)
  await release()
  await removeDataFolder(path)
  await expect(stat(path)).rejects.toThrow()
})

test('the lock of a start that was killed is no obstacle', async () => {
  const path = fresh()
  await (await openDataFolder(path)).release()
  const gone = spawn('true')
  await once(gone, 'exit')
  await writeFile(join(path, 'lock'), JSON.stringify({ pid: gone.pid, startedAt: 'Mon Nov 23 00:00:00 2026' }))
  await (await openDataFolder(path)).release()
  await writeFile(join(path, 'lock'), '')
  await (await openDataFolder(path)).release()
})

test('a folder of another version and a folder of another program are left alone', async () => {
  const path = fresh()
  await (await openDataFolder(path)).release()
  await writeFile(join(path, 'VERSION'), '99\n')
  await expect(openDataFolder(path)).rejects.toThrow(/создана другой версией сервиса \(99, а нужна 1\)/)
  await writeFile(join(temporary, 'thesis.txt'), 'mine')
  await expect(openDataFolder(temporary)).rejects.toThrow(/занята чужими файлами/)
  await expect(removeDataFolder(temporary)).rejects.toThrow(/удалять нечего/)
  expect(await readFile(join(temporary, 'thesis.txt'), 'utf8')).toBe('mine')
})
