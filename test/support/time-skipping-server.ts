import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory } from '../../runtime/cache-directory.ts'
import { mavenArtifacts } from './maven-artifacts.ts'
import type { Starter } from './shared-services.ts'

export type TimeSkippingFacts = {
  /** A program that behaves like the SDK's own time-skipping test server binary. */
  executable: string
}

/** Fetches the Java test server once and wraps it as the program the SDK expects to find. */
export const timeSkippingStarter =
  (folder: string): Starter<TimeSkippingFacts> =>
  async () => {
    const jars = await mavenArtifacts(
      { group: 'io.temporal', artifact: 'temporal-test-server', version: '1.32.0' },
      cacheDirectory(process.env.XDG_CACHE_HOME),
    )
    const executable = join(folder, 'temporal-test-server')
    await writeFile(executable, `#!/bin/sh\nexec java ${quickJava} -cp '${jars}/*' io.temporal.testserver.TestServer "$@"\n`, { mode: 0o700 })
    return { facts: { executable } }
  }

/** Java options for a short life beside other programs: it is up sooner and takes one core less. */
export const quickJava = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'
