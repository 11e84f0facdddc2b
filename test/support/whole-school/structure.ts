import { expect } from 'vitest'
import { good, type WholeSchool } from './school.ts'

export interface Space {
  id: string
  processId: string | null
  kind: string
  name: string
  classId: string | null
  owner: { id: string } | null
  state: string
}

type Planned = Pick<Space, 'kind' | 'classId'> & { subjectId: string | null }

/** The plan of the year is confirmed for every class, with the subject chats of one of them, and everything is made on the platform (7.7). */
export async function confirmPlan({ admin, all, classesOf, years, awaited, completeAll }: WholeSchool): Promise<void> {
  const { items } = good(await admin.get<{ items: Planned[] }>(`/space-plan?academicYear=${years.ending}`))
  const [first] = await classesOf(years.ending)
  const wanted = items.filter(({ kind, classId }) => (kind === 'subjectClass' ? classId === first!.id : kind === 'headTeachers' || classId !== null))
  const spaces = wanted.map(({ kind, classId, subjectId }) => ({ kind, ...(classId !== null && { classId }), ...(subjectId !== null && { subjectId }) }))
  expect(good(await admin.post<{ started: number }>('/spaces', { spaces }), 202).started).toBe(wanted.length)

  const made = new Map((await all<Space>('/spaces')).map((space) => [space.processId, space]))
  const classes = wanted.filter(({ kind }) => kind === 'schoolClass').length
  await completeAll(await awaited('T-CLASS-CREATE', classes), ({ processId }) => ({ name: made.get(processId)!.name }))
  await completeAll(await awaited('T-CHAT-CREATE', wanted.length - classes), ({ processId }) => ({ name: made.get(processId)!.name, url: `https://max.ru/chat/EXAMPLE-ONLY-${made.get(processId)!.id}` }))
  // What is confirmed is proposed no more.
  const left = good(await admin.get<{ items: Planned[] }>(`/space-plan?academicYear=${years.ending}`)).items
  expect(left).toHaveLength(items.length - wanted.length)
}
