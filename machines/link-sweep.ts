import { Type, type Static } from 'typebox'
import { setup } from 'xstate'
import { effects } from './effects.ts'
import { closed, date, id, oneOf } from './event-fields.ts'
import { linkInstance } from './instance-id.ts'
import type { EventSpec, EventsOf, ProcessContext, ProcessDefinition } from './process.ts'

/**
 * What a sweep can find (domain.md 7.3): `aliveAfterTerm` = live on the platform past its term, its process is at
 * work on it; `noProcess` = live on the platform and no process looks after it; `targetGone` = live, its class or
 * chat is no more.
 */
export const sweepProblems = ['aliveAfterTerm', 'noProcess', 'targetGone'] as const

const Finding = Type.Object({ linkId: id, problem: oneOf(sweepProblems) }, closed)
type Finding = Static<typeof Finding>

const events = {
  SWEPT: {
    from: ['process'],
    body: Type.Object({ findings: Type.Array(Finding), checked: Type.Integer({ minimum: 0 }) }, closed),
    clause: 'R2.1-12',
  },
  /** `key` = the link whose task was done. */
  PLATFORM_REVOKED: {
    from: ['person'],
    body: Type.Object({ key: id, revokedOn: date, method: oneOf(['revoked', 'alreadyDone', 'targetDeleted']) }, closed),
    clause: 'R2.1-12',
  },
} satisfies Record<string, EventSpec>

export interface LinkSweepContext extends ProcessContext {
  checked: number
  findings: Finding[]
  /** Links without a process that a person confirmed as annulled since the last sweep: the register takes them from here. */
  revoked: string[]
}

const setUp = setup({
  types: { context: {} as LinkSweepContext, events: {} as EventsOf<typeof events>, input: {} as { orgId: string } },
  actions: effects,
  guards: {
    nothingFound: ({ event }) => event.type === 'SWEPT' && event.findings.length === 0,
    isFound: ({ context, event }) => event.type === 'PLATFORM_REVOKED' && context.findings.some(({ linkId }) => linkId === event.key),
    isLastFound: ({ context, event }) => event.type === 'PLATFORM_REVOKED' && context.findings.every(({ linkId }) => linkId === event.key),
  },
})

/** Takes the new findings: a task per link nobody looks after, word to the process of a link without a target, and no task for what is found no more. */
const takeFindings = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'SWEPT') return
  const now = new Set(event.findings.map(({ linkId }) => linkId))
  for (const { linkId } of context.findings) if (!now.has(linkId)) enqueue({ type: 'closeTask', params: { kind: 'T-LINK-REVOKE', key: linkId } })
  for (const { linkId, problem } of event.findings) {
    if (problem === 'noProcess') enqueue({ type: 'openTask', params: { kind: 'T-LINK-REVOKE', key: linkId, values: { link: linkId, reason: 'unclaimed' } } })
    if (problem === 'targetGone') enqueue({ type: 'deliver', params: { to: linkInstance(linkId), event: { type: 'TARGET_CLOSED' } } })
  }
  enqueue.assign({ findings: event.findings, checked: event.checked, revoked: [] })
})

const strikeOut = setUp.assign(({ context, event }) =>
  event.type === 'PLATFORM_REVOKED'
    ? { findings: context.findings.filter(({ linkId }) => linkId !== event.key), revoked: [...context.revoked, event.key] }
    : {},
)

/** A sweep writes a line whatever it finds (domain.md 7.3). */
const swept = [{ guard: 'nothingFound' as const, target: 'idle', actions: takeFindings }, { target: 'attention', actions: takeFindings }]

const machine = setUp.createMachine({
  id: 'linkSweep',
  context: ({ input }) => ({ orgId: input.orgId, deadlines: {}, checked: 0, findings: [], revoked: [] }),
  initial: 'idle',
  states: {
    idle: { on: { SWEPT: swept } },
    attention: {
      meta: { tasks: ['T-LINK-REVOKE'] },
      on: {
        SWEPT: swept,
        PLATFORM_REVOKED: [{ guard: 'isLastFound', target: 'idle', actions: strikeOut }, { guard: 'isFound', actions: strikeOut }],
      },
    },
  },
})

/** The nightly look at every link of a school (domain.md 7.3): one instance per school, it never ends. */
export const linkSweep: ProcessDefinition = { kind: 'linkSweep', version: 1, machine, events }
