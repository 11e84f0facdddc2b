import { expect, test } from 'vitest'
import { chatJoining } from '../../machines/chat-joining.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { hosted } from './hosted-machine.ts'
import { now } from './sample-events.ts'

const people = ['p3', 'p4'].map((personId) => ({ personId, byLetter: false }))
const { begin, send } = hosted(chatJoining.machine, { joiningId: 'j1', spaceId: 's1', classId: 'c1', audience: 'guardian', ownerId: 'p2', byName: false, linkId: 'l1', number: 'ПР-2026-000001', people })
const after = (...events: AnyEvent[]) => events.reduce((step, event) => send(step.snapshot, { ...event, now }), begin())
const handedOut: AnyEvent[] = [{ type: 'LINK_CREATED' }, { type: 'HANDED_OUT', by: 'p2', count: 2 }]
const asked = ({ effects }: ReturnType<typeof after>) => effects.flatMap((effect) => (effect.type === 'openTask' ? [effect.params.kind] : []))

test('more in the chat than the link was for: somebody looks who they are, also after the last count', () => {
  const extra = after(...handedOut, { type: 'COUNT_REPORTED', by: 'p2', count: 4 })
  expect([extra.snapshot.value, asked(extra)]).toEqual(['collecting', ['T-JOIN-EXTRA']])
  const checked = after(...handedOut, { type: 'COUNT_REPORTED', by: 'p2', count: 4 }, { type: 'EXTRA_CHECKED', by: 'p2', removed: 3 })
  expect(checked.snapshot.context).toMatchObject({ joined: 1 })

  const late: AnyEvent[] = [...handedOut, { type: 'LINK_CLOSED', reason: 'unclaimed' }, { type: 'COUNT_REPORTED', by: 'p2', count: 3 }]
  expect([after(...late).snapshot.value, asked(after(...late))]).toEqual(['collecting', ['T-JOIN-EXTRA']])
  expect(after(...late, { type: 'EXTRA_CHECKED', by: 'p2', removed: 0 }).snapshot.value).toBe('closed')
  expect(after(...late.slice(0, -1), { type: 'COUNT_REPORTED', by: 'p2', count: 2 }).snapshot.value).toBe('closed')
})
