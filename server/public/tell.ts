import { inSchool } from '../../db/connection.ts'
import { markAnswersTold, type RecipientAnswer } from '../../db/recipient-answers.ts'
import { invitationInstance } from '../../machines/instance-id.ts'
import type { App, AppDeps } from '../deps.ts'

/**
 * Tells workflows what invited people said, without keeping them waiting: the answer stands in PostgreSQL. What can
 * not be told now, or is cut off by a crash, the worker makes up for. Closing the app waits for what is on its way.
 */
export function answerTeller(app: App, { db, dispatcher }: Pick<AppDeps, 'db' | 'dispatcher'>): (orgId: string, answer: RecipientAnswer) => void {
  const onTheWay = new Set<Promise<void>>()
  app.addHook('onClose', async () => {
    await Promise.all(onTheWay)
  })

  async function tell(orgId: string, { id, invitationId, type, reason }: RecipientAnswer): Promise<void> {
    const event = { type, ...(reason !== null && { reason }) }
    await dispatcher.deliver([{ id: `answer:${id}`, to: invitationInstance(invitationId), event, actor: { kind: 'recipient' } }])
    await inSchool(db, orgId, (tx) => markAnswersTold(tx, [id]))
  }

  return (orgId, answer) => {
    const telling = tell(orgId, answer)
      .catch((error: unknown) => app.log.warn({ err: error }, 'answer not told yet'))
      .finally(() => onTheWay.delete(telling))
    onTheWay.add(telling)
  }
}
