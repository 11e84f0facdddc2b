import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replayMemberships, type Mark } from '../../school/membership-replay.ts'

const mark = (on: string, action: Mark['action'], of: string | null = null, classId: string | null = null): Mark => ({ on, action, membershipId: `mem_${of ?? 'own'}`, classId, movementId: of })
const linesOf = (marks: readonly Mark[]) => replayMemberships(marks).segments.map(({ classId, from, to, begunBy }) => `${classId} ${from}–${to ?? ''} ${begunBy ?? ''}`.trim())

test('marks count by the day they speak of, not by the day they were entered', () => {
  const own = mark('2026-09-01', 'in', null, '5А')
  const [first, second] = [mark('2026-10-13', 'move', 'm1', '5Б'), mark('2026-10-15', 'move', 'm2', '5В')]
  const expected = ['5А 2026-09-01–2026-10-13', '5Б 2026-10-13–2026-10-15 m1', '5В 2026-10-15– m2']
  expect(linesOf([own, first, second])).toEqual(expected)
  expect(linesOf([own, second, first])).toEqual(expected)
})

test('on one day they count as they make sense: gone and back again, whatever was entered first', () => {
  const own = mark('2026-09-01', 'in', null, '5А')
  const [out, back] = [mark('2026-10-13', 'out', 'm1'), mark('2026-10-13', 'in', 'm2', '5Б')]
  expect(linesOf([own, back, out])).toEqual(['5А 2026-09-01–2026-10-13', '5Б 2026-10-13– m2'])
})

test('a movement of somebody who is not there, or is there already, changes nothing; what people entered always counts', () => {
  const { segments, idle } = replayMemberships([mark('2026-09-01', 'in', null, '5А'), mark('2026-09-05', 'out'), mark('2026-10-01', 'stays', 'm1'), mark('2026-10-02', 'in', 'm2', '5Б'), mark('2026-10-03', 'in', 'm3', '5В'), mark('2026-10-04', 'in', null, '5Г')])
  expect([...idle]).toEqual([['m1', 'notThere'], ['m3', 'alreadyThere']])
  expect(segments.map(({ classId, to }) => [classId, to])).toEqual([['5А', '2026-09-05'], ['5Б', '2026-10-04'], ['5Г', null]])
})

test('whatever is entered in whatever order, nobody is in two classes at a time, and the days do not overlap', () => {
  const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-10-${String(n).padStart(2, '0')}`)
  const any = fc.record({ on: day, action: fc.constantFrom('in' as const, 'move' as const, 'stays' as const, 'out' as const), classId: fc.constantFrom('5А', '5Б') })
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), (drawn) => {
      const marks = drawn.map(({ on, action, classId }, index) => mark(on, action, `m${index}`, classId))
      const { segments, idle } = replayMemberships(marks)
      segments.forEach(({ from, to }, index) => {
        if (to === null) expect(index).toBe(segments.length - 1)
        if (to !== null) expect(from <= to).toBe(true)
        if (index > 0) expect(segments[index - 1]!.to! <= from).toBe(true)
      })
      // Each movement either counts or is named: none is lost.
      const counted = new Set(segments.flatMap(({ begunBy, endedBy }) => [begunBy, endedBy?.movementId]))
      for (const { movementId, action } of marks) if (action !== 'stays') expect(counted.has(movementId) || idle.has(movementId!)).toBe(true)
    }),
  )
})
