import { Type } from 'typebox'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { insertImportFile } from '../../db/import-files.ts'
import { listFoundMovements, foundMovementKinds } from '../../db/import-movements.ts'
import { listImportRows } from '../../db/import-preview.ts'
import { findImport, insertImport, listImports, type ImportRow } from '../../db/imports.ts'
import { importActions } from '../../machines/roster-import.ts'
import { fileTypeOf } from '../../school/roster/file-type.ts'
import { fileKinds, rowKinds } from '../../school/roster/kinds.ts'
import { limits } from '../../school/roster/limits.ts'
import { Unreadable } from '../../school/roster/unreadable.ts'
import { fileKindLabel, foundMovementLabel } from '../../school/texts/import-labels.ts'
import { normalizeLine } from '../../school/validation/normalize.ts'
import { yearOrCurrent } from '../academic-year.ts'
import { may, sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields, Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { wordsOf } from '../import-words.ts'
import { languageOf } from '../language.ts'
import { namesOf } from '../people-names.ts'
import { AcademicYear, closed, Id, IdParams, InstanceId, Nullable, OneOf, PageOf } from '../schemas/common.ts'
import { Import, ImportCard, importView } from '../schemas/import.ts'
import { ImportLine, importLine } from '../schemas/import-line.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'
import { formReader } from '../upload.ts'

const megabyte = 1024 * 1024
const kind = 'rosterImport'

const NewImport = Type.Object(
  {
    kind: Type.Optional(OneOf(fileKinds)),
    academicYear: Type.Optional(AcademicYear),
    complete: Type.Optional(OneOf(['true', 'false'])),
  },
  closed,
)
const RowsQuery = Type.Object({ ...PageQuery, action: Type.Optional(OneOf(importActions)), kind: Type.Optional(OneOf(rowKinds)) }, closed)
const FoundMovement = Type.Object({
  id: Id, importId: Id, kind: OneOf(foundMovementKinds), kindTitle: Type.String(), personId: Id, name: Type.String(), membershipId: Nullable(Id), fromClassId: Nullable(Id), toClassId: Nullable(Id), foundAt: Type.String(),
})

/** Rosters from outside (domain.md 14, 17): a file, what it would change, and through /processes/{id}/events what a person says to that. */
export function importRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const { db } = deps
  const tags = ['Загрузка и выгрузка']

  app.get('/imports', { config: { right: 'people' }, schema: { tags, summary: 'Загрузки списков, последние первыми', querystring: Type.Object(PageQuery, closed), response: { 200: PageOf(Import) } } }, async (request) => {
    const { limit, cursor } = request.query
    const after = decodeCursor(cursor, ['instant', 'text'])
    return inSchool(db, sessionOf(request).orgId, async (tx) => {
      const imports = await listImports(tx, { after, limit: limit + 1 })
      const names = await namesOf(tx, imports.map(({ openedBy }) => openedBy))
      return pageOf(imports, limit, (one) => importView(one, names, languageOf(request)), ({ openedAt, id }) => [openedAt.toISOString(), id])
    })
  })

  app.get('/imports/:id', { config: { right: 'people' }, schema: { tags, summary: 'Загрузка: как прочитан файл, ход работы, что изменится', params: IdParams, response: { 200: ImportCard } } }, async (request) =>
    inSchool(db, sessionOf(request).orgId, async (tx) => {
      const found = await known(tx, request.params.id)
      return importView(found, await namesOf(tx, [found.openedBy]), languageOf(request))
    }),
  )

  app.get('/imports/:id/rows', { config: { right: 'people' }, schema: { tags, summary: 'Строки загрузки: что с каждой будет, ошибки и вопросы', params: IdParams, querystring: RowsQuery, response: { 200: PageOf(ImportLine) } } }, async (request) => {
    const session = sessionOf(request)
    const { limit, cursor, ...filter } = request.query
    const [after] = decodeCursor(cursor, ['number']) ?? []
    return inSchool(db, session.orgId, async (tx) => {
      const { id, academicYear } = await known(tx, request.params.id)
      const rows = await listImportRows(tx, id, { ...filter, after, limit: limit + 1 })
      const words = { ...(await wordsOf(tx, id, academicYear, rows)), lang: languageOf(request), seesAddress: may(session, 'contacts') }
      return pageOf(rows, limit, (row) => importLine(row, words), ({ seq }) => [seq])
    })
  })

  app.post(
    '/imports',
    {
      config: { right: 'people' },
      bodyLimit: limits.fileBytes + megabyte,
      // The file may come over a slow line; what follows is short, and its own key guards it.
      handlerTimeout: 120_000,
      preValidation: formReader({ fileBytes: limits.fileBytes, atOnce: 4 }),
      schema: {
        tags,
        summary: 'Загрузить список (форма multipart с файлом file: CSV, XLSX или архив OneRoster до 20 МБ); в реестре ничего не меняется, пока загрузку не внесут',
        consumes: ['multipart/form-data', 'application/json'],
        body: NewImport,
        response: { 202: Type.Object({ id: Id, processId: InstanceId }) },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      const { body, upload } = request
      if (!upload) throw invalidFields({ code: 'fieldRequired', path: 'file' })
      refuseOtherFiles(upload.bytes)
      let announced: Announced | undefined
      const answer = await inCommand(deps, request, reply, 202, async (tx) => {
        const wantedYear = body.academicYear === undefined ? null : await yearOrCurrent(tx, body.academicYear)
        const id = newId('imp')
        const processId = `${kind}:${id}`
        const wanted = { wantedKind: body.kind ?? null, wantedYear, wantedComplete: body.complete === undefined ? null : body.complete === 'true' }
        await insertImport(tx, session.orgId, { id, processId, openedBy: session.personId, fileName: nameOf(upload.name), fileSize: upload.bytes.length, ...wanted })
        await insertImportFile(tx, deps.keys, session.orgId, id, upload.bytes)
        announced = await announce(tx, request, [{ id: processId, kind, input: { importId: id, openedBy: session.personId } }], [{ to: processId, event: { type: 'START' } }], processId)
        void reply.header('location', `/api/v1/imports/${id}`)
        return { id, processId }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return answer
    },
  )

  app.get(
    '/found-movements',
    {
      config: { right: 'people' },
      schema: { tags, summary: 'Переводы и выбытия, которые нашли загрузки: их оформляют приказом', querystring: Type.Object({ ...PageQuery, import: Type.Optional(Id) }, closed), response: { 200: PageOf(FoundMovement) } },
    },
    async (request) => {
      const { limit, cursor, import: importId } = request.query
      const [after] = decodeCursor(cursor, ['text']) ?? []
      return inSchool(db, sessionOf(request).orgId, async (tx) => {
        const found = await listFoundMovements(tx, { importId, after, limit: limit + 1 })
        const names = await namesOf(tx, found.map(({ personId }) => personId))
        return pageOf(found, limit, ({ foundAt, ...one }) => ({ ...one, kindTitle: foundMovementLabel(one.kind), name: names.get(one.personId) ?? '', foundAt: foundAt.toISOString() }), ({ id }) => [id])
      })
    },
  )
}

async function known(tx: Queryable, id: string): Promise<ImportRow> {
  const found = await findImport(tx, id)
  if (!found) throw new Refusal('notFound')
  return found
}

/** What no roster can be is refused at once; the rest is said of the import when it has been read. */
function refuseOtherFiles(bytes: Buffer): void {
  try {
    fileTypeOf(bytes)
  } catch (error) {
    throw error instanceof Unreadable ? invalidFields({ code: error.code, path: 'file', params: error.params }) : error
  }
}

/** The name under which people know the file: without folders, at most 200 characters. */
const nameOf = (name: string): string => [...normalizeLine(name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1))].slice(0, 200).join('') || fileKindLabel('students')
