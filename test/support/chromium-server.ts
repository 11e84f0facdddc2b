import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import type { Starter } from './shared-services.ts'

export type ChromiumFacts = { wsEndpoint: string }

const run = promisify(execFile)

/** What distributions call it. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** One Chromium for the whole run; every test has a profile of its own in it. Nothing of it goes to the network by itself. */
export const chromiumStarter = (): Starter<ChromiumFacts> => async () => {
  const executablePath = (await findChromium()) ?? (await installChromium())
  const server = await chromium.launchServer({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  return { facts: { wsEndpoint: server.wsEndpoint() }, close: () => server.close() }
}

async function findChromium(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name)
      if (await access(path, constants.X_OK).then(() => true, () => false)) return path
    }
  }
  return undefined
}

/** On a machine of continuous integration, where the tests are root. */
async function installChromium(): Promise<string> {
  if (process.getuid?.() !== 0) throw new Error('The tests of the console need Chromium: install the package «chromium» of the system.')
  await run('apt-get', ['update', '-qq'])
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  const found = await findChromium()
  if (!found) throw new Error('the package «chromium» has brought no program of that name')
  return found
}
