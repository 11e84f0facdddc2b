import { randomUUID } from 'node:crypto'

export interface Answer<T> {
  status: number
  headers: Headers
  body: T
}

/** A program or a person with an access key, seen from outside: HTTP and nothing else. */
export interface ApiClient {
  get<T = unknown>(path: string): Promise<Answer<T>>
  /** Every call is a command of its own unless it says the key of an earlier one. A form goes as it is, anything else as JSON. */
  post<T = unknown>(path: string, body?: unknown, idempotencyKey?: string): Promise<Answer<T>>
  patch<T = unknown>(path: string, body: unknown): Promise<Answer<T>>
}

/** Talks to the API at `url` with an access key. Rejects when the connection breaks; any status is an answer. */
export function apiClient(url: string, key: string): ApiClient {
  async function ask<T>(path: string, init: RequestInit): Promise<Answer<T>> {
    const response = await fetch(`${url}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : undefined) as T }
  }
  return {
    get: (path) => ask(path, {}),
    patch: (path, body) => ask(path, { method: 'PATCH', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    post: (path, body, idempotencyKey = randomUUID()) =>
      ask(path, {
        method: 'POST',
        ...(body instanceof FormData ? { body } : body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: { 'idempotency-key': idempotencyKey, ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }) },
      }),
  }
}
