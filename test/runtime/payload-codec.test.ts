import { ApplicationFailure, defaultPayloadConverter, ValueError } from '@temporalio/common'
import { decodeOptionalFailureToOptionalError, encodeErrorToFailure } from '@temporalio/common/lib/internal-non-workflow/index.js'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseKeyRing } from '../../db/key-ring.ts'
import { failureConverter } from '../../runtime/failure-converter.ts'
import { payloadCodec } from '../../runtime/payload-codec.ts'

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [old, current] = [key('old'), key('current')]
const codec = payloadCodec(parseKeyRing(old))
const rotated = payloadCodec(parseKeyRing(`${current},${old}`))
const person = defaultPayloadConverter.toPayload({ lastName: 'Ахметова-Соколова' })

test('a payload comes back as it was, and nothing of it shows', async () => {
  const [encrypted] = await codec.encode([person])
  expect(Buffer.from(encrypted!.data!).includes('Ахметова')).toBe(false)
  expect(await codec.decode([encrypted!])).toEqual([expect.objectContaining({ data: Buffer.from(person.data!) })])
})

test('a rotated ring reads payloads of both keys', async () => {
  const encrypted = [...(await codec.encode([person])), ...(await rotated.encode([person]))]
  const decoded = await rotated.decode(encrypted)
  expect(decoded.map((payload) => defaultPayloadConverter.fromPayload(payload))).toEqual([{ lastName: 'Ахметова-Соколова' }, { lastName: 'Ахметова-Соколова' }])
})

test('an unknown key is a clear error', async () => {
  const error = codec.decode(await rotated.encode([person]))
  await expect(error).rejects.toThrow(ValueError)
  await expect(error).rejects.toThrow(/no key «current»/)
})

test('a changed payload is refused, an unencrypted one passes', async () => {
  const [encrypted] = await codec.encode([person])
  encrypted!.data![20]! ^= 1
  await expect(codec.decode([encrypted!])).rejects.toThrow(ValueError)
  expect(await codec.decode([person])).toEqual([person])
})

test('a large payload is packed before it is encrypted, and comes back as it was', async () => {
  const cohort = Array.from({ length: 1_000 }, (_, i) => ({ id: `invitation:inv_${i}`, kind: 'invitation', context: { personId: `p${i}`, delivery: 'accepted' } }))
  const payload = defaultPayloadConverter.toPayload(cohort)
  const [encrypted] = await codec.encode([payload])
  expect(encrypted!.data!.length).toBeLessThan(payload.data!.length / 5)
  const [decoded] = await codec.decode([encrypted!])
  expect(defaultPayloadConverter.fromPayload(decoded!)).toEqual(cohort)
  const { packing: _packing, ...metadata } = encrypted!.metadata!
  await expect(codec.decode([{ ...encrypted!, metadata }])).rejects.toThrow(ValueError)
})

test('the message of a failure is not readable on its way', async () => {
  const converter = { payloadConverter: defaultPayloadConverter, failureConverter, payloadCodecs: [codec] }
  const failure = await encodeErrorToFailure(converter, ApplicationFailure.nonRetryable('Ёлкин уже зачислен', 'NotPending'))
  expect(JSON.stringify(failure)).not.toContain('Ёлкин')
  expect(await decodeOptionalFailureToOptionalError(converter, failure)).toMatchObject({ message: 'Ёлкин уже зачислен', type: 'NotPending' })
})
