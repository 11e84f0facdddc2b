import { execFile } from 'node:child_process'
import { access, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

type Service = { image?: string; build?: unknown; command?: string[]; environment?: Record<string, unknown>; depends_on?: Record<string, unknown> }

const compose = parse(await readFile('docker-compose.yml', 'utf8'), { merge: true }) as { services: Record<string, Service> }
const ours = Object.entries(compose.services).filter(([, service]) => service.build)
const packageJson = JSON.parse(await readFile('package.json', 'utf8')) as { devDependencies: Record<string, string>; scripts: Record<string, string> }

/** Forbids every package the image does not install. */
const asInTheImage = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module'
const absent = ${JSON.stringify(Object.keys(packageJson.devDependencies))}
registerHooks({
  resolve(specifier, context, next) {
    if (absent.some((name) => specifier === name || specifier.startsWith(name + '/'))) throw new Error('not in the image: ' + specifier)
    return next(specifier, context)
  },
})`)}`

/** Runs a program of ours with nothing but these variables. */
function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', asInTheImage, ...args], { env }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }))
  })
}

test('the compose file has the parts an installation needs', () => {
  expect(Object.keys(compose.services).sort()).toEqual(['mail', 'migrate', 'postgres', 'server', 'temporal', 'temporal-ui', 'worker'])
})

test.each(ours)('the command of «%s» is a program of ours that starts without development packages', async (_name, { command }) => {
  const [program, ...args] = command!
  expect(program).toBe('node')
  await access(args[0]!)
  const { code, output } = await run(args, {})
  expect(code).toBe(1)
  expect(output).toMatch(/^Настройки заданы неверно:\n {2}DATABASE_URL: не задана/)
})

test.each(ours)('the environment of «%s» is complete: it gets past its configuration', async (_name, { command, environment }) => {
  const filledIn = Object.entries(environment!).map(([name, value]) => [name, fillIn(String(value))])
  // Port 9 (discard) on this machine: nothing answers there, so no service of ours is reached by accident.
  const env = { ...Object.fromEntries(filledIn), DATABASE_URL: 'postgres://sferum:x@127.0.0.1:9/sferum', TEMPORAL_ADDRESS: '127.0.0.1:9', PORT: '-1' }
  const { output } = await run(command!.slice(1), env)
  // One wrong variable on purpose: it is the only one that is complained of.
  expect(output).toBe('Настройки заданы неверно:\n  PORT: нужно другое значение: номер порта от 1 до 65535\nВсе переменные описаны в файле .env.example.\n')
})

test('the image bundles the workflows with nothing but what it installs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  try {
    const path = join(folder, 'workflow-bundle.cjs')
    expect((await run(['runtime/cli.ts', 'bundle', path], {})).code).toBe(0)
    expect((await stat(path)).size).toBeGreaterThan(100_000)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the image copies every folder the programs import from, and runs one of them as another user than root', async () => {
  const dockerfile = await readFile('Dockerfile', 'utf8')
  const ignored = await readFile('.dockerignore', 'utf8')
  for (const folder of ['machines', 'workflows', 'activities', 'db', 'school', 'server', 'runtime']) {
    expect(dockerfile).toContain(`COPY ${folder} ./${folder}\n`)
    expect(ignored).toContain(`!${folder}\n`)
  }
  expect(dockerfile).toContain('npm ci --omit=dev')
  expect(dockerfile).toMatch(/^USER node$/m)
  const [, command] = /^CMD (\[.*\])$/m.exec(dockerfile)!
  expect(JSON.parse(command!)).toEqual(compose.services.server!.command)
})

test.each(Object.entries(packageJson.scripts).filter(([, script]) => script.startsWith('node ')))('npm run %s names a file that is there', async (_name, script) => {
  await access(script.split(' ').find((word) => word.endsWith('.ts'))!)
})

/** ${NAME:-default} becomes the default, ${NAME:?message} a value of the right form. */
function fillIn(value: string): string {
  return value.replaceAll(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    if (kind === '-') return rest
    return name === 'PAYLOAD_KEYS' ? `first:${Buffer.alloc(32).toString('base64')}` : 'x'
  })
}
