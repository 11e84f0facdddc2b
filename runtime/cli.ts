import { parseConfig } from './config.ts'
import { migrateDatabase } from './migrate-database.ts'
import { plainWords } from './plain-words.ts'
import { step } from './progress.ts'
import { runProgram } from './run-program.ts'
import { StartError } from './start-error.ts'

/** The commands behind the npm scripts. What only some need is loaded only there: a server image has no embedded parts. */
const commands: Readonly<Record<string, () => Promise<void>>> = {
  start: () =>
    runProgram(async (closing) => {
      const { start } = await import('./start.ts')
      await start(parseConfig(process.env), process.env, closing)
    }),
  migrate: async () => {
    const { DATABASE_URL } = parseConfig(process.env, ['DATABASE_URL'])
    await step('Схема базы данных', () => migrateDatabase(DATABASE_URL))
  },
  recover: async () => {
    const { recover } = await import('./recover.ts')
    const config = parseConfig(process.env, ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'PAYLOAD_KEYS'])
    const count = await step('Процессы продолжены по записям PostgreSQL', () => recover(config))
    console.log(`Просмотрено: ${count}.`)
  },
  'sign-in-link': async () => {
    const { signInLinks } = await import('./sign-in-link.ts')
    for (const line of await signInLinks(parseConfig(process.env, ['DATABASE_URL', 'PUBLIC_URL']), process.argv[3])) console.log(line)
  },
  bundle: async () => {
    const path = process.argv[3]
    if (!path) throw new StartError('Назовите файл: npm run bundle -- ./workflow-bundle.cjs')
    const { writeWorkflowBundle } = await import('./workflow-bundle.ts')
    await step('Процессы для исполнителя', () => writeWorkflowBundle(path))
  },
  reset: async () => {
    const { reset } = await import('./reset.ts')
    await reset(parseConfig(process.env).DATA_DIR, process.argv.includes('--yes'))
  },
}

const command = commands[process.argv[2] ?? '']
if (!command) {
  console.error(`Неизвестная команда. Есть: ${Object.keys(commands).join(', ')}.`)
  process.exit(1)
}
try {
  await command()
} catch (error) {
  console.error(plainWords(error) ?? error)
  process.exit(1)
}
