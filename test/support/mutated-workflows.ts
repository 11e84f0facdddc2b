import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * A copy of workflows/ and machines/ in which one passage of one file reads differently: what a careless change would
 * deploy. Throws when the passage is not there exactly once. Removed with the test.
 */
export async function mutatedWorkflows(file: string, passage: string, instead: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mutated-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const part of ['machines', 'workflows']) await cp(join(root, part), join(folder, part), { recursive: true })
  // Libraries are found from where a file lies.
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const parts = (await readFile(join(folder, file), 'utf8')).split(passage)
  if (parts.length !== 2) throw new Error(`the passage is ${parts.length - 1} times in ${file}`)
  await writeFile(join(folder, file), parts.join(instead))
  return folder
}
