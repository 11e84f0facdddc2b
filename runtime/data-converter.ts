import type { DataConverter } from '@temporalio/common'
import { fileURLToPath } from 'node:url'
import type { KeyRing } from '../db/key-ring.ts'
import { payloadCodec } from './payload-codec.ts'

/**
 * How everything that reaches Temporal is written: arguments, results, memo and the text of failures encrypted with
 * the ring. The same for clients and workers. Not covered by Temporal's design: ids, search attributes, headers.
 */
export function dataConverter(ring: KeyRing): DataConverter {
  return {
    payloadCodecs: [payloadCodec(ring)],
    failureConverterPath: fileURLToPath(new URL('./failure-converter.ts', import.meta.url)),
  }
}
