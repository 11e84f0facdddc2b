import type { InjectOptions } from 'fastify'
import type { KeyHolder } from '../../db/api-keys.ts'
import { formTexts } from '../../school/texts/console/form-labels.ts'
import type { App } from '../deps.ts'
import { problemType } from '../problem-json.ts'
import { actingAs } from '../signed-in.ts'

/** A problem document of the API (RFC 9457), as pages show it. */
export interface Problem {
  type?: string
  status: number
  title: string
  detail: string
  /** What is wrong with which field. */
  problems?: { path: string; message: string; hint?: string }[]
}

/** What became of a command. */
export type Sent<T> = { done: true; body: T } | { done: false; problem: Problem }

/** The API as a page asks it, in the name of who sits at the console. Paths begin after /api/v1. */
export interface Api {
  /** Throws ApiProblem for anything but a good answer: the page is that problem. */
  get<T>(path: string): Promise<T>
  /** A file or a picture as it comes. */
  file(path: string): Promise<{ type: string; body: Buffer; headers: Record<string, string | undefined> }>
  /** A command: a refusal that a person can mend is a result. `key` makes a repeat harmless; it comes from the form. */
  post<T>(path: string, body: unknown, key: string): Promise<Sent<T>>
  patch<T>(path: string, body: unknown): Promise<Sent<T>>
}

/** The API refused what a page needs. */
export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.title)
    this.problem = problem
  }
}

/** The API in the same process: every rule it has holds for the console, and nothing is looked up past it. */
export function apiOf(app: App, holder: KeyHolder): Api {
  async function ask(method: 'GET' | 'POST' | 'PATCH', path: string, more: InjectOptions = {}) {
    const headers = { 'accept-language': 'ru', ...(more.payload !== undefined && { 'content-type': 'application/json' }), ...more.headers }
    // `inject` asks when it is awaited, so that has to happen in here.
    return actingAs(holder, async () => {
      const answer = await app.inject({ method, url: `/api/v1${path}`, ...more, headers })
      return answer
    })
  }
  async function send<T>(method: 'POST' | 'PATCH', path: string, body: unknown, headers: Record<string, string>): Promise<Sent<T>> {
    const answer = await ask(method, path, { payload: JSON.stringify(body), headers })
    if (answer.statusCode < 400) return { done: true, body: answer.json<T>() }
    const problem = answer.json<Problem>()
    // Nothing the person entered would make these succeed.
    if (answer.statusCode >= 500 || answer.statusCode === 401) throw new ApiProblem(problem)
    // Two browser windows, or the way back to a form that was sent: in the words of who fills in forms.
    return { done: false, problem: problem.type === problemType('idempotencyKeyReused') ? { ...problem, detail: formTexts.repeated } : problem }
  }
  return {
    async get<T>(path: string) {
      const answer = await ask('GET', path)
      if (answer.statusCode >= 400) throw new ApiProblem(answer.json<Problem>())
      return answer.json<T>()
    },
    async file(path) {
      const answer = await ask('GET', path)
      if (answer.statusCode >= 400) throw new ApiProblem(answer.json<Problem>())
      return { type: String(answer.headers['content-type']), body: answer.rawPayload, headers: answer.headers as Record<string, string | undefined> }
    },
    post: (path, body, key) => send('POST', path, body, { 'idempotency-key': key }),
    patch: (path, body) => send('PATCH', path, body, {}),
  }
}
