import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { Type, type TObject } from 'typebox'
import { catalogue } from '../machines/catalogue.ts'
import { taskCatalogue } from '../machines/task-catalogue.ts'
import { eventLabel, processLabel, taskTitle } from '../school/texts/labels.ts'
import { bodyOf } from './allowed-events.ts'
import type { App, AppDeps } from './deps.ts'

/** Every event a person may send, as a schema with its type: read off the machines. */
export function eventSchemas(): Record<string, object> {
  const entries = Object.values(catalogue).flatMap(({ kind, events }) =>
    Object.entries(events)
      .filter(([, spec]) => kind !== 'humanTask' && spec.from.includes('person'))
      .map(([type, spec]) => [`${kind}.${type}`, { ...Type.Object({ type: Type.Literal(type), ...bodyOf(spec).properties }, { additionalProperties: false }), title: `${processLabel(kind)}: ${eventLabel(kind, type)}` }] as const),
  )
  return Object.fromEntries(entries)
}

/** What is brought back from every kind of task, as a schema: read off the task catalogue. */
function evidenceSchemas(): Record<string, object> {
  return Object.fromEntries(Object.entries(taskCatalogue).map(([code, { evidence }]) => [`evidence.${code}`, { ...(evidence as TObject), title: taskTitle(code) }]))
}

const problem = {
  description: 'Отказ (RFC 9457): type, title, detail, при необходимости problems, state, allowed',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  instance: Type.String(),
  state: Type.Optional(Type.String()),
  allowed: Type.Optional(Type.Array(Type.Object({ type: Type.String(), title: Type.String(), schema: Type.Object({}) }))),
  problems: Type.Optional(Type.Array(Type.Object({ code: Type.String(), path: Type.String(), message: Type.String(), hint: Type.Optional(Type.String()) }))),
})

const asReference = (name: string) => ({ $ref: `#/components/schemas/${name}` })

interface Operation {
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, object>
  security?: object[]
}

const idempotencyKey = Type.Object({ 'Idempotency-Key': Type.String({ maxLength: 255 }) })

/** What the page /docs may load: its own files, and pictures that are part of its style sheet. */
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** GET /openapi.json and the page /docs: from the schemas of the routes, the machines and the task catalogue. */
export async function openApi(app: App, { publicUrl }: Pick<AppDeps, 'publicUrl'>): Promise<void> {
  const events = eventSchemas()
  const evidence = evidenceSchemas()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Процессы школы на «Сферуме»', version: '1', description: 'Каждый POST передаётся с заголовком Idempotency-Key: повтор с тем же ключом получает тот же ответ 72 часа.' },
      servers: [{ url: publicUrl }],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'Ключ доступа sf_…' } } },
    },
    transform: ({ schema, url, route }) => {
      const keyed = route.method === 'POST' && url.startsWith('/api/') && !route.config?.ownKey
      return { url, schema: keyed ? { ...schema, headers: idempotencyKey } : schema }
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject
      const api = document.openapiObject
      api.components = { ...api.components, schemas: { ...api.components?.schemas, ...events, ...evidence, Problem } as never }
      for (const [path, operations] of Object.entries(api.paths ?? {})) {
        for (const [method, operation] of Object.entries(operations as Record<string, Operation>)) {
          if (!path.startsWith('/api/')) continue
          operation.security = [{ key: [] }]
          operation.responses = { ...operation.responses, default: problem }
          if (method !== 'post') continue
          if (path.endsWith('/processes/{id}/events')) operation.requestBody = { content: { 'application/json': { schema: { oneOf: Object.keys(events).map(asReference) } } } }
          if (path.endsWith('/tasks/{id}/complete')) {
            const schema = { type: 'object', required: ['evidence'], properties: { evidence: { oneOf: Object.keys(evidence).map(asReference) } } }
            operation.requestBody = { content: { 'application/json': { schema } } }
          }
        }
      }
      return api as never
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, transformStaticCSP: () => docsPolicy })
}
