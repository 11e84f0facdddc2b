import { beginMovement } from '../../activities/jobs/begin-movement.ts'
import { checkMovement } from '../../activities/jobs/check-movement.ts'
import type { DoJob } from '../../activities/jobs/index.ts'
import { reverseMovement } from '../../activities/jobs/reverse-movement.ts'
import { projectMovements } from '../../activities/records/project-movements.ts'
import { ensureClass } from '../../db/classes.ts'
import { inSchool, type Database } from '../../db/connection.ts'
import { insertMovement, updateMovement, type MovementDetails } from '../../db/movements.ts'
import { insertOrder } from '../../db/orders.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { expectWanted } from '../../db/wanted-spaces.ts'
import type { MovementKind } from '../../machines/movement-kinds.ts'
import { withPlan, type MovementStep } from '../../machines/movement-steps.ts'
import type { StepsPlanned } from '../../machines/movement-events.ts'
import { testKeyRing } from './test-key-ring.ts'

export const year = '2026-2027'

interface Entered {
  kind: MovementKind
  on: string
  to?: string
  details?: MovementDetails
  order?: string
}

export type Answer = { type: string; reason?: string; number?: string } & Partial<StepsPlanned>

/**
 * The register and the movements of a school on a real database, without a host: a movement is entered, its jobs run,
 * its steps are confirmed as the host would record them.
 */
export function movementWorld(db: Database, orgId: string, now = new Date('2026-10-20T06:00:00Z')) {
  const run = (job: DoJob, id: string) =>
    job({ db, keys: testKeyRing }, { orgId, processId: `movement:${id}`, params: {}, now, heartbeat: () => {}, signal: new AbortController().signal }) as unknown as Promise<Answer>
  const tx = <T>(work: Parameters<typeof inSchool<T>>[2]) => inSchool(db, orgId, work)
  const states = new Map<string, { state: string; order: string; steps: MovementStep[] }>()
  let number = 0

  /** As the host would have recorded it. */
  const record = (id: string, state: string, steps: MovementStep[], reverseOrderId: string | null = null) => {
    const order = states.get(id)?.order ?? 'o-pupils'
    states.set(id, { state, order, steps })
    const context = { movementId: id, orderId: order, reverseOrderId, begun: true, steps }
    return tx((client) => projectMovements(client, { orgId, at: now.toISOString(), inputs: [] }, [{ id: `movement:${id}`, kind: 'studentMovement', version: 1, state, context, seq: 1, ended: false }]))
  }
  const planned = async (id: string, answer: Answer): Promise<Answer> => {
    if (answer.type !== 'STEPS_PLANNED') return answer
    const steps = (answer.steps ?? []).map(({ id: step, action, person, space, class: classId, via }) => ({ id: step, action, person, space: space ?? null, class: classId ?? null, via: via ?? null }))
    await record(id, states.get(id)!.state, withPlan(states.get(id)!.steps, steps))
    return answer
  }

  return {
    tx,

    async addClass(name: string, kinds: readonly string[] = ['schoolClass', 'classStudents', 'classGuardians'], ownerId: string | null = null): Promise<string> {
      return tx(async (client) => {
        const id = await ensureClass(client, orgId, year, name)
        for (const kind of kinds) {
          const space = `${kind}:${name}`
          await client.query(`insert into spaces (id, org_id, process_id, kind, class_id, name, owner_id, state) values ($1, $2, 'space:' || $1, $3, $4, $1, $5, 'active')`, [space, orgId, kind, id, kind === 'schoolClass' ? null : ownerId])
        }
        return id
      })
    },

    async addPupil(id: string, classId: string | null, guardians: readonly string[] = []): Promise<void> {
      const base = { roles: [], position: null, teachingStaff: false, guardianOf: null }
      await tx(async (client) => {
        const { rows } = await client.query<{ id: string }>('select id from people where id = any ($1)', [guardians])
        const fresh = [id, ...guardians.filter((one) => !rows.some((row) => row.id === one))]
        await insertPeople(client, orgId, fresh.map((one) => ({ id: one, lastName: 'Ёлкин', firstName: 'Матвей', patronymic: null, phone: null, email: null, searchKey: 'елкин матвей' })))
        await insertMemberships(client, orgId, [
          ...(classId === null ? [] : [{ ...base, id: `mem_${id}`, personId: id, kind: 'student' as const, classId }]),
          ...guardians.map((one) => ({ ...base, id: `mem_${one}_${id}`, personId: one, kind: 'guardian' as const, guardianOf: id })),
        ])
      })
    },

    /** An order in the register, in force. */
    async addOrder(id: string, kind: 'students' | 'staff'): Promise<void> {
      await tx((client) => insertOrder(client, orgId, { id, kind, number: id, foldedNumber: id, date: '2026-10-01', title: 'О движении', signedBy: null, status: 'registered', file: null, content: null }))
    },

    /** Whoever the register puts into the living spaces is there. */
    settlePlaces: () => tx(async (client) => expectWanted(client, orgId, (await client.query<{ id: string }>('select id from spaces')).rows.map(({ id }) => id))),

    /** Enters a movement whose day has come. */
    async enter(id: string, personId: string, { kind, on, to, details = {}, order = 'o-pupils' }: Entered): Promise<void> {
      states.set(id, { state: 'platformWork', order, steps: [] })
      number += 1
      await tx(async (client) => {
        await insertMovement(client, orgId, { id, processId: `movement:${id}`, number: `ДВ-${number}`, kind, personId, effectiveOn: on, fromClassId: null, toClassId: to ?? null, reason: null, details, membershipId: `mem_${id}` })
        await updateMovement(client, id, { state: 'platformWork', orderId: order, reverseOrderId: null, steps: null })
      })
    },

    begin: async (id: string) => planned(id, await run(beginMovement, id)),
    check: async (id: string) => planned(id, await run(checkMovement, id)),
    async reverse(id: string, order = states.get(id)!.order): Promise<Answer> {
      await record(id, 'reversing', [], order)
      return planned(id, await run(reverseMovement, id))
    },
    jobs: { begin: (id: string) => run(beginMovement, id), reverse: (id: string) => run(reverseMovement, id) },

    /** Steps that a person reports as done; without ids all of them. */
    confirm: (id: string, ...ids: string[]) => record(id, states.get(id)!.state, states.get(id)!.steps.map((step) => (ids.length === 0 || ids.includes(step.id) ? { ...step, state: 'done' } : step))),
    close: (id: string, state: string) => record(id, state, states.get(id)!.steps),

    /** What stands in the register of a person, in the order of its days: «5А с … по …». */
    async lines(personId: string): Promise<string[]> {
      const { rows } = await tx((client) =>
        client.query<{ line: string }>(
          `select coalesce(c.name, m.kind) || ' ' || coalesce(m.starts_on::text, '…') || ' – ' || coalesce(m.ends_on::text, case when m.ended_at is null then '' else '?' end) as line
           from memberships m left join school_classes c on c.id = m.class_id
           where m.person_id = $1 and m.starts_on is distinct from coalesce(m.ends_on, 'infinity') order by m.starts_on nulls first, m.created_at`,
          [personId],
        ),
      )
      return rows.map(({ line }) => line.trim())
    },

    async placesOf(personId: string): Promise<string[]> {
      const { rows } = await tx((client) => client.query<{ id: string }>('select space_id as id from places where person_id = $1 order by 1', [personId]))
      return rows.map(({ id }) => id)
    },
  }
}

export const stepsOf = ({ steps = [] }: Answer) => steps.map(({ id }) => id)
