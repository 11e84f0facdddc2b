import * as restate from '@restatedev/restate-sdk'
import * as clients from '@restatedev/restate-sdk-clients'
import type { Invitation, Word } from '../engine.ts'
import { host } from '../peers/app-host.ts'
import { record, recordAll } from '../peers/table.ts'
import { serveHandlers } from './register.ts'

interface Said {
  index: number
  word: Word
}
const keyOf = (group: number) => `group-${group}`

await host(async ({ db, mail, env }) => {
  const group = restate.object({
    name: 'group',
    handlers: {
      invite: async (ctx: restate.ObjectContext, members: readonly Invitation[]): Promise<void> => {
        ctx.set('waiting', members.map(({ index }) => index))
        const left = Math.max(1, members[0]!.dueAt - (await ctx.date.now()))
        ctx.objectSendClient<typeof group>({ name: 'group' }, ctx.key).expire(restate.rpc.sendOpts({ delay: left }))
        // One step for all letters: when it is cut off, all go out again.
        await ctx.run('letters', async () => void (await Promise.all(members.map(({ index, email }) => mail.send(index, email)))))
      },
      say: async (ctx: restate.ObjectContext, { index, word }: Said): Promise<boolean> => {
        const waiting = (await ctx.get<number[]>('waiting')) ?? []
        if (!waiting.includes(index)) return false
        await ctx.run('record', () => record(db, index, word))
        ctx.set('waiting', waiting.filter((other) => other !== index))
        return true
      },
      expire: async (ctx: restate.ObjectContext): Promise<void> => {
        const waiting = (await ctx.get<number[]>('waiting')) ?? []
        await ctx.run('expiry', () => recordAll(db, waiting, 'expired'))
        ctx.clear('waiting')
      },
    },
  })
  await serveHandlers(group, env)
  const ingress = clients.connect({ url: env.RESTATE_INGRESS! })
  const groupOf = new Map<number, number>()
  return {
    async issue(invitations) {
      for (const { index, group: of } of invitations) groupOf.set(index, of)
      for (const [of, members] of Map.groupBy(invitations, (invitation) => invitation.group)) await ingress.objectSendClient<typeof group>(group, keyOf(of)).invite(members)
    },
    tell: async (index, word) => ingress.objectClient<typeof group>(group, keyOf(groupOf.get(index)!)).say({ index, word }),
  }
})
