import { Type } from 'typebox'
import { academicYearAt } from '../../db/academic-year.ts'
import { inSchool } from '../../db/connection.ts'
import { countClasses, countFunnel, countLate, countStaffByRole } from '../../db/overview.ts'
import { roleLabel } from '../../school/texts/labels.ts'
import { sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { namesOf } from '../people-names.ts'
import { schoolRoles } from '../rights.ts'
import { Id, Nullable } from '../schemas/common.ts'

const Count = Type.Integer({ minimum: 0 })

export const Overview = Type.Object({
  academicYear: Type.String(),
  funnel: Type.Object({ staff: Count, invited: Count, opened: Count, requested: Count, joined: Count, verified: Count }, { description: 'Педагогические работники: сколько дошло хотя бы до этого шага' }),
  roles: Type.Array(Type.Object({ role: Type.String(), title: Type.String(), people: Count, invited: Count, joined: Count })),
  classes: Type.Array(Type.Object({ classId: Id, className: Type.String(), pupils: Count, pupilsJoined: Count, guardians: Count, guardiansJoined: Count }), { description: 'Вступившие в чаты класса' }),
  late: Type.Array(Type.Object({ person: Nullable(Type.Object({ id: Id, name: Type.String() })), roles: Type.Array(Type.String()), tasks: Count, oldestDueAt: Type.String() }), { description: 'Просроченные задачи: за кем' }),
})

/** What the head asks on a Monday: how far the school is, and what is late with whom. */
export function overviewRoutes(app: App, { db }: Pick<AppDeps, 'db'>): void {
  app.get('/overview', { config: { right: 'read' }, schema: { tags: ['Обзор'], summary: 'Кто вступил, кто на каком шаге, что и за кем просрочено', response: { 200: Overview } } }, async (request) =>
    inSchool(db, sessionOf(request).orgId, async (tx) => {
      const academicYear = await academicYearAt(tx, new Date())
      const staff = await countStaffByRole(tx)
      const late = await countLate(tx)
      const names = await namesOf(tx, late.map(({ personId }) => personId))
      const peopleOf = (role: string, statuses?: readonly string[]) => staff.filter((row) => row.role === role && (!statuses || statuses.includes(row.status))).reduce((sum, { people }) => sum + people, 0)
      return {
        academicYear,
        funnel: await countFunnel(tx),
        roles: schoolRoles
          .map((role) => ({ role, title: roleLabel(role), people: peopleOf(role), invited: peopleOf(role, ['invited', 'requested']), joined: peopleOf(role, ['joined', 'verified']) }))
          .filter(({ people }) => people > 0),
        classes: await countClasses(tx, academicYear),
        late: late.map(({ personId, roles, tasks, oldestDueAt }) => ({ person: personId === null ? null : { id: personId, name: names.get(personId) ?? '' }, roles: roles.map(roleLabel), tasks, oldestDueAt: oldestDueAt.toISOString() })),
      }
    }),
  )
}
