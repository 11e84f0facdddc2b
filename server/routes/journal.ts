import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { verifyJournal } from '../../db/journal-chain.ts'
import { listJournal } from '../../db/journal.ts'
import { sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { namesOf } from '../people-names.ts'
import { closed, Nullable, PageOf } from '../schemas/common.ts'

const Line = Type.Object({ id: Type.Integer(), at: Type.String(), who: Type.String(), personId: Nullable(Type.String()), action: Type.String(), object: Type.String() })

const Chain = Type.Object({
  intact: Type.Boolean(),
  lines: Type.Integer(),
  lastHash: Nullable(Type.String({ description: 'Запишите его вне сервиса: пока он тот же, до этой строки ничего не изменено' })),
  brokenAt: Nullable(Type.Integer({ description: 'Номер первой строки, которая изменена или пропала' })),
})

/** Who looked at which phone, address or link (domain.md 13). */
export function journalRoutes(app: App, { db }: Pick<AppDeps, 'db'>): void {
  app.get('/journal', { config: { right: 'journal' }, schema: { tags: ['Журнал'], summary: 'Кто смотрел телефоны и ссылки', querystring: Type.Object(PageQuery, closed), response: { 200: PageOf(Line) } } }, async (request) => {
    const { limit, cursor } = request.query
    const [before] = decodeCursor(cursor, ['number']) ?? []
    return inSchool(db, sessionOf(request).orgId, async (tx) => {
      const lines = await listJournal(tx, { before, limit: limit + 1 })
      const names = await namesOf(tx, lines.map(({ personId }) => personId))
      return pageOf(lines, limit, ({ id, at, personId, action, object }) => ({ id, at: at.toISOString(), who: names.get(personId ?? '') ?? 'Служба', personId, action, object }), ({ id }) => [id])
    })
  })

  app.get('/journal/chain', { config: { right: 'journal' }, schema: { tags: ['Журнал'], summary: 'Проверить, что строки журнала не меняли и не удаляли', response: { 200: Chain } } }, async (request) => {
    const chain = await inSchool(db, sessionOf(request).orgId, verifyJournal)
    return { ...chain, intact: chain.brokenAt === null }
  })
}
