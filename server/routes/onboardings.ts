import { Type, type Static } from 'typebox'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { findOrganization, lockOrganization, type OrganizationRow } from '../../db/organizations.ts'
import { updateMembership } from '../../db/people.ts'
import { nextPublicNumber } from '../../db/public-numbers.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { checkText } from '../../school/validation/text.ts'
import { sessionOf } from '../authentication.ts'
import { collectProblems } from '../collect-problems.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields, Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { wordedProblem } from '../problem-json.ts'
import { closed, Id, Instant, InstanceId, OneOf, Problem, Reason } from '../schemas/common.ts'
import { checkTerm } from '../starting/link-term.ts'
import { sortOnboardingRows, type ReadyRow, type RefusedRow } from '../starting/onboarding-rows.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'

const NewOnboardings = Type.Object(
  {
    people: Type.Array(
      Type.Object({ personId: Id, waiveVerification: Type.Optional(Type.Object({ reason: Reason }, { ...closed, description: 'Статус «учитель» подтверждать не нужно: почему' })) }, closed),
      { minItems: 1, maxItems: 500 },
    ),
    scope: Type.Optional(OneOf(['group', 'personal'])),
    expiresAt: Type.Optional(Instant),
  },
  closed,
)

const Row = Type.Object({
  index: Type.Integer(),
  personId: Id,
  name: Type.Optional(Type.String()),
  status: OneOf(['started', 'live', 'refused']),
  processId: Type.Optional(InstanceId),
  number: Type.Optional(Type.String()),
  problem: Type.Optional(Problem),
})
const Started = Type.Object({ started: Type.Integer(), rows: Type.Array(Row) })

const Preview = Type.Object({
  ready: Type.Array(Type.Object({ index: Type.Integer(), personId: Id, name: Type.String(), byLetter: Type.Boolean({ description: 'Есть почта: приглашение уйдёт письмом' }) })),
  refused: Type.Array(Type.Object({ index: Type.Integer(), personId: Id, problem: Problem })),
})

/** Onboarding of teachers: one, or a list of up to 500 that share a link and live in one cohort (domain.md 7.4). */
export function onboardingRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  app.post(
    '/onboardings/preview',
    { config: { right: 'run', ownKey: true }, schema: { tags: ['Процессы'], summary: 'Кто из списка будет приглашён и кто нет (ничего не меняет, Idempotency-Key не нужен)', body: NewOnboardings, response: { 200: Preview } } },
    async (request) => {
      const { people } = request.body
      checkTerm(request.body.expiresAt, 'expiresAt')
      const lang = languageOf(request)
      return inSchool(deps.db, sessionOf(request).orgId, async (tx) => {
        if ((await findOrganization(tx, sessionOf(request).orgId))!.staffRoomOn === null) throw new Refusal('staffRoomMissing')
        const { ready, refused } = await sortOnboardingRows(tx, people)
        return {
          ready: ready.map(({ index, person }) => ({ index, personId: person.id, name: fullName(person), byLetter: person.email !== null })),
          refused: refused.map(({ index, personId, problem }) => ({ index, personId, problem: wordedProblem(problem, lang) })),
        }
      })
    },
  )

  app.post(
    '/onboardings',
    { config: { right: 'run' }, schema: { tags: ['Процессы'], summary: 'Подключить учителей: одного или список до 500', body: NewOnboardings, response: { 202: Started } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const { people, scope = 'group' } = request.body
      const expiresAt = checkTerm(request.body.expiresAt, 'expiresAt')
      const lang = languageOf(request)
      let announced: Announced | undefined
      const answer = await inCommand(deps, request, reply, 202, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const school = (await findOrganization(tx, session.orgId))!
        if (school.staffRoomOn === null) throw new Refusal('staffRoomMissing')
        const reasons = waivingReasons(people)
        const { ready, refused } = await sortOnboardingRows(tx, people)
        if (ready.length === 0) throw refusalOfAll(refused)
        for (const { index, membership } of ready) await waive(tx, membership, reasons[index])
        const links = await numberedLinks(tx, session.orgId, scope === 'group' ? 1 : ready.length)
        const rows = ready.map((row, at) => ({ row, link: links[scope === 'group' ? 0 : at]! }))
        announced = await announce(
          tx,
          request,
          rows.map(({ row }) => spawnOf(row, school, people[row.index]!.waiveVerification !== undefined)),
          rows.map(({ row, link }) => startOf(row, { ...link, scope, ...(scope === 'group' && { closedList: true }), ...(expiresAt && { expiresAt }) })),
        )
        return {
          started: ready.length,
          rows: [
            ...rows.map(({ row, link }) => ({ index: row.index, personId: row.person.id, name: fullName(row.person), status: 'started' as const, processId: row.onboardingId, number: link.number })),
            ...refused.map(({ index, personId, problem, live }) => ({ index, personId, status: live ? ('live' as const) : ('refused' as const), ...live, problem: wordedProblem(problem, lang) })),
          ].sort((a, b) => a.index - b.index),
        }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return answer
    },
  )
}

/** Nothing can start: what runs already is a conflict, anything else is wrong data. */
function refusalOfAll(refused: readonly RefusedRow[]): Refusal {
  const [first] = refused
  if (first?.live && refused.every(({ live }) => live)) {
    return new Refusal('alreadyLive', { params: { number: first.live.number ?? first.live.processId }, extras: { live: refused.map(({ index, live }) => ({ index, ...live })) }, problems: refused.map(({ problem }) => problem) })
  }
  return invalidFields(...refused.map(({ problem }) => problem))
}

/** Why verification is waived, by row, in normal form; refused when one is no text. */
function waivingReasons(people: Static<typeof NewOnboardings>['people']): (string | undefined)[] {
  const found = collectProblems()
  const reasons = people.map(({ waiveVerification }, index) => waiveVerification && found.take(`people.${index}.waiveVerification.reason`, checkText(waiveVerification.reason, { max: 1000 })))
  found.refuseAny()
  return reasons
}

/** BR-15: verification is switched off for a person with a reason, which stays with the membership. */
async function waive(tx: Queryable, membership: ReadyRow['membership'], reason: string | undefined): Promise<void> {
  if (reason !== undefined) await updateMembership(tx, membership.id, { ...membership, verificationWaivedReason: reason, ended: false })
}

async function numberedLinks(tx: Queryable, orgId: string, count: number): Promise<{ id: string; number: string; fresh: true }[]> {
  const links: { id: string; number: string; fresh: true }[] = []
  for (let made = 0; made < count; made += 1) links.push({ id: newId('lnk'), number: await nextPublicNumber(tx, orgId, 'ПР'), fresh: true })
  return links
}

const spawnOf = ({ onboardingId, membership, person }: ReadyRow, { settings }: OrganizationRow, waived: boolean) => ({
  id: onboardingId,
  kind: 'teacherOnboarding',
  input: {
    onboardingId,
    membershipId: membership.id,
    personId: person.id,
    verification: settings.verification !== false && !waived && membership.verificationWaivedReason === null,
  },
})

const startOf = ({ onboardingId, person }: ReadyRow, link: Record<string, unknown>) => ({
  to: onboardingId,
  event: { type: 'START', facts: { staffRoomExists: true, liveInvitation: false, invitationId: newId('inv'), email: person.email !== null, link } },
})
