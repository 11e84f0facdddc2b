import { readSpacesBefore, updatePlatformNames, upsertSpaces, type SpaceProjection } from '../../db/space-projection.ts'
import { isLiving } from '../../db/spaces.ts'
import { confirmPlaces, expectWanted } from '../../db/wanted-spaces.ts'
import type { CommunicationSpaceContext } from '../../machines/communication-space.ts'
import { contextOf, type Projection } from './projection.ts'

/** What a space is, who is expected in one that has just appeared, and how a class is called on the platform. */
export const projectSpaces: Projection = async (tx, { orgId }, instances) => {
  const rows = instances.map((instance): SpaceProjection => {
    const { spaceId, kind, classId, subjectId, classGroup, name, ownerId, url } = contextOf<CommunicationSpaceContext>(instance)
    return { id: spaceId, processId: instance.id, kind, classId, subjectId, classGroup, name, ownerId, state: instance.state, url }
  })
  const before = await readSpacesBefore(tx, rows.map(({ id }) => id))
  await upsertSpaces(tx, orgId, rows)

  const wasThere = ({ id }: SpaceProjection) => ['active', 'handover', 'archiving'].includes(before.get(id)?.state ?? '')
  // Once: whom the register puts there later is a step for a person.
  await expectWanted(tx, orgId, rows.filter((row) => isLiving(row) && !wasThere(row)).map(({ id }) => id))
  const handedOver = rows.filter((row) => wasThere(row) && row.ownerId !== null && row.ownerId !== before.get(row.id)!.ownerId)
  await confirmPlaces(tx, orgId, handedOver.map(({ id, ownerId }) => ({ action: 'add', spaceId: id, personId: ownerId! })))

  const named = rows.flatMap(({ kind, classId, name, state }) => {
    const known = kind === 'schoolClass' && classId !== null && (isLiving({ state }) || state === 'archived')
    return known ? [{ classId, platformName: state === 'archived' ? null : name }] : []
  })
  if (named.length > 0) await updatePlatformNames(tx, named)
}
