import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The version of an installed package of the bench or, where it has none, of the service. */
export function packageVersion(name: string): Record<string, string> {
  for (const folder of ['../../node_modules', '../../../node_modules']) {
    try {
      const text = readFileSync(fileURLToPath(new URL(`${folder}/${name}/package.json`, import.meta.url)), 'utf8')
      return { [name]: (JSON.parse(text) as { version: string }).version }
    } catch {
      // Not there: the next.
    }
  }
  throw new Error(`${name} is not installed`)
}
