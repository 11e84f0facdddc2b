import { simpleParser, type ParsedMail } from 'mailparser'
import { expect } from 'vitest'
import { receiveRaw } from '../../activities/inbox/receive-raw.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { applicationInOrder } from './sample-application.ts'
import { patience, schoolInSkippedTime } from './school-in-skipped-time.ts'
import { scriptedSmtp } from './scripted-smtp.ts'
import { testKeyRing } from './test-key-ring.ts'

/**
 * The sample school under a clock that jumps, with a mail server that does as it is told and an inbox that takes what the
 * platform writes. It has one registration at a time. Call at the top level of a test file.
 */
export async function registrationInSkippedTime() {
  const smtp = await scriptedSmtp()
  const school = await schoolInSkippedTime(3, smtp)
  const inbox = { db: school.db, keys: testKeyRing, delivery: school.dispatcher, onError: (error: unknown) => expect.fail(String(error)) }
  let begun = 0

  /** Sends an event with what the server looks up, as the administrator. */
  const tell = (id: string, event: AnyEvent) => school.send(id, { facts: applicationInOrder, ...event })

  /** Completes a task with what the server looks up for what it means. */
  const complete: typeof school.complete = (kind, evidence, how = {}) => school.complete(kind, evidence, { facts: applicationInOrder, ...how })

  /** A registration that awaits its order. Returns its id. */
  async function begin({ confirmBeforeSending = false } = {}): Promise<string> {
    begun += 1
    const id = `orgRegistration:${school.orgId}:${begun}`
    await school.start([{ id, kind: 'organizationRegistration', input: { number: `СФ-2026-00000${begun}`, confirmBeforeSending } }])
    expect(await tell(id, { type: 'SUBMIT_DATA', administratorId: 'p2' })).toMatchObject({ accepted: true, state: 'awaitingOrder' })
    return id
  }

  return {
    ...school,
    smtp,
    tell,
    complete,
    begin,

    /** A registration whose application has gone out by itself. Returns its id. */
    async apply(): Promise<string> {
      const id = await begin()
      expect(await complete('T-REG-ORDER', { orderId: 'o1' })).toMatchObject({ accepted: true })
      await school.becomes(id, 'awaitingReply')
      return id
    },

    /** A message of the platform, or of a mail server on the way there, comes in. */
    arrives: (raw: Buffer) => receiveRaw(inbox, raw, { name: 'webhook', orgId: school.orgId }),

    /** What the platform got, the first letter first. */
    toPlatform: (): Promise<ParsedMail[]> => Promise.all(smtp.received.filter(({ recipients }) => recipients.includes('info@sferum.ru')).map(({ raw }) => simpleParser(raw))),

    /** Waits until the letters of a kind that an instance wrote have come to this, in the order of writing. */
    lettersBecome: (id: string, code: string, states: string[]) =>
      expect.poll(async () => (await school.lettersOf(id)).filter((letter) => letter.startsWith(`${code} `)).map((letter) => letter.split(' ')[2]), { ...patience, message: code }).toEqual(states),
  }
}
