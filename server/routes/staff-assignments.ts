import { Type } from 'typebox'
import { findClass } from '../../db/classes.ts'
import { newId } from '../../db/ids.ts'
import { findOrder } from '../../db/orders.ts'
import { findOrganization, lockOrganization } from '../../db/organizations.ts'
import { findPerson } from '../../db/people.ts'
import { findLiveAssignment } from '../../db/staff-assignment-queries.ts'
import { readStarting } from '../../db/start-queries.ts'
import { checkClassName } from '../../school/validation/class-name.ts'
import type { CohortInput } from '../../workflows/messages.ts'
import { sessionOf } from '../authentication.ts'
import { collectProblems } from '../collect-problems.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { factsFor } from '../facts/index.ts'
import { inCommand } from '../idempotency.ts'
import { closed, Id, InstanceId, OneOf } from '../schemas/common.ts'
import { refuseIllegalStart } from '../starting/dry-run.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'

const kind = 'staffAssignment'
const NewAssignment = Type.Object(
  {
    kind: OneOf(['extraAdmin', 'classTeacher']),
    personId: Id,
    classId: Type.Optional(Id),
    className: Type.Optional(Type.String({ maxLength: 40, description: 'Вместо classId: класс текущего учебного года' })),
    orderId: Type.Optional(Id),
  },
  closed,
)

/** Rights of an additional administrator and classes of class teachers (design.md, answer 4). */
export function staffAssignmentRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  app.post(
    '/staff-assignments',
    { config: { right: 'run' }, schema: { tags: ['Процессы'], summary: 'Назначить дополнительного администратора или классного руководителя', body: NewAssignment, response: { 202: Type.Object({ processId: InstanceId }) } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const { body } = request
      let announced: Announced | undefined
      const answer = await inCommand(deps, request, reply, 202, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const found = collectProblems()
        const person = await findPerson(tx, body.personId)
        if (!person) found.problems.push({ code: 'personUnknown', path: 'personId' })
        else if (!person.memberships.some((place) => place.kind === 'staff' && !place.endedAt)) found.problems.push({ code: 'personNotStaff', path: 'personId' })
        if (body.kind === 'classTeacher' && body.className === undefined && body.classId === undefined) found.problems.push({ code: 'fieldRequired', path: 'className' })
        for (const field of ['className', 'classId'] as const) {
          const needless = body.kind === 'extraAdmin' || (field === 'className' && body.classId !== undefined)
          if (needless && body[field] !== undefined) found.problems.push({ code: 'fieldUnknown', path: field })
        }
        const schoolClass = body.classId === undefined ? undefined : await findClass(tx, body.classId)
        if (body.classId !== undefined && (!schoolClass || schoolClass.closedAt !== null)) found.problems.push({ code: 'classUnknown', path: 'classId' })
        const { gradeMax } = (await findOrganization(tx, session.orgId))!
        const named = body.className === undefined ? null : (found.take('className', checkClassName(body.className, gradeMax))?.name ?? null)
        if (body.orderId !== undefined && !(await findOrder(tx, body.orderId))) found.problems.push({ code: 'orderUnknown', path: 'orderId' })
        found.refuseAny()

        const className = schoolClass?.name ?? named
        const classId = schoolClass?.id ?? null
        const wanted = { kind: body.kind, personId: body.personId, className, classId }
        const live = await findLiveAssignment(tx, wanted)
        const starting = (await readStarting<CohortInput>(tx)).flatMap(({ start }) => start).find(({ input }) => input.kind === wanted.kind && input.personId === wanted.personId && (input.className ?? null) === className && (classId === null || (input.classId ?? classId) === classId))
        if (live ?? starting) {
          const processId = live?.processId ?? starting!.id
          throw new Refusal('alreadyLive', { params: { number: processId }, extras: { processId } })
        }
        const processId = `${kind}:${newId('asg')}`
        const input = { kind: body.kind, personId: body.personId, ...(className !== null && { className }), ...(classId !== null && { classId }), ...(body.orderId !== undefined && { orderId: body.orderId }) }
        const facts = await factsFor({ tx, session, process: { id: processId, kind, state: 'draft', context: input }, fields: {} }, 'START')
        announced = await announce(tx, request, [{ id: processId, kind, input }], [{ to: processId, event: { type: 'START', facts } }], processId)
        refuseIllegalStart(announced.input)
        return { processId }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return answer
    },
  )
}
