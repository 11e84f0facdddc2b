import type { Invitation, Place } from '../engines/engine.ts'
import { openSchools } from '../engines/sferum-flow/schools.ts'
import { openService } from '../engines/sferum-flow/service.ts'

/** The service with schools of so many people, each school a group; their links end in a month. */
export async function installationWith(place: Place, schools: number, people: number) {
  const service = await openService(place)
  const dueAt = Date.now() + 30 * 24 * 60 * 60 * 1000
  const invitations = Array.from({ length: schools * people }, (_, index): Invitation => ({ index, email: `p${index}@zarechie.example`, group: Math.floor(index / people), dueAt }))
  return { ...service, schools: await openSchools(service.database.url, invitations), expiresAt: new Date(dueAt).toISOString() }
}
