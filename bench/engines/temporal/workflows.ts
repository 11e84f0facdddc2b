import { allHandlersFinished, condition, defineSignal, defineUpdate, proxyActivities, proxyLocalActivities, setHandler } from '@temporalio/workflow'
import type { Word } from '../engine.ts'
import type { createActivities } from './activities.ts'

type Activities = ReturnType<typeof createActivities>

export const sayUpdate = defineUpdate<boolean, [Word]>('say')
export const saySignal = defineSignal<[Word]>('say')

const remote = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })
const local = proxyLocalActivities<Activities>({ startToCloseTimeout: '10 seconds' })

export interface InvitationInput {
  index: number
  email: string
  dueAt: number
}

/** As the samples have it: activities for every effect, an update that answers when the decision is on record. */
export async function invitationWithActivities({ index, email, dueAt }: InvitationInput): Promise<Word | 'expired'> {
  let decided: Word | undefined
  setHandler(
    sayUpdate,
    async (word) => {
      decided = word
      await remote.recordOutcome(index, word)
      return true
    },
    {
      validator: (_word: Word) => {
        if (decided) throw new Error('decided already')
      },
    },
  )
  await remote.sendLetter(index, email)
  if (!(await condition(() => decided !== undefined, Math.max(1, dueAt - Date.now())))) await remote.recordOutcome(index, 'expired')
  await condition(allHandlersFinished)
  return decided ?? 'expired'
}

/** The fewest events in the history: local activities, and a signal that is only acknowledged. */
export async function leanestInvitation({ index, email, dueAt }: InvitationInput): Promise<Word | 'expired'> {
  let decided: Word | undefined
  setHandler(saySignal, (word) => void (decided ??= word))
  await local.sendLetter(index, email)
  await condition(() => decided !== undefined, Math.max(1, dueAt - Date.now()))
  const outcome = decided ?? 'expired'
  await local.recordOutcome(index, outcome)
  return outcome
}
