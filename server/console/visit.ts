import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { KeyHolder } from '../../db/api-keys.ts'
import { roleLabel } from '../../school/texts/labels.ts'
import type { App } from '../deps.ts'
import { html, type Html } from '../html.ts'
import { mayRoles, type Right } from '../rights.ts'
import type { Me } from '../routes/me.ts'
import { apiOf, type Api } from './api.ts'
import { fieldsOf, type Fields } from './fields.ts'

/** A person at a page: who it is, what was asked, and the API in the person's name. */
export interface Visit {
  api: Api
  holder: KeyHolder
  /** Null for the operator, who belongs to no school. */
  school: Static<typeof Me>['organization'] | null
  name: string
  roles: string[]
  /** The school's zone: every time on a page is in it. */
  zone: string
  /** Path of the page, without the query. */
  path: string
  params: Record<string, string>
  query: Fields
  form: Fields
  csrf: string
  may(right: Right): boolean
}

/** Somebody has signed in: hooks of the console see to it before a page is made. */
export async function visitOf(app: App, request: FastifyRequest): Promise<Visit> {
  const { holder, csrf } = request.sitting!
  const api = apiOf(app, holder)
  const me = holder.orgId === null ? undefined : await api.get<Static<typeof Me>>('/me')
  return {
    api,
    holder,
    school: me?.organization ?? null,
    name: me?.person.name ?? roleLabel('operator'),
    roles: me?.roles.map(({ title }) => title) ?? [],
    zone: me?.organization.timezone ?? 'Europe/Moscow',
    path: request.url.split('?')[0]!,
    params: (request.params ?? {}) as Record<string, string>,
    query: fieldsOf(request.query),
    form: fieldsOf(request.body),
    csrf,
    may: (right) => mayRoles(holder.roles, right),
  }
}

/**
 * What every form that changes something carries: the token of the session, and a key made with the form, so that
 * pressing twice, or sending again what the browser kept, acts once (`form.get('_key')` goes to the API).
 */
export const formGuards = ({ csrf }: Visit, key: string = randomUUID()): Html => html`<input type="hidden" name="_csrf" value="${csrf}" /><input type="hidden" name="_key" value="${key}" />`
