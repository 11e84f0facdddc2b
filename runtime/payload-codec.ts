import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { ValueError, type Payload, type PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import type { KeyRing } from '../db/key-ring.ts'
import { openBytes, sealBytes } from '../db/sealed.ts'

const encoding = 'binary/encrypted'
const { Payload: PayloadMessage } = proto.temporal.api.common.v1

/** Packed by zlib before it was encrypted; absent when it was not. */
const packing = 'deflate'
/** Payloads of fewer bytes stay as they are: packing gains nothing. */
const worthPacking = 1024
const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/**
 * Encrypts every payload with AES-256-GCM under the ring's active key; decrypts with whichever key of the ring the
 * payload names. Large ones are packed first: what a cohort of 500 carries from run to run would go past the 2 MiB that
 * Temporal takes. Payloads that are not encrypted pass unchanged, so histories from before encryption stay readable.
 * @throws ValueError for a payload whose key is not in the ring, and for one that was tampered with
 */
export function payloadCodec(ring: KeyRing): PayloadCodec {
  return {
    encode: (payloads) => Promise.all(payloads.map((payload) => encrypt(ring, payload))),
    decode: (payloads) => Promise.all(payloads.map((payload) => decrypt(ring, payload))),
  }
}

async function encrypt(ring: KeyRing, payload: Payload): Promise<Payload> {
  const bytes = PayloadMessage.encode(payload).finish()
  const packed = bytes.length >= worthPacking
  const { keyId, data } = sealBytes(ring, 'payload', packed ? await deflate(bytes) : bytes, packed ? packing : '')
  return { metadata: { encoding: Buffer.from(encoding), 'encryption-key-id': Buffer.from(keyId), ...(packed && { packing: Buffer.from(packing) }) }, data }
}

async function decrypt(ring: KeyRing, payload: Payload): Promise<Payload> {
  const { metadata, data } = payload
  if (text(metadata?.encoding) !== encoding) return payload
  if (!data) throw new ValueError('an encrypted payload without data')
  const packed = text(metadata?.packing) === packing
  try {
    const bytes = openBytes(ring, 'payload', { keyId: text(metadata?.['encryption-key-id']), data }, packed ? packing : '')
    return PayloadMessage.decode(packed ? await inflate(bytes) : bytes)
  } catch (error) {
    throw new ValueError((error as Error).message, error)
  }
}

const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString()
