import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { exportFormats, findExport, insertExport } from '../../db/exports.ts'
import { newId } from '../../db/ids.ts'
import { insertJournal } from '../../db/journal.ts'
import { tableKinds, type TableKind } from '../../school/roster/kinds.ts'
import { csv } from '../../school/roster/write/csv.ts'
import { templateSheets, templateTitles } from '../../school/roster/write/template.ts'
import { workbook } from '../../school/roster/write/workbook.ts'
import { fileKindLabel } from '../../school/texts/import-labels.ts'
import { yearOrCurrent } from '../academic-year.ts'
import { may, sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { exportFile, mime } from '../export-file.ts'
import { Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { AcademicYear, closed, Id, IdParams, OneOf } from '../schemas/common.ts'

const registers = [...tableKinds, 'all'] as const
const NewExport = Type.Object(
  {
    register: OneOf(registers),
    format: Type.Optional(OneOf(exportFormats)),
    academicYear: Type.Optional(AcademicYear),
    fullContacts: Type.Optional(Type.Boolean({ description: 'Телефоны и адреса целиком: записывается в журнал' })),
  },
  closed,
)

const TemplateQuery = Type.Object({ kind: Type.Unsafe<TableKind>({ type: 'string', enum: [...tableKinds], default: 'students' }), format: Type.Unsafe<'csv' | 'xlsx'>({ type: 'string', enum: [...exportFormats], default: 'xlsx' }) }, closed)

/** Registers taken away as files that can be read in again, and files to be filled in. */
export function exportRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const { db } = deps
  const tags = ['Загрузка и выгрузка']

  app.post(
    '/exports',
    { config: { right: 'people' }, schema: { tags, summary: 'Выгрузить список (CSV или XLSX); все списки в CSV приходят одним архивом', body: NewExport, response: { 201: Type.Object({ id: Id, file: Type.String() }) } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const { register, format = 'xlsx', fullContacts = false } = request.body
      if (fullContacts && !may(session, 'reveal')) throw new Refusal('forbidden')
      return inCommand(deps, request, reply, 201, async (tx) => {
        const academicYear = await yearOrCurrent(tx, request.body.academicYear)
        const id = newId('exp')
        await insertExport(tx, session.orgId, { id, personId: session.personId, register, format, academicYear, fullContacts })
        await insertJournal(tx, session.orgId, { personId: session.personId, keyId: session.keyId, action: fullContacts ? 'registerTakenInFull' : 'registerTaken', object: id })
        return { id, file: `/api/v1/exports/${id}/file` }
      })
    },
  )

  app.get('/exports/:id/file', { config: { right: 'people' }, schema: { tags, summary: 'Файл выгрузки: в течение суток, тому, кто её заказал', params: IdParams } }, async (request, reply) => {
    const session = sessionOf(request)
    const found = await inSchool(db, session.orgId, (tx) => findExport(tx, request.params.id))
    if (!found || found.personId !== session.personId || (found.fullContacts && !may(session, 'reveal'))) throw new Refusal('notFound')
    const { name, type, content } = exportFile(db, session.orgId, found)
    return reply.type(type).header('content-disposition', `attachment; filename="${name}"`).header('content-security-policy', 'sandbox').send(content)
  })

  app.get(
    '/import-template',
    { config: { right: 'people' }, schema: { tags, summary: 'Образец файла для загрузки', querystring: TemplateQuery } },
    async (request, reply) => {
      const { kind, format } = request.query
      void reply.type(mime[format]).header('content-disposition', `attachment; filename="${kind}.${format}"`).header('content-security-policy', 'sandbox')
      return reply.send(format === 'csv' ? Readable.from(csv([templateTitles(kind)])) : workbook(templateSheets(kind, fileKindLabel(kind))))
    },
  )
}
