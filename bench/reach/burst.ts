import { setTimeout as delay } from 'node:timers/promises'
import type { Place } from '../engines/engine.ts'
import { invitingOver } from '../engines/sferum-flow/inviting.ts'
import type { MailSink } from '../mail-sink/index.ts'
import { quantiles } from '../measure/quantiles.ts'
import { installationWith } from './installation.ts'

/** Everybody of one cohort joins in the same moment, each by a request of their own. */
export async function burst(place: Place, sink: MailSink, people: number): Promise<object> {
  const service = await installationWith(place, 1, people)
  const inviting = invitingOver(service.url, service.schools)
  await inviting.issue()
  await sink.untilReached(people, 10 * 60_000)
  await inviting.findInvitations()
  // The outcomes of the letters are a step of their own.
  await delay(2_000)
  const began = performance.now()
  const latencies: number[] = []
  const answers = await Promise.all(
    Array.from({ length: people }, async (_, index) => {
      const taken = await inviting.tell(index, 'joined')
      latencies.push(performance.now() - began)
      return taken
    }),
  )
  await service.stop()
  return { answeredMs: quantiles(latencies), refused: answers.filter((taken) => !taken).length }
}
