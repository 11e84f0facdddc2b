import type { Place } from '../engines/engine.ts'
import { linkIsThere, requestLink } from '../engines/sferum-flow/inviting.ts'
import type { MailSink } from '../mail-sink/index.ts'
import { quantiles } from '../measure/quantiles.ts'
import { installationWith } from './installation.ts'

const repeats = 7

/** How long the request for a link of so many people takes, ms, and the word that it is there; the first is not counted. */
export async function startOfCohort(place: Place, sink: MailSink, people: number): Promise<object> {
  const service = await installationWith(place, repeats, people)
  const requests: number[] = []
  const words: number[] = []
  for (const { key, invited } of service.schools) {
    const began = performance.now()
    const link = await requestLink(service.url, key, invited.map(({ personId }) => ({ personId })), service.expiresAt)
    requests.push(performance.now() - began)
    const said = performance.now()
    await linkIsThere(service.url, key, link.processId)
    words.push(performance.now() - said)
    await sink.untilReached(people * requests.length, 10 * 60_000)
  }
  await service.stop()
  return { requestMs: quantiles(requests.slice(1)), linkCreatedMs: quantiles(words.slice(1)) }
}
