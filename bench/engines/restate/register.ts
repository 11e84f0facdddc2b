import * as restate from '@restatedev/restate-sdk'

/** Serves the handlers over HTTP/2 and tells the server where they are. */
export async function serveHandlers(service: restate.WorkflowDefinition<string, unknown> | restate.VirtualObjectDefinition<string, unknown>, env: NodeJS.ProcessEnv): Promise<void> {
  await restate.serve({ services: [service], port: Number(env.SERVICE_PORT) })
  const response = await fetch(`${env.RESTATE_ADMIN}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${env.SERVICE_PORT}` }),
  })
  if (!response.ok) throw new Error(`the deployment was not taken: ${await response.text()}`)
}
