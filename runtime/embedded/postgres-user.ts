import { execFile } from 'node:child_process'
import { chown } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** How to run PostgreSQL's programs: words that go before the command. Empty for an ordinary user. */
export type PostgresUser = {
  prefix: readonly string[]
  /** Makes a directory the data directory's owner's. */
  own(directory: string): Promise<void>
}

/**
 * PostgreSQL refuses to run as root. As root (containers, CI) its programs run as `nobody`, which exists everywhere,
 * with one capability kept: to walk through directories that only root may enter, because node_modules and the data
 * folder often lie in such a place. `no_setuid_fixup` keeps that capability effective in access(2), which
 * PostgreSQL uses to find its own files.
 */
export async function postgresUser(): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return { prefix: [], own: () => Promise.resolve() }
  const uid = Number((await run('id', ['-u', 'nobody'])).stdout)
  const gid = Number((await run('id', ['-g', 'nobody'])).stdout)
  const plain = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  const passing = [...plain, '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup']
  const allowed = await run(passing[0]!, [...passing.slice(1), 'true']).then(
    () => true,
    () => false,
  )
  return { prefix: allowed ? passing : plain, own: (directory) => chown(directory, uid, gid) }
}
