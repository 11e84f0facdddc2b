import * as restate from '@restatedev/restate-sdk'
import * as clients from '@restatedev/restate-sdk-clients'
import type { Invitation, Word } from '../engine.ts'
import { host } from '../peers/app-host.ts'
import { record } from '../peers/table.ts'
import { serveHandlers } from './register.ts'

const startsAtOnce = 50
const keyOf = (index: number) => `invitation-${index}`

await host(async ({ db, mail, env }) => {
  const invitation = restate.workflow({
    name: 'invitation',
    handlers: {
      run: async (ctx: restate.WorkflowContext, { index, email, dueAt }: Invitation): Promise<void> => {
        await ctx.run('letter', () => mail.send(index, email))
        const left = Math.max(1, dueAt - (await ctx.date.now()))
        const word = await ctx
          .promise<Word>('word')
          .get()
          .orTimeout(left)
          .catch((error: unknown) => {
            if (error instanceof restate.TimeoutError) return 'expired' as const
            throw error
          })
        await ctx.run('record', () => record(db, index, word))
      },
      say: async (ctx: restate.WorkflowSharedContext, word: Word): Promise<void> => {
        await ctx.promise<Word>('word').resolve(word)
      },
    },
  })
  await serveHandlers(invitation, env)
  const ingress = clients.connect({ url: env.RESTATE_INGRESS! })
  return {
    async issue(invitations) {
      const waiting = [...invitations]
      const startRest = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await ingress.workflowClient<typeof invitation>(invitation, keyOf(next.index)).workflowSubmit(next)
      }
      await Promise.all(Array.from({ length: startsAtOnce }, startRest))
    },
    async tell(index, word) {
      await ingress.workflowClient<typeof invitation>(invitation, keyOf(index)).say(word)
      return true
    },
  }
})
