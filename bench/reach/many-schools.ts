import type { Place } from '../engines/engine.ts'
import { linkIsThere, requestLink } from '../engines/sferum-flow/inviting.ts'
import type { MailSink } from '../mail-sink/index.ts'
import { quantiles } from '../measure/quantiles.ts'
import { installationWith } from './installation.ts'

const peopleOfSchool = 25

/** So many schools start in the same moment: how long each waits until its last letter is out, ms. */
export async function manySchools(place: Place, sink: MailSink, schools: number): Promise<object> {
  const service = await installationWith(place, schools, peopleOfSchool)
  const began = Date.now()
  await Promise.all(
    service.schools.map(async ({ key, invited }) => {
      const link = await requestLink(service.url, key, invited.map(({ personId }) => ({ personId })), service.expiresAt)
      await linkIsThere(service.url, key, link.processId)
    }),
  )
  const accepted = Date.now() - began
  await sink.untilReached(schools * peopleOfSchool, 30 * 60_000)
  await service.stop()
  const last = new Map<number, number>()
  for (const { to, at } of sink.letters()) {
    const school = Math.floor(Number(/^p(\d+)@/.exec(to)?.[1]) / peopleOfSchool)
    last.set(school, Math.max(last.get(school) ?? 0, at - began))
  }
  const waits = quantiles([...last.values()])!
  return { peopleOfSchool, acceptedMs: accepted, lastLetterMs: waits, longestToMedian: Math.round((waits.max / waits.p50) * 100) / 100 }
}
