import { ValueError, type Payload, type PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import type { KeyRing } from '../db/key-ring.ts'
import { openBytes, sealBytes } from '../db/sealed.ts'

const encoding = 'binary/encrypted'
const { Payload: PayloadMessage } = proto.temporal.api.common.v1

/**
 * Encrypts every payload with AES-256-GCM under the ring's active key; decrypts with whichever key of the ring the
 * payload names. Payloads that are not encrypted pass unchanged, so histories from before encryption stay readable.
 * @throws ValueError for a payload whose key is not in the ring, and for one that was tampered with
 */
export function payloadCodec(ring: KeyRing): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => encrypt(ring, payload))),
    // A promise in any case: the SDK expects failures as rejections.
    decode: async (payloads) => payloads.map((payload) => decrypt(ring, payload)),
  }
}

function encrypt(ring: KeyRing, payload: Payload): Payload {
  const { keyId, data } = sealBytes(ring, 'payload', PayloadMessage.encode(payload).finish(), '')
  return { metadata: { encoding: Buffer.from(encoding), 'encryption-key-id': Buffer.from(keyId) }, data }
}

function decrypt(ring: KeyRing, payload: Payload): Payload {
  if (text(payload.metadata?.encoding) !== encoding) return payload
  if (!payload.data) throw new ValueError('an encrypted payload without data')
  const keyId = text(payload.metadata?.['encryption-key-id'])
  try {
    return PayloadMessage.decode(openBytes(ring, 'payload', { keyId, data: payload.data }, ''))
  } catch (error) {
    throw new ValueError((error as Error).message, error)
  }
}

const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString()
