import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A published Java artifact. */
export type Artifact = { group: string; artifact: string; version: string }

/**
 * Directory with the artifact's JAR and everything it needs at run time, fetched with Maven the first time.
 * Two processes that fetch at once do not meet: each works in a directory of its own, the first to finish wins.
 * @throws Error when there is no Maven or it cannot reach its repository.
 */
export async function mavenArtifacts({ group, artifact, version }: Artifact, cacheDirectory: string): Promise<string> {
  const target = join(cacheDirectory, `${artifact}-${version}`)
  if (await exists(target)) return target
  await mkdir(dirname(target), { recursive: true })
  const work = await mkdtemp(`${target}.`)
  try {
    await writeFile(join(work, 'pom.xml'), pom({ group, artifact, version }))
    await run('mvn', ['-q', '-B', '-f', join(work, 'pom.xml'), copyDependencies, `-DoutputDirectory=${join(work, 'jars')}`])
    await rename(join(work, 'jars'), target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return target
}

// Pinned: without a version Maven asks for the newest one each time.
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

const pom = ({ group, artifact, version }: Artifact) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>cache</groupId><artifactId>cache</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><scope>runtime</scope></dependency>
  </dependencies>
</project>
`

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
