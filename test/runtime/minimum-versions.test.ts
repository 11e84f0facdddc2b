import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

/** Versions below these have holes that are known (reliability.md 2.6, 2.7). Asked of the lock file: no registry is needed. */
const safeFrom: Readonly<Record<string, readonly [major: number, minor: number, patch: number]>> = {
  // CRLF in headers and names, files read through raw messages (GHSA-vvjj-xcjg-gr5g).
  nodemailer: [9, 0, 5],
  // Validation passed by with a content type, hop-count trustProxy (CVE-2026-33806, CVE-2026-3635, CVE-2026-16732).
  fastify: [5, 12, 1],
}

test('no package is installed in a version with a known hole', async () => {
  const lock = JSON.parse(await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8')) as { packages: Record<string, { version?: string }> }
  for (const [name, least] of Object.entries(safeFrom)) {
    const installed = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`))
    expect(installed.length, name).toBeGreaterThan(0)
    for (const [path, { version }] of installed) expect(version!.localeCompare(least.join('.'), 'en', { numeric: true }), `${path} ${version}`).toBeGreaterThanOrEqual(0)
  }
})
