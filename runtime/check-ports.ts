import type { Config } from './config.ts'
import { isFree } from './embedded/free-port.ts'
import { StartError } from './start-error.ts'

/**
 * Looks at all ports a start needs before anything is started.
 * @throws StartError, one line that names every taken port and the variable that moves it
 */
export async function checkPorts(config: Config): Promise<void> {
  const wanted = [
    { purpose: 'HTTP-сервера', variable: 'PORT', host: config.HOST, needed: true },
    { purpose: 'PostgreSQL', variable: 'EMBEDDED_POSTGRES_PORT', host: '127.0.0.1', needed: !config.DATABASE_URL },
    { purpose: 'Temporal', variable: 'EMBEDDED_TEMPORAL_PORT', host: '127.0.0.1', needed: !config.TEMPORAL_ADDRESS },
    { purpose: 'страницы Temporal', variable: 'EMBEDDED_TEMPORAL_UI_PORT', host: '127.0.0.1', needed: !config.TEMPORAL_ADDRESS },
    { purpose: 'приёма писем', variable: 'EMBEDDED_SMTP_PORT', host: '127.0.0.1', needed: !config.SMTP_URL },
    { purpose: 'страницы писем', variable: 'EMBEDDED_MAIL_PORT', host: '127.0.0.1', needed: !config.SMTP_URL },
  ] as const
  const taken: (typeof wanted)[number][] = []
  for (const port of wanted) if (port.needed && !(await isFree(config[port.variable], port.host))) taken.push(port)
  const [first] = taken
  if (!first) return
  const list = taken.map(({ purpose, variable }) => `${config[variable]} (для ${purpose}, переменная ${variable})`)
  throw new StartError(
    `Заняты порты: ${list.join('; ')}. Остановите программу, которая их держит, или задайте другой порт, например ${first.variable}=${config[first.variable] + 1}.`,
  )
}
