import { expect, test } from 'vitest'
import type { SpaceKind } from '../../school/space-kinds.ts'
import { placeSteps, wantedSpaces, type Belonging, type LivingSpace } from '../../school/wanted-spaces.ts'

const space = (id: string, kind: SpaceKind, more: Partial<LivingSpace> = {}): LivingSpace => ({ id, kind, classId: null, subjectId: null, classGroup: '', ownerId: null, ...more })
const person = (more: Partial<Belonging>): Belonging => ({ personId: 'p9', staff: null, student: false, guardian: false, learnsIn: [], guardianIn: [], classTeacherOf: [], loads: [], ...more })

const ofClass = (classId: string) => [
  space(`pupils-${classId}`, 'classStudents', { classId, ownerId: 'p3' }),
  space(`class-${classId}`, 'schoolClass', { classId }),
  space(`parents-${classId}`, 'classGuardians', { classId, ownerId: 'p3' }),
  space(`teachers-${classId}`, 'classTeachers', { classId, ownerId: 'p3' }),
  space(`physics-${classId}`, 'subjectClass', { classId, subjectId: 'physics', ownerId: 'p4' }),
  space(`english-1-${classId}`, 'subjectClass', { classId, subjectId: 'english', classGroup: '1', ownerId: 'p5' }),
]
const management = [space('heads', 'headDeputies', { ownerId: 'p1' }), space('staff', 'headTeachers', { ownerId: 'p1' }), space('activists', 'headParents', { ownerId: 'p1' }), space('council', 'headStudents', { ownerId: 'p1' })]
const system = [space('room', 'staffRoom'), space('channel', 'staffChannel'), space('everybody', 'schoolWideChannel')]
const all = [...system, ...management, ...ofClass('5A'), ...ofClass('5B'), space('choir', 'other', { ownerId: 'p3' })]
const wanted = (more: Partial<Belonging>, places: string[] = []) => wantedSpaces(person(more), all, places).sort()

test('a pupil is wanted in the class, its chat and the chats of its subjects', () => {
  expect(wanted({ student: true, learnsIn: ['5A'] })).toEqual(['class-5A', 'english-1-5A', 'physics-5A', 'pupils-5A'])
})

test('a guardian is wanted in the chat of each class where a child learns, and nowhere else', () => {
  expect(wanted({ guardian: true, guardianIn: ['5A', '5B'] })).toEqual(['parents-5A', 'parents-5B'])
})

test('a teacher is wanted where teachers are, with the teachers of the own classes and in the own subjects', () => {
  const loads = [{ classId: '5A', subjectId: 'english', classGroup: '1' }, { classId: '5B', subjectId: 'english', classGroup: '2' }]
  expect(wanted({ staff: { roles: ['teacher'], teachingStaff: true }, loads })).toEqual(['channel', 'english-1-5A', 'room', 'staff', 'teachers-5A', 'teachers-5B'])
})

test('a class teacher is wanted with the pupils, the guardians and the teachers of the class', () => {
  expect(wanted({ staff: { roles: ['classTeacher'], teachingStaff: true }, classTeacherOf: ['5B'] })).toEqual(['channel', 'parents-5B', 'pupils-5B', 'room', 'staff', 'teachers-5B'])
})

test('the head is wanted in every chat of the management, deputies in theirs, a registrar in none', () => {
  expect(wanted({ staff: { roles: ['head'], teachingStaff: false } })).toEqual(['activists', 'channel', 'council', 'heads', 'room', 'staff'])
  expect(wanted({ staff: { roles: ['deputy'], teachingStaff: false } })).toEqual(['channel', 'heads', 'room'])
  expect(wanted({ staff: { roles: ['registrar'], teachingStaff: false } })).toEqual([])
})

test('an owner is wanted in the own space as long as they work here', () => {
  expect(wanted({ personId: 'p3', staff: { roles: ['teacher'], teachingStaff: true } })).toContain('choir')
  expect(wanted({ personId: 'p3' })).toEqual([])
})

test('who was chosen by a person stays while they belong to the school in the same way', () => {
  const places = ['activists', 'choir']
  expect(wanted({ guardian: true, guardianIn: [] }, places)).toEqual(['activists', 'choir'])
  expect(wanted({ student: true, learnsIn: ['5A'] }, places)).not.toContain('activists')
  expect(wanted({}, places)).toEqual([])
})

test('a teacher who is a parent too and leaves the job stays with the parents (edge case 8)', () => {
  const before = person({ staff: { roles: ['teacher'], teachingStaff: true }, guardian: true, guardianIn: ['5A'] })
  const places = wantedSpaces(before, all, [])
  expect(placeSteps({ ...before, staff: null }, all, places)).toEqual(['staff', 'channel', 'room'].map((spaceId) => ({ action: 'remove', spaceId })))
})

test('a transfer adds first, the class before its chats, then removes, the chats before the class', () => {
  const before = person({ student: true, learnsIn: ['5A'] })
  const steps = placeSteps({ ...before, learnsIn: ['5B'] }, all, wantedSpaces(before, all, []))
  expect(steps.map(({ action, spaceId }) => `${action} ${spaceId}`)).toEqual([
    'add class-5B', 'add pupils-5B', 'add physics-5B', 'add english-1-5B',
    'remove english-1-5A', 'remove physics-5A', 'remove pupils-5A', 'remove class-5A',
  ])
})

test('who is where the register says has nothing to do, and places in spaces that are gone ask nothing', () => {
  const pupil = person({ student: true, learnsIn: ['5A'] })
  expect(placeSteps(pupil, all, [...wantedSpaces(pupil, all, []), 'archived'])).toEqual([])
})
