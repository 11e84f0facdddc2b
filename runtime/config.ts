import { isIP } from 'node:net'
import { Type, type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { parseKeyRing } from '../db/key-ring.ts'

/** Words for the person who sets the variable: what a right value looks like. */
type Expects = { expects: string }

const text = (pattern: string, expects: string) => Type.Optional(Type.String({ pattern, expects } satisfies Expects & { pattern: string }))
const port = (fallback: number) => Type.Integer({ minimum: 1, maximum: 65535, default: fallback, expects: 'номер порта от 1 до 65535' })
const file = (what: string) => text('^/|^[.]', `путь к файлу ${what} (начинается с / или с точки)`)

/**
 * Every variable the service reads, and nothing else reads the environment. An absent or empty variable takes the
 * default; without DATABASE_URL, TEMPORAL_ADDRESS or SMTP_URL `npm start` brings up its own, and no letter leaves
 * the machine. Each has its lines in .env.example.
 */
export const Config = Type.Object({
  DATABASE_URL: text('^postgres(ql)?://[^\\s]+$', 'адрес PostgreSQL вида postgres://имя:пароль@узел:5432/база'),
  TEMPORAL_ADDRESS: text('^[^\\s/:]+:[0-9]{1,5}$', 'адрес Temporal вида узел:7233'),
  TEMPORAL_NAMESPACE: Type.String({ pattern: '^[A-Za-z0-9._-]+$', default: 'default', expects: 'имя пространства Temporal: латинские буквы, цифры, точка, дефис' }),
  TEMPORAL_TLS: Type.Boolean({ default: false, expects: 'true или false' }),
  TEMPORAL_TLS_CERT_FILE: file('сертификата клиента'),
  TEMPORAL_TLS_KEY_FILE: file('ключа клиента'),
  TEMPORAL_TLS_CA_FILE: file('корневого сертификата'),
  TEMPORAL_TLS_SERVER_NAME: text('^[^\\s/:]+$', 'имя узла из сертификата Temporal'),
  TEMPORAL_API_KEY: text('^\\S+$', 'ключ Temporal без пробелов'),
  SMTP_URL: text('^smtps?://[^\\s]+$', 'адрес почтового сервера вида smtps://имя:пароль@узел:465'),
  MAIL_FROM: text('^[^<>@\\s]+@[^<>@\\s]+$', 'адрес отправителя вида school7@zarechie.example (имя школы добавляется само)'),
  IMAP_URL: text('^imaps?://[^\\s]+@[^\\s]+$', 'адрес почтового ящика вида imaps://имя:пароль@узел:993'),
  PUBLIC_URL: text('^https?://[^\\s/]+$', 'адрес, по которому сервис открывают люди, вида https://flow.school.example (без пути и косой черты в конце)'),
  PAYLOAD_KEYS: text('^\\S+$', 'список ключей вида имя:ключ,имя:ключ (ключ — 32 байта в base64)'),
  HOST: Type.String({ pattern: '^\\S+$', default: '127.0.0.1', expects: 'адрес сетевого интерфейса, например 127.0.0.1 или 0.0.0.0' }),
  PORT: port(3000),
  TRUST_PROXY: text('^\\S+$', 'список сетей доверенных прокси через запятую вида 10.0.0.0/8,127.0.0.1'),
  LOG_LEVEL: Type.Union(
    (['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const).map((level) => Type.Literal(level)),
    { default: 'info', expects: 'fatal, error, warn, info, debug, trace или silent' },
  ),
  WORKFLOW_BUNDLE: file('процессов, собранного заранее'),
  DATA_DIR: Type.String({ pattern: '\\S', default: '.data', expects: 'путь к папке данных' }),
  TEMPORAL_BINARY: text('\\S', 'путь к программе temporal'),
  EMBEDDED_POSTGRES_PORT: port(5433),
  EMBEDDED_TEMPORAL_PORT: port(7233),
  EMBEDDED_TEMPORAL_UI_PORT: port(8233),
  EMBEDDED_SMTP_PORT: port(1025),
  EMBEDDED_MAIL_PORT: port(1080),
})
export type Config = Static<typeof Config>
export type Variable = keyof Config

/** What is wrong with the environment: one Russian line per problem, never a value (it may be a secret). */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(['Настройки заданы неверно:', ...problems.map((problem) => `  ${problem}`), 'Все переменные описаны в файле .env.example.'].join('\n'))
    this.problems = problems
  }
}

/**
 * Reads the configuration.
 * @param required variables this process cannot do without, although others can
 * @throws ConfigError that lists every problem at once
 */
export function parseConfig<const R extends Variable = never>(
  env: NodeJS.ProcessEnv,
  required: readonly R[] = [],
): Config & { [K in R]: NonNullable<Config[K]> } {
  const problems: string[] = []
  const config: Record<string, unknown> = {}
  for (const [name, property] of Object.entries<TSchema>(Config.properties)) {
    const schema = property as TSchema & Expects & { default?: unknown }
    const raw = env[name]?.trim()
    if (!raw) {
      if (required.some((wanted) => wanted === name)) problems.push(`${name}: не задана, нужна: ${schema.expects}`)
      else if (schema.default !== undefined) config[name] = schema.default
      continue
    }
    const value = Value.Convert(schema, raw)
    if (Value.Check(schema, value)) config[name] = value
    else problems.push(`${name}: нужно другое значение: ${schema.expects}`)
  }
  problems.push(...disagreements(config as Partial<Config>))
  if (problems.length > 0) throw new ConfigError(problems)
  return config as Config & { [K in R]: NonNullable<Config[K]> }
}

/** What no variable shows alone. */
function disagreements(config: Partial<Config>): string[] {
  const problems: string[] = []
  if ((config.TEMPORAL_TLS_CERT_FILE === undefined) !== (config.TEMPORAL_TLS_KEY_FILE === undefined)) {
    problems.push('TEMPORAL_TLS_CERT_FILE, TEMPORAL_TLS_KEY_FILE: задайте обе или ни одной')
  }
  if (config.SMTP_URL && !config.MAIL_FROM) problems.push('MAIL_FROM: не задана, а письма без адреса отправителя настоящий сервер (SMTP_URL) не примет')
  if (config.PAYLOAD_KEYS && !isKeyRing(config.PAYLOAD_KEYS)) {
    problems.push('PAYLOAD_KEYS: нужно другое значение: список вида имя:ключ,имя:ключ, где ключ — 32 байта в base64, а имена разные')
  }
  if (config.TRUST_PROXY && !trustedProxies(config.TRUST_PROXY).every(isNetwork)) {
    problems.push('TRUST_PROXY: нужно другое значение: список сетей через запятую вида 10.0.0.0/8,127.0.0.1')
  }
  const ports = Object.entries(config).filter(([name]) => name.endsWith('PORT'))
  for (const [index, [name, value]] of ports.entries()) {
    const twin = ports.slice(0, index).find(([, other]) => other === value)
    if (twin) problems.push(`${name}: порт ${String(value)} уже отдан переменной ${twin[0]}, нужен другой`)
  }
  return problems
}

/** The networks of TRUST_PROXY, as Fastify's `trustProxy` takes them. */
export function trustedProxies(list: string): string[] {
  return list.split(',').map((network) => network.trim())
}

function isNetwork(network: string): boolean {
  const [address, prefix, ...rest] = network.split('/')
  const version = isIP(address ?? '')
  const longest = version === 4 ? 32 : 128
  return version > 0 && rest.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest))
}

function isKeyRing(list: string): boolean {
  try {
    parseKeyRing(list)
    return true
  } catch {
    return false
  }
}
