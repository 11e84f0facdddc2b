import { catalogue } from '../../machines/catalogue.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import type { HumanTaskContext } from '../../machines/human-task.ts'
import type { InvitationContext } from '../../machines/invitation.ts'
import type { InviteLinkContext } from '../../machines/invite-link.ts'
import { failReasons, taskKind } from '../../machines/task-catalogue.ts'
import type { InviteFacts } from '../../machines/teacher-onboarding-events.ts'
import { stateOf, type Instance } from '../../workflows/instance.ts'
import { eventsOf, samplesOf } from './sample-events.ts'
import { SimulatedCohort } from './simulated-cohort.ts'

/** One random decision: what to do, to whom, how. Taken modulo what there is, so every number means something. */
export type Choice = readonly [what: number, whom: number, how: number]

const pick = <T>(from: readonly T[], choice: number): T | undefined => from[choice % from.length]

interface Sample {
  from: readonly string[]
  event: AnyEvent
}

const sampled = new Map<string, Sample[][]>()
/** Sample events of a kind by type, without the moment: the clock is the host's. Facts are looked up, not sampled. */
function samplesOfKind(kind: string): Sample[][] {
  const known = sampled.get(kind)
  if (known) return known
  const found = Object.entries(catalogue[kind]!.events)
    .filter(([, { facts, from }]) => !facts && from.some((source) => source !== 'process' && source !== 'timer'))
    .map(([type, spec]) => eventsOf(type, spec).map(({ now: _now, by: _by, ...event }) => ({ from: spec.from, event })))
  sampled.set(kind, found)
  return found
}

/** Sends what a person, the invited person or the post office could say to one of the instances: mostly what fits, now and then what does not. */
export function sendAnything(cohort: SimulatedCohort, kinds: readonly string[], [, whom, how]: Choice): void {
  const instance = pick([...cohort.instances.values()].filter(({ kind }) => kinds.includes(kind)), whom)
  if (!instance) return
  const all = samplesOfKind(instance.kind)
  const fitting = how % 4 === 0 ? all : all.filter((samples) => samples.some(({ event }) => instance.snapshot.can({ ...event, by: 'p1', now: cohort.now })))
  const types = fitting.length > 0 ? fitting : all
  const { from, event } = pick(pick(types, how)!, Math.floor(how / types.length))!
  const source = (['person', 'recipient', 'mail'] as const).filter((kind) => from.includes(kind))[how % 2] ?? (['person', 'recipient', 'mail'] as const).find((kind) => from.includes(kind))!
  const said = event.type === 'LINK_CREATED' ? { ...event, url: `sealed:${instance.id}:${instance.seq}` } : event
  cohort.send([{ to: instance.id, event: said, actor: source === 'person' ? { kind: source, personId: 'p1' } : { kind: source } }])
}

/** Completes or fails an open task, as a person who brings some evidence. */
export function workOnTask(cohort: SimulatedCohort, [, whom, how]: Choice, factsFor: (owner: Instance, event: string) => Record<string, unknown> | undefined): void {
  const task = pick(cohort.alive('humanTask'), whom)
  if (!task) return
  const { kind, owner: ownerId } = task.snapshot.context as HumanTaskContext
  const owner = cohort.instances.get(ownerId)!
  if (how % 8 === 0) {
    cohort.send([{ to: task.id, event: { type: 'FAIL', reason: pick(failReasons, how)!, comment: 'не вышло' } }])
    return
  }
  const { evidence: schema, event } = taskKind(kind)
  const evidence = { ...(pick(samplesOf(schema), how) as Record<string, unknown>), ...(kind === 'T-LINK-CREATE' ? { url: `sealed:${ownerId}:${owner.seq}` } : {}) }
  const facts = factsFor(owner, event(evidence as never, {}).type)
  cohort.send([{ to: task.id, event: { type: 'COMPLETE', evidence, ...(facts ? { facts } : {}) } }])
}

/** What became of a letter that was queued: each is asked about, some twice. */
export function answerLetter(cohort: SimulatedCohort, [, whom, how]: Choice): void {
  const letter = pick(cohort.letters, whom)
  if (!letter) return
  const type = pick(['LETTER_ACCEPTED', 'LETTER_FAILED', 'LETTER_UNKNOWN', 'LETTER_BOUNCED'], how)!
  cohort.send([{ to: letter.processId, event: { type, letterId: letter.id }, actor: { kind: 'mail' } }])
}

/** A school of three teachers: what the server would look up about them. */
export class TeacherPlot {
  cohort = new SimulatedCohort()
  staffRoom: boolean
  #ids = 0

  /** `far`: the first teacher is invited and the link is there, or a short plot would never get beyond it. */
  constructor(staffRoom: boolean, far: boolean) {
    this.staffRoom = staffRoom
    for (const [index, person] of ['p3', 'p4', 'p5'].entries()) {
      this.cohort.spawn(`onboarding:m${index}`, 'teacherOnboarding', { onboardingId: `onboarding:m${index}`, membershipId: `m${index}`, personId: person, verification: index !== 2 })
    }
    if (far) {
      for (const [index, how] of [1, 3].entries()) this.cohort.send([{ to: `onboarding:m${index}`, event: { type: 'START', facts: this.inviteFacts(`p${index + 3}`, how) } }])
      for (const { id, seq } of this.cohort.all('inviteLink')) this.cohort.send([{ to: id, event: { type: 'LINK_CREATED', url: `sealed:${id}:${seq}` } }])
    }
  }

  liveInvitations(personId: string): Instance[] {
    return this.cohort.alive('invitation').filter(({ snapshot }) => (snapshot.context as InvitationContext).personId === personId && ['planned', 'sent'].includes(stateOf(snapshot)))
  }

  inviteFacts(personId: string, how: number): InviteFacts {
    const links = this.cohort.alive('inviteLink').map(({ snapshot }) => snapshot.context as InviteLinkContext)
    const known = how % 3 === 0 ? pick(links, how) : undefined
    const link = known
      ? { id: known.linkId, fresh: false, number: known.number, scope: known.scope }
      : { id: `l${(this.#ids += 1)}`, fresh: true, number: `ПР-2026-${this.#ids}`, scope: how % 2 ? ('group' as const) : ('personal' as const), ...(how % 5 === 0 ? { closedList: true } : {}), ...(how % 7 === 0 ? { expiresAt: this.inDays(3 + (how % 80)) } : {}) }
    return { staffRoomExists: this.staffRoom, liveInvitation: this.liveInvitations(personId).length > 0, invitationId: `i${(this.#ids += 1)}`, email: how % 4 !== 0, link }
  }

  inDays(days: number): string {
    return new Date(Date.parse(this.cohort.now) + days * 24 * 60 * 60 * 1000).toISOString()
  }

  /** The next event of the plot. */
  play(choice: Choice): void {
    const { cohort } = this
    const [what, whom, how] = choice
    const personOf = (instance: Instance) => (instance.snapshot.context as { personId: string }).personId
    switch (what % 9) {
      case 0:
      case 1:
        return workOnTask(cohort, choice, (owner, type) => (type === 'REMOVED_FROM_PLATFORM' ? this.inviteFacts(personOf(owner), how) : undefined))
      case 2:
        return sendAnything(cohort, ['teacherOnboarding', 'invitation', 'inviteLink'], choice)
      case 3:
        return sendAnything(cohort, ['invitation'], choice)
      case 4:
        return answerLetter(cohort, choice)
      case 5: {
        // Two people press the button at the same moment, both with what was true before.
        const onboarding = pick(cohort.all('teacherOnboarding'), whom)!
        const type = ['registered'].includes(stateOf(onboarding.snapshot)) ? 'START' : 'REINVITE'
        const events = [how, how + 1].map((each) => ({ to: onboarding.id, event: { type, facts: this.inviteFacts(personOf(onboarding), each) } }))
        cohort.send(how % 2 ? events : events.slice(0, 1))
        return
      }
      case 6: {
        const link = pick(cohort.alive('inviteLink'), whom)
        if (!link) return
        const personId = `p${6 + (how % 2)}`
        const events: AnyEvent[] = [
          { type: 'EXTEND', expiresAt: this.inDays(how % 70), reason: 'каникулы' },
          { type: 'RESEND', extend: true, expiresAt: this.inDays(how % 70), facts: { writable: how % 3 } },
          { type: 'PERSON_ADDED', personId, facts: { invitationId: `i${(this.#ids += 1)}`, email: how % 4 !== 0, liveInvitation: this.liveInvitations(personId).length > 0, staffRoomExists: this.staffRoom } },
          { type: 'TASK_ISSUED', facts: { staffRoomExists: this.staffRoom } },
        ]
        cohort.send([{ to: link.id, event: pick(events, how)! }])
        return
      }
      case 7:
        return cohort.pass(how % 3 === 0 ? 24 * (how % 20) : 1 + (how % 30))
      default:
        return cohort.passToDeadline()
    }
  }
}
