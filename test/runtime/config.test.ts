import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { Config, ConfigError, parseConfig } from '../../runtime/config.ts'

const problemsOf = (env: NodeJS.ProcessEnv, required: Parameters<typeof parseConfig>[1] = []) => {
  try {
    parseConfig(env, required)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.split(':')[0])
    throw error
  }
}

test('.env.example and the schema name the same variables', async () => {
  const example = parseEnv(await readFile('.env.example', 'utf8'))
  expect(Object.keys(example).sort()).toEqual(Object.keys(Config.properties).sort())
})

test('.env.example as it is means the defaults', async () => {
  const example = parseEnv(await readFile('.env.example', 'utf8')) as NodeJS.ProcessEnv
  expect(parseConfig(example)).toEqual(parseConfig({}))
  expect(parseConfig({})).toMatchObject({ HOST: '127.0.0.1', PORT: 3000, TEMPORAL_NAMESPACE: 'default', TEMPORAL_TLS: false, LOG_LEVEL: 'info' })
})

test('every problem is listed at once, in Russian, without the values', () => {
  const env = { PORT: 'ёж', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://root:s3cret@h/d', TRUST_PROXY: '10.0.0.0/99', PAYLOAD_KEYS: 'a:short', SMTP_URL: 'smtp://h' }
  expect(problemsOf(env, ['TEMPORAL_ADDRESS'])).toEqual(['DATABASE_URL', 'TEMPORAL_ADDRESS', 'PORT', 'LOG_LEVEL', 'MAIL_FROM', 'PAYLOAD_KEYS', 'TRUST_PROXY'])
  expect(() => parseConfig(env)).toThrow(/Настройки заданы неверно/)
  expect(() => parseConfig(env)).not.toThrow(/s3cret|short/)
})

test.each([
  ['DATABASE_URL', 'postgres://a:b@db:5432/sferum'],
  ['TEMPORAL_ADDRESS', 'temporal:7233'],
  ['TEMPORAL_TLS', 'true'],
  ['MAIL_FROM', 'school7@zarechie.example'],
  ['IMAP_URL', 'imaps://box%40zarechie.example:secret@mail:993'],
  ['PUBLIC_URL', 'https://flow.zarechie.example'],
  ['PAYLOAD_KEYS', `b:${Buffer.alloc(32, 2).toString('base64')},a:${Buffer.alloc(32, 1).toString('base64')}`],
  ['TRUST_PROXY', '10.0.0.0/8,127.0.0.1,fd00::/8'],
])('%s=%s is taken', (name, value) => {
  expect(problemsOf({ [name]: value })).toEqual([])
})

test.each([
  ['TEMPORAL_ADDRESS', 'https://temporal:7233'],
  ['TEMPORAL_TLS', 'yes please'],
  ['PORT', '0'],
  ['PORT', '70000'],
  ['MAIL_FROM', 'не адрес'],
  ['MAIL_FROM', 'МОУ «Зареченская ОШ № 7» <school7@zarechie.example>'],
  ['PUBLIC_URL', 'https://flow.zarechie.example/'],
  ['PAYLOAD_KEYS', `a:${Buffer.alloc(16).toString('base64')}`],
  ['TRUST_PROXY', 'true'],
])('%s=%s is refused', (name, value) => {
  expect(problemsOf({ [name]: value })).toEqual([name])
})

test('a client certificate without its key is refused', () => {
  expect(problemsOf({ TEMPORAL_TLS_CERT_FILE: './client.pem' })).toEqual(['TEMPORAL_TLS_CERT_FILE, TEMPORAL_TLS_KEY_FILE'])
})

test('one port for two parts is refused', () => {
  expect(problemsOf({ PORT: '3100', EMBEDDED_MAIL_PORT: '3100' })).toEqual(['EMBEDDED_MAIL_PORT'])
})
