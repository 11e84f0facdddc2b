import { expect, test } from 'vitest'
import { groupIsAlive } from '../../runtime/embedded/process-identity.ts'
import { installation } from '../support/running-service.ts'

const service = await installation()
const up = /Ключ API для пробы: +(\S+)/
const people = (key: string) => fetch(`${service.url}/api/v1/people`, { headers: { authorization: `Bearer ${key}` } })

const patient = { timeout: 180_000 }

test('the first start brings everything up by itself; Ctrl-C stops all of it', patient, async () => {
  const start = service.command('start')
  const [, key] = await start.says(up)
  await expect.poll(() => fetch(`${service.url}/ready`).then((answer) => answer.json())).toEqual({ status: 'ready', dependencies: { postgres: 'up', temporal: 'up', worker: 'up', smtp: 'up' } })
  expect((await fetch(service.mailUrl, { headers: { accept: 'text/html' } })).status).toBe(200)
  expect((await people(key!)).status).toBe(200)

  const second = service.command('start')
  expect(await second.exited).toBe(1)
  expect(second.output()).toMatch(/^Сервис уже запущен с этой папкой данных \(процесс \d+\)\..*\n$/)

  const parts = await service.parts()
  expect(parts.map(({ name }) => name)).toEqual(['PostgreSQL', 'Temporal', 'ловушка писем', 'исполнитель процессов', 'HTTP-сервер'])
  start.signal('SIGINT')
  expect(await start.exited).toBe(0)
  expect(parts.filter(({ pid }) => groupIsAlive(pid))).toEqual([])
})

test('after kill -9 of everything the next start goes on with the same data, and a killed part comes back', patient, async () => {
  const first = service.command('start')
  const [, key] = await first.says(up)
  const before = await (await people(key!)).json()
  for (const { pid } of await service.parts()) process.kill(-pid, 'SIGKILL')
  first.signal('SIGKILL')
  await first.exited

  const second = service.command('start')
  expect((await second.says(up))[1]).toBe(key)
  expect(await (await people(key!)).json()).toEqual(before)

  const parts = new Map((await service.parts()).map(({ name, pid }) => [name, pid]))
  for (const name of ['PostgreSQL', 'Temporal', 'исполнитель процессов', 'HTTP-сервер']) process.kill(-parts.get(name)!, 'SIGKILL')
  await expect.poll(() => fetch(`${service.url}/ready`).then(async (answer) => ((await answer.json()) as { status: string }).status, () => 'away'), { timeout: 90_000 }).toBe('ready')
  expect(await (await people(key!)).json()).toEqual(before)

  second.signal('SIGTERM')
  expect(await second.exited).toBe(0)
})

test('reset asks, and with --yes removes the folder', async () => {
  const unsure = service.command('reset')
  expect(await unsure.exited).toBe(1)
  expect(unsure.output()).toMatch(/--yes/)
  const sure = service.command('reset', '--yes')
  expect(await sure.exited).toBe(0)
  const again = service.command('reset', '--yes')
  expect(await again.exited).toBe(1)
  expect(again.output()).toMatch(/удалять нечего/)
})
