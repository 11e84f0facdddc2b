import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { asOperator } from '../db/connection.ts'
import { countLetters, countProcesses, countTasks, readBacklog } from '../db/counts.ts'
import type { App, AppDeps } from './deps.ts'

declare module 'fastify' {
  interface FastifyInstance {
    registry: Registry
  }
}

/** Counts every request by the pattern of its route, never by its address. */
export function countRequests(app: App): void {
  const registry = new Registry()
  app.decorate('registry', registry)
  collectDefaultMetrics({ register: registry })
  const labelNames = ['method', 'route', 'status'] as const
  const requests = new Counter({ name: 'http_requests_total', help: 'Запросы по маршруту и ответу', labelNames, registers: [registry] })
  const durations = new Histogram({ name: 'http_request_duration_seconds', help: 'Длительность запросов, с', labelNames: ['method', 'route'], buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30], registers: [registry] })
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'unknown'
    requests.inc({ method, route, status: String(reply.statusCode) })
    durations.observe({ method, route }, reply.elapsedTime / 1000)
  })
}

/** GET /metrics for Prometheus: what the process does and what lies in PostgreSQL, counts only. */
export function metricsRoutes(app: App, { db }: Pick<AppDeps, 'db'>): void {
  const { registry } = app
  const states = ['kind', 'state'] as const
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
  const stateGauge = (name: string, help: string) => new Gauge({ name, help, labelNames: states, registers: [registry] })
  const processes = stateGauge('sferum_processes', 'Идущие процессы по виду и состоянию')
  const tasks = stateGauge('sferum_tasks', 'Задачи по виду и состоянию')
  const letters = stateGauge('sferum_letters', 'Письма по виду и состоянию')
  const timersOverdue = gauge('sferum_timers_overdue', 'Сроки, сработавшие позже чем на 30 с')
  const outboxDepth = gauge('sferum_outbox_depth', 'Письма, ждущие отправки')
  const cohortsStarting = gauge('sferum_cohorts_starting', 'Записаны, но ещё не запущены')
  const tasksOverdue = gauge('sferum_tasks_overdue', 'Просроченные задачи')
  const databaseUp = gauge('sferum_database_up', '1 — PostgreSQL отвечает')

  async function look(): Promise<void> {
    const counts = await asOperator(db, async (tx) => ({ processes: await countProcesses(tx), tasks: await countTasks(tx), letters: await countLetters(tx), backlog: await readBacklog(tx) }))
    for (const [target, rows] of [[processes, counts.processes], [tasks, counts.tasks], [letters, counts.letters]] as const) {
      target.reset()
      for (const { kind, state, count } of rows) target.set({ kind, state }, count)
    }
    timersOverdue.set(counts.backlog.timersOverdue)
    outboxDepth.set(counts.backlog.lettersWaiting)
    cohortsStarting.set(counts.backlog.cohortsStarting)
    tasksOverdue.set(counts.backlog.tasksOverdue)
  }

  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    // Without PostgreSQL the figures of the process itself are still worth having.
    await look().then(
      () => databaseUp.set(1),
      (error: unknown) => {
        databaseUp.set(0)
        request.log.warn({ err: error }, 'counts not read')
      },
    )
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}
