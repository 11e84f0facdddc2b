import { expect, test } from 'vitest'
import { spaceKinds, spaceKindTable, spaceName } from '../../school/space-kinds.ts'
import { planSpaces, type School } from '../../school/space-plan.ts'

const school: School = {
  year: '2026/27',
  classes: [{ id: 'c5', name: '5А' }, { id: 'c13', name: '1–3 (комплект)' }],
  classTeachers: [{ classId: 'c5', personId: 'p3' }, { classId: 'c5', personId: 'p4' }],
  loads: [
    { classId: 'c5', subjectId: 'phys', subjectName: 'Физика', classGroup: '1-я группа', personId: 'p5' },
    { classId: 'c5', subjectId: 'phys', subjectName: 'Физика', classGroup: '1-я группа', personId: 'p6' },
    { classId: 'c5', subjectId: 'phys', subjectName: 'Физика', classGroup: '2-я группа', personId: 'p6' },
    { classId: 'c5', subjectId: 'alg', subjectName: 'Алгебра', classGroup: '', personId: 'p6' },
  ],
  headId: 'p1',
  deputies: false,
}
const lines = (plan: ReturnType<typeof planSpaces>) => plan.map(({ name, ownerId }) => `${name}: ${ownerId ?? '-'}`)

test('the plan follows from classes, staff and loads: names by one pattern, owners by kind, nobody where nobody is', () => {
  expect(lines(planSpaces(school, []))).toEqual([
    'Руководитель и педагоги: p1',
    'Руководитель и родительский актив: p1',
    'Руководитель и актив обучающихся: p1',
    '5А: -',
    '5А — ученики — 2026/27: p3',
    '5А — родители — 2026/27: p3',
    '5А — учителя — 2026/27: p3',
    '5А — Физика (1-я группа) — 2026/27: p5',
    '5А — Физика (2-я группа) — 2026/27: p6',
    '5А — Алгебра — 2026/27: p6',
    '1–3 (комплект): -',
    '1–3 (комплект) — ученики — 2026/27: -',
    '1–3 (комплект) — родители — 2026/27: -',
    '1–3 (комплект) — учителя — 2026/27: -',
  ])
  expect(lines(planSpaces({ ...school, deputies: true }, []))[0]).toBe('Руководитель и заместители: p1')
})

test('what is there or on its way is not proposed again', () => {
  const plan = planSpaces(school, [])
  expect(planSpaces(school, plan)).toEqual([])
  expect(lines(planSpaces(school, plan.filter(({ kind }) => kind !== 'subjectClass')))).toHaveLength(3)
})

test('every kind has a title, a clause of the Regulation and a name or a place for one', () => {
  for (const kind of spaceKinds) {
    expect(spaceKindTable[kind].title, kind).toMatch(/[а-я]/)
    expect(spaceKindTable[kind].clause, kind).toMatch(/^R2\./)
  }
  expect(spaceName('other', { className: '5А', year: '2026/27' })).toBe('')
})
