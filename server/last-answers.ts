import type { App } from './deps.ts'

/**
 * Makes the answers that are under way when the app closes the last on their connections: one that the client keeps
 * open for more would hold the process up.
 */
export function closeWithLastAnswers(app: App): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) void reply.header('connection', 'close')
  })
}
