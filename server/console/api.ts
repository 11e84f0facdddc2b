import type { InjectOptions } from 'fastify'
import type { KeyHolder } from '../../db/api-keys.ts'
import { formTexts } from '../../school/texts/console/form-labels.ts'
import type { App } from '../deps.ts'
import { problemType } from '../problem-json.ts'
import { actingAs } from '../signed-in.ts'
import type { Upload } from '../upload.ts'

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

/** A file of the API. */
export interface ApiFile {
  type: string
  body: Buffer
  headers: Record<string, string | undefined>
}

/** The API as a page asks it, in the name of who sits at the console. Paths begin after /api/v1. */
export interface Api {
  /** Throws ApiProblem for anything but a good answer: the page is that problem. */
  get<T>(path: string): Promise<T>
  /** A question with a body, which changes nothing: what is asked is no part of an address. Throws like `get`. */
  ask<T>(path: string, body: unknown): Promise<T>
  /** A file or a picture as it comes. */
  file(path: string): Promise<ApiFile>
  /** A file that is made when asked for: a printed sheet, which gives out fresh links. */
  print(path: string): Promise<{ done: true; file: ApiFile } | { done: false; problem: Problem }>
  /** A command with a file. */
  upload<T>(path: string, fields: Readonly<Record<string, string>>, file: Upload | null, key: string): Promise<Sent<T>>
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
  type Answered = Awaited<ReturnType<typeof ask>>
  const fileOf = (answer: Answered): ApiFile => ({ type: String(answer.headers['content-type']), body: answer.rawPayload, headers: answer.headers as ApiFile['headers'] })
  function refused(answer: Answered): { done: false; problem: Problem } {
    const problem = answer.json<Problem>()
    // Nothing the person entered would make these succeed.
    if (answer.statusCode >= 500 || answer.statusCode === 401) throw new ApiProblem(problem)
    // Two browser windows, or the way back to a form that was sent: in the words of who fills in forms.
    return { done: false, problem: problem.type === problemType('idempotencyKeyReused') ? { ...problem, detail: formTexts.repeated } : problem }
  }
  async function send<T>(method: 'POST' | 'PATCH', path: string, payload: string | Buffer, headers: Record<string, string>): Promise<Sent<T>> {
    const answer = await ask(method, path, { payload, headers })
    return answer.statusCode < 400 ? { done: true, body: answer.json<T>() } : refused(answer)
  }
  return {
    async get<T>(path: string) {
      const answer = await ask('GET', path)
      if (answer.statusCode >= 400) throw new ApiProblem(answer.json<Problem>())
      return answer.json<T>()
    },
    async ask<T>(path: string, body: unknown) {
      const answer = await ask('POST', path, { payload: JSON.stringify(body) })
      if (answer.statusCode >= 400) throw new ApiProblem(answer.json<Problem>())
      return answer.json<T>()
    },
    async file(path) {
      const answer = await ask('GET', path)
      if (answer.statusCode >= 400) throw new ApiProblem(answer.json<Problem>())
      return fileOf(answer)
    },
    async print(path) {
      const answer = await ask('POST', path)
      return answer.statusCode < 400 ? { done: true, file: fileOf(answer) } : refused(answer)
    },
    async upload(path, fields, file, key) {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      if (file) form.append('file', new Blob([new Uint8Array(file.bytes)], { type: file.mime }), file.name)
      const encoded = new Response(form)
      return send('POST', path, Buffer.from(await encoded.arrayBuffer()), { 'idempotency-key': key, 'content-type': encoded.headers.get('content-type')! })
    },
    post: (path, body, key) => send('POST', path, JSON.stringify(body), { 'idempotency-key': key }),
    patch: (path, body) => send('PATCH', path, JSON.stringify(body), {}),
  }
}
