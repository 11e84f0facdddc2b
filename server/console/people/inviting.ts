import { inviteTexts as texts } from '../../../school/texts/console/invite.ts'
import type { Problem } from '../api.ts'
import type { Visit } from '../visit.ts'
import type { PersonLine } from './people-view.ts'

export type Audience = 'staff' | 'student' | 'guardian'

/** Who is meant: people by what they are at the school, or the pupils or guardians of whole classes. */
export interface Chosen {
  people: { audience: Audience; ids: string[] }[]
  classes: { audience: 'student' | 'guardian'; ids: string[] } | null
  names: ReadonlyMap<string, string>
}

interface Why {
  name: string
  why: string
}

/** What an invitation would do for one audience. */
export interface Group {
  audience: Audience
  people: number
  byLetter: number
  /** Who or what in particular. */
  lines: string[]
  leftOut: Why[]
  problem?: Problem
}

export type Result = { audience: Audience } & ({ started: number; refused: Why[] } | { problem: Problem })

const audiences: readonly Audience[] = ['staff', 'student', 'guardian']
type Row = { problem?: { message: string }; classId?: string | null; personId?: string }
type JoiningPreview = { rows: (Row & { space?: string; people: number; byLetter: number })[]; leftOut: { personId: string; problem: { message: string } }[] }
type OnboardingPreview = { ready: { name: string; byLetter: boolean }[]; refused: { personId: string; problem: { message: string } }[] }

/** Reads what was marked. Who is several things is invited as each: a teacher who is a parent, into both. */
export async function chosenOf({ api, form }: Visit): Promise<Chosen> {
  const classIds = form.all('class')
  const names = new Map<string, string>()
  if (classIds.length > 0) {
    for (const { id, name } of (await api.get<{ items: { id: string; name: string }[] }>('/classes')).items) names.set(id, name)
    return { people: [], classes: { audience: form.get('audience') === 'guardian' ? 'guardian' : 'student', ids: classIds }, names }
  }
  const people = await Promise.all([...new Set(form.all('person'))].slice(0, 200).map((id) => api.get<PersonLine>(`/people/${encodeURIComponent(id)}`)))
  for (const { id, name } of people) names.set(id, name)
  const of = (audience: Audience) => people.filter(({ memberships }) => memberships.some(({ kind, endedAt }) => kind === audience && endedAt === null)).map(({ id }) => id)
  return { people: audiences.map((audience) => ({ audience, ids: of(audience) })).filter(({ ids }) => ids.length > 0), classes: null, names }
}

/** What inviting them would do; nothing is changed. */
export async function previewAll(visit: Visit, { people, classes, names }: Chosen): Promise<Group[]> {
  const nameOf = (id: string) => names.get(id) ?? ''
  const joining = async (audience: 'student' | 'guardian', list: object): Promise<Group> => {
    const asked = await visit.api.post<JoiningPreview>('/joinings/preview', { audience, letters: true, ...list }, '')
    if (!asked.done) return { audience, people: 0, byLetter: 0, lines: [], leftOut: [], problem: asked.problem }
    const { rows, leftOut } = asked.body
    return {
      audience,
      people: rows.reduce((sum, row) => sum + row.people, 0),
      byLetter: rows.reduce((sum, row) => sum + row.byLetter, 0),
      lines: rows.filter(({ space }) => space !== undefined).map(({ space, people: count }) => `${space!}: ${count}`),
      leftOut: [...rows.flatMap(({ problem, classId }) => (problem ? [{ name: nameOf(classId ?? ''), why: problem.message }] : [])), ...leftOut.map(({ personId, problem }) => ({ name: nameOf(personId), why: problem.message }))],
    }
  }
  if (classes) return [await joining(classes.audience, { classIds: classes.ids })]
  return Promise.all(
    people.map(async ({ audience, ids }): Promise<Group> => {
      if (audience !== 'staff') return joining(audience, { personIds: ids })
      const asked = await visit.api.post<OnboardingPreview>('/onboardings/preview', { people: ids.map((personId) => ({ personId })) }, '')
      if (!asked.done) return { audience, people: 0, byLetter: 0, lines: [], leftOut: [], problem: asked.problem }
      const { ready, refused } = asked.body
      return {
        audience,
        people: ready.length,
        byLetter: ready.filter(({ byLetter }) => byLetter).length,
        lines: ready.map(({ name, byLetter }) => `${name} — ${byLetter ? texts.letter : texts.hand}`),
        leftOut: refused.map(({ personId, problem }) => ({ name: nameOf(personId), why: problem.message })),
      }
    }),
  )
}

/** Invites them; each audience succeeds or fails by itself. `key` makes a repeat harmless. */
export async function inviteAll({ api }: Visit, { people, classes, names }: Chosen, { letters, expiresAt }: { letters: boolean; expiresAt?: string }, key: string): Promise<Result[]> {
  const nameOf = (row: Row) => names.get(row.personId ?? row.classId ?? '') ?? ''
  const term = expiresAt === undefined ? {} : { expiresAt }
  const send = async (audience: Audience, path: string, body: object): Promise<Result> => {
    const sent = await api.post<{ started: number; rows: (Row & { status: string })[]; leftOut?: Row[] }>(path, { ...body, ...term }, `${key}:${audience}`)
    if (!sent.done) return { audience, problem: sent.problem }
    const refused = [...sent.body.rows.filter(({ status }) => status !== 'started'), ...(sent.body.leftOut ?? [])]
    return { audience, started: sent.body.started, refused: refused.map((row) => ({ name: nameOf(row), why: row.problem?.message ?? '' })) }
  }
  if (classes) return [await send(classes.audience, '/joinings', { audience: classes.audience, classIds: classes.ids, letters })]
  const results: Result[] = []
  for (const { audience, ids } of people)
    results.push(await (audience === 'staff' ? send(audience, '/onboardings', { people: ids.map((personId) => ({ personId })) }) : send(audience, '/joinings', { audience, personIds: ids, letters })))
  return results
}
