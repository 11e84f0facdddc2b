import { readFile } from 'node:fs/promises'
import type { TLSConfig } from '@temporalio/client'
import type { Config } from './config.ts'
import { StartError } from './start-error.ts'

/** What both connections of the SDK (client and worker) take. */
export type TemporalConnectionOptions = { address: string; tls?: TLSConfig | true; apiKey?: string }

/**
 * How to reach Temporal: address, TLS with the client's certificate if there is one, API key.
 * @throws StartError when a certificate file cannot be read
 */
export async function temporalConnection(config: Config & { TEMPORAL_ADDRESS: string }): Promise<TemporalConnectionOptions> {
  const [certificate, key, authority] = await Promise.all([
    pem(config, 'TEMPORAL_TLS_CERT_FILE'),
    pem(config, 'TEMPORAL_TLS_KEY_FILE'),
    pem(config, 'TEMPORAL_TLS_CA_FILE'),
  ])
  const details: TLSConfig = {
    ...(config.TEMPORAL_TLS_SERVER_NAME ? { serverNameOverride: config.TEMPORAL_TLS_SERVER_NAME } : {}),
    ...(authority ? { serverRootCACertificate: authority } : {}),
    ...(certificate && key ? { clientCertPair: { crt: certificate, key } } : {}),
  }
  const secured = config.TEMPORAL_TLS || Object.keys(details).length > 0
  return {
    address: config.TEMPORAL_ADDRESS,
    ...(secured ? { tls: Object.keys(details).length > 0 ? details : true } : {}),
    ...(config.TEMPORAL_API_KEY ? { apiKey: config.TEMPORAL_API_KEY } : {}),
  }
}

async function pem(config: Config, name: 'TEMPORAL_TLS_CERT_FILE' | 'TEMPORAL_TLS_KEY_FILE' | 'TEMPORAL_TLS_CA_FILE'): Promise<Buffer | undefined> {
  const path = config[name]
  if (path === undefined) return undefined
  try {
    return await readFile(path)
  } catch (cause) {
    throw new StartError(`${name}: файл ${path} не читается.`, { cause })
  }
}
