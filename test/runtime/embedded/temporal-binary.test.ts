import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { goInstall, NoTemporalBinary, temporalBinary } from '../../../runtime/embedded/temporal-binary.ts'

const folder = await mkdtemp(join(tmpdir(), 'temporal-binary-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

async function program(...path: string[]): Promise<string> {
  const file = join(folder, ...path)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, '#!/bin/sh\n')
  await chmod(file, 0o755)
  return file
}

const explicit = await program('explicit', 'temporal')
const onPath = await program('bin', 'temporal')
const cached = await program('cache', 'temporal')
const search = { path: join(folder, 'bin'), cacheDirectory: join(folder, 'cache'), progress: () => undefined }

test('a named binary comes first, then the search path, then the cache', async () => {
  expect(await temporalBinary({ ...search, explicit })).toBe(explicit)
  expect(await temporalBinary(search)).toBe(onPath)
  expect(await temporalBinary({ ...search, path: join(folder, 'empty') })).toBe(cached)
})

test('a named binary that cannot run is an error, not a reason to look elsewhere', async () => {
  await chmod(await program('plain', 'temporal'), 0o644)
  const file = join(folder, 'plain', 'temporal')
  await expect(temporalBinary({ ...search, explicit: file })).rejects.toThrow(NoTemporalBinary)
  await expect(temporalBinary({ ...search, explicit: file })).rejects.toThrow(/^TEMPORAL_BINARY указывает на файл, который нельзя запустить/)
})

test('the build is pinned to a release that go install can build, and lands where it is told', () => {
  expect(goInstall('/somewhere')).toMatchObject({
    command: 'go',
    args: ['install', 'github.com/temporalio/cli/cmd/temporal@v1.5.1'],
    env: { GOBIN: '/somewhere' },
  })
})
