import { setTimeout as delay } from 'node:timers/promises'
import type { Place } from '../engines/engine.ts'
import { invitingOver } from '../engines/sferum-flow/inviting.ts'
import type { MailSink } from '../mail-sink/index.ts'
import { postgresDisk } from '../measure/disk.ts'
import { cpuSeconds, memoryBytes } from '../measure/process-tree.ts'
import { installationWith } from './installation.ts'

const peopleOfSchool = 250

/** So many invitations wait in one installation: memory, disk, CPU of a quiet minute, and the way back after `kill -9` of everything. */
export async function live(place: Place, sink: MailSink, people: number): Promise<object> {
  const service = await installationWith(place, people / peopleOfSchool, peopleOfSchool)
  const { database, temporal, worker, server, schools } = service
  const inviting = invitingOver(service.url, schools)
  const bytes = async () => (await postgresDisk(database.admin)).kept.postgres! + temporal.bytes()
  const before = await bytes()
  const began = Date.now()
  await inviting.issue()
  await sink.untilReached(people, people * 100)
  const lettersSeconds = (Date.now() - began) / 1000
  await inviting.findInvitations()
  await delay(5_000)
  const parts = { postgres: database.pid, temporal: temporal.pid, worker: worker.pid, server: server.pid }
  const memory = Object.fromEntries(Object.entries(parts).map(([part, pid]) => [part, memoryBytes([pid])]))
  const cpuBefore = cpuSeconds(Object.values(parts))
  await delay(60_000)
  const quietMinuteCpuSeconds = Math.round((cpuSeconds(Object.values(parts)) - cpuBefore) * 100) / 100
  const bytesPerInvitation = Math.round(((await bytes()) - before) / people)
  const restart = await service.killAndStartAgain()
  const said = performance.now()
  const taken = await inviting.tell(0, 'joined')
  const firstWordMs = Math.round(performance.now() - said)
  await service.stop()
  return { lettersSeconds, memory, quietMinuteCpuSeconds, bytesPerInvitation, readyAgainSeconds: restart, firstWordMs, taken }
}
