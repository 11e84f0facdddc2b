import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Engine, Invitation, Place, RunningEngine, Word } from './engines/engine.ts'
import type { MailSink } from './mail-sink/index.ts'
import type { DiskUse } from './measure/disk.ts'
import { meter, type Phase } from './measure/meter.ts'
import { quantiles, type Quantiles } from './measure/quantiles.ts'
import { problemsOf } from './outcome-check.ts'

/** All deadlines at one instant, as those of one link; or every second another group's, until all have had theirs. */
export type Shape = 'together' | 'spread'

export interface Load {
  invitations: number
  shape: Shape
  /** The time over which deadlines are spread, s; as many groups have one each. */
  spreadSeconds: number
}

export interface Measured {
  versions: Record<string, string>
  letters: { seconds: number; perSecond: number; acceptedSeconds: number }
  /** From the moment a word was due to be said until its answer, ms. */
  event: Quantiles | null
  /** From the deadline until the record was committed, ms. */
  expiryLag: Quantiles | null
  phases: Record<string, Phase>
  /** Of the phases with work of the load in them: letters, words, expiry. */
  cpuSecondsPer1000: number
  /** The same with what the engine does of its own accord afterwards. */
  cpuSecondsPer1000WithTail: number
  peakMemoryBytes: number
  /** Kept at the end, by store. */
  bytesPerInvitation: Record<string, number>
  walBytesPerInvitation: number
  otherLetters: number
  /** What the engine tells of itself. */
  details: Record<string, number>
  problems: string[]
}

const wordsPerSecond = 40
const joinedOfTen = 2
const revokedOfTen = 1
/** People by one link where all deadlines are one instant. */
const groupSize = 250
const margin = 2_000

/** Puts one load on an engine and measures it. Throws when the engine cannot do the work in ten times the time it should take. */
export async function runLoad(engine: Engine, load: Load, place: Place, sink: MailSink): Promise<Measured> {
  const running = await engine.start(place)
  try {
    return await measure(engine, running, load, sink)
  } finally {
    await running.stop()
  }
}

async function measure(engine: Engine, running: RunningEngine, load: Load, sink: MailSink): Promise<Measured> {
  const { invitations: n } = load
  const words = wordsFor(n)
  // Where others work too, everything takes longer; the load of a run itself is about one a core.
  const slack = Math.max(1, loadavg()[0]! / availableParallelism())
  const lettersMs = (n / engine.surely) * 1000 * slack
  const untilSaid = lettersMs + ((words.length / wordsPerSecond) * 1000 + margin) * slack
  const invited = invitationsFor(load)
  // People and schools are made before the deadline is known, so that making them does not eat into its time.
  await running.prepare(invited)
  const before = await running.disk()
  const watch = meter(running.parts)
  const first = Date.now() + (engine.remindsMidway ? 2 : 1) * untilSaid
  for (const invitation of invited) invitation.dueAt += first

  const began = Date.now()
  await running.issue()
  const acceptedSeconds = (Date.now() - began) / 1000
  await sink.untilReached(n, 10 * lettersMs + 60_000)
  const seconds = (Math.max(...sink.letters().map(({ at }) => at)) - began) / 1000
  watch.endPhase('letters')

  await running.lettersAreOut()
  refuseLate(first, 'letters')
  const said = await sayAll(running, words)
  watch.endPhase('words')
  refuseLate(first, 'words')

  await delay(Math.max(0, first - Date.now()))
  watch.endPhase('idle')
  await untilExpired(running, n - said.taken.size, load)
  watch.endPhase('expiry')
  const other = await untilQuiet(running)
  watch.endPhase('tail')
  const { phases, peakMemoryBytes } = watch.stop()

  const after = await running.disk()
  const outcomes = await running.outcomes()
  const lags = outcomes.flatMap(({ index, state, at }) => (state === 'expired' && at !== null ? [at - invited[index]!.dueAt] : []))
  const problems = problemsOf({ addresses: invited.map(({ email }) => email), letters: sink.letters(), other, said: said.taken, refused: said.refused, outcomes })
  if (lags.some((lag) => lag < 0)) problems.push('expired before the deadline')
  return {
    versions: await running.versions(),
    letters: { seconds, perSecond: n / seconds, acceptedSeconds },
    event: quantiles(said.latencies),
    expiryLag: quantiles(lags),
    phases,
    cpuSecondsPer1000: cpuOf(phases, ['letters', 'words', 'expiry']) / (n / 1000),
    cpuSecondsPer1000WithTail: cpuOf(phases, ['letters', 'words', 'expiry', 'tail']) / (n / 1000),
    peakMemoryBytes,
    ...perInvitation(before, after, n),
    otherLetters: other.size,
    details: (await running.details?.()) ?? {},
    problems,
  }
}

/** A run whose work is not done by the deadline measures another load than it says. */
function refuseLate(deadline: number, what: string): void {
  if (Date.now() > deadline) throw new Error(`the ${what} took until after the deadline: the machine is busier than this load allows for`)
}

/** Who says what, in the order it is said: of each ten the first two join, the third is taken back. */
function wordsFor(n: number): { index: number; word: Word }[] {
  return Array.from({ length: n }, (_, index) => index).flatMap((index): { index: number; word: Word }[] => {
    const of = index % 10
    return of < joinedOfTen ? [{ index, word: 'joined' }] : of < joinedOfTen + revokedOfTen ? [{ index, word: 'revoked' }] : []
  })
}

/** Deadlines count from zero. */
function invitationsFor({ invitations: n, shape, spreadSeconds }: Load): Invitation[] {
  return Array.from({ length: n }, (_, index) => {
    const group = shape === 'together' ? Math.floor(index / groupSize) : Math.floor((index * spreadSeconds) / n)
    return { index, email: `p${index}@zarechie.example`, group, dueAt: shape === 'together' ? 0 : group * 1000 }
  })
}

/** Open loop: each word is said when its time has come, whatever became of the one before, and its wait counts. */
async function sayAll(running: RunningEngine, words: readonly { index: number; word: Word }[]) {
  const began = performance.now()
  const taken = new Map<number, Word>()
  const latencies: number[] = []
  let refused = 0
  await Promise.all(
    words.map(async ({ index, word }, at) => {
      const due = began + (at * 1000) / wordsPerSecond
      await delay(Math.max(0, due - performance.now()))
      if (await running.tell(index, word)) taken.set(index, word)
      else refused += 1
      latencies.push(performance.now() - due)
    }),
  )
  return { taken, latencies, refused }
}

async function untilExpired(running: RunningEngine, wanted: number, { invitations: n, shape, spreadSeconds }: Load): Promise<void> {
  const patience = Date.now() + (shape === 'spread' ? spreadSeconds * 1000 : 0) + 60_000 + n * 100
  while ((await running.expired()) < wanted) {
    if (Date.now() > patience) return
    await delay(200)
  }
}

/** Until the engine has nothing more to send. */
async function untilQuiet(running: RunningEngine): Promise<ReadonlySet<string>> {
  for (;;) {
    const { messageIds, waiting } = await running.otherLetters()
    if (waiting === 0) return messageIds
    await delay(200)
  }
}

const cpuOf = (phases: Record<string, Phase>, names: readonly string[]) => names.reduce((sum, name) => sum + Object.values(phases[name]?.cpu ?? {}).reduce((all, part) => all + part, 0), 0)

const perInvitation = (before: DiskUse, after: DiskUse, n: number) => ({
  bytesPerInvitation: Object.fromEntries(Object.entries(after.kept).map(([store, bytes]) => [store, Math.round((bytes - before.kept[store]!) / n)])),
  walBytesPerInvitation: Math.round((after.walWritten - before.walWritten) / n),
})
