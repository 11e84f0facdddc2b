import { Type } from 'typebox'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { findOrganization, organizationTypes, updateOrganization, updateSettings, type OrganizationRow } from '../../db/organizations.ts'
import { dayKinds } from '../../school/calendar/day-kind.ts'
import { isLocalDate } from '../../school/calendar/local-date.ts'
import { usualPromotionWindow } from '../../school/calendar/promotion-window.ts'
import { checkEmail } from '../../school/validation/email.ts'
import { guardianCountryCodes, checkSchoolPhone } from '../../school/validation/phone.ts'
import { platformHosts } from '../../school/validation/link-url.ts'
import { checkTimezone } from '../../school/validation/timezone.ts'
import { checkText } from '../../school/validation/text.ts'
import { sessionOf, type Session } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { closed, Id, IdParams, Nullable, OneOf } from '../schemas/common.ts'
import { collectProblems } from '../collect-problems.ts'

const Day = Type.String({ pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })

const Settings = {
  confirmBeforeSending: Type.Boolean({ description: 'Заявку перед отправкой подтверждает человек' }),
  quietHours: Type.Boolean({ description: 'Письма только с 8:00 до 20:00 в рабочие дни' }),
  verification: Type.Boolean({ description: 'Учителя подтверждают статус «учитель»' }),
  joiningByName: Type.Boolean({ description: 'Кто из учеников и родителей вступил, хранится поимённо; иначе только количество' }),
  pupilRequests: Type.Boolean({ description: 'Ученики подают заявки на вступление, школа рассматривает каждую; там, где вступление ведётся поимённо' }),
  organizationMembership: Type.Boolean({ description: 'Ученики вступают и в класс на платформе, не только в чаты' }),
  schoolBreaks: Type.Array(Type.Object({ from: Type.String({ format: 'date' }), to: Type.String({ format: 'date' }) }, closed), { maxItems: 40, description: 'Каникулы: в эти дни ученикам и родителям не напоминают' }),
  summerDoubles: Type.Boolean({ description: 'Сроки подключения учителей, начатые летом, вдвое длиннее' }),
  passwords: Type.Boolean({ description: 'Вход в консоль по паролю, кроме ссылки из письма' }),
  linkHosts: Type.Array(Type.String({ pattern: '^([a-z0-9-]+\\.)+[a-z0-9-]+$', maxLength: 253 }), { minItems: 1, maxItems: 20, description: 'Узлы, на которые могут вести ссылки' }),
  guardianCountryCodes: Type.Array(Type.String({ pattern: '^[1-9]\\d{0,2}$' }), { minItems: 1, maxItems: 50 }),
  calendarCorrections: Type.Array(Type.Object({ date: Type.String({ format: 'date' }), kind: OneOf(dayKinds) }, closed), { maxItems: 366, description: 'Дни, которые назначил регион или сама школа; весь список сразу' }),
  promotionWindow: Type.Object({ draftFrom: Day, approveBy: Day, applyFrom: Day, doneBy: Day, rollBackUntil: Day }, { ...closed, description: 'Дни перевода на следующий год, ММ-ДД' }),
}

export const Organization = Type.Object({
  id: Id,
  fullName: Type.String(),
  shortName: Type.String(),
  type: OneOf(organizationTypes),
  gradeMax: Type.Integer(),
  inn: Type.String(),
  ogrn: Type.String(),
  kpp: Nullable(Type.String()),
  region: Type.String(),
  address: Type.String(),
  timezone: Type.String(),
  schoolWeek: Type.Integer(),
  email: Type.String(),
  phone: Type.String(),
  settings: Type.Object(Settings),
  staffRoomOn: Nullable(Type.String({ description: 'Когда создан класс «Учительская»' })),
  registeredAt: Nullable(Type.String()),
})

const Change = Type.Object(
  {
    email: Type.Optional(Type.String({ maxLength: 300 })),
    phone: Type.Optional(Type.String({ maxLength: 40 })),
    address: Type.Optional(Type.String({ maxLength: 500 })),
    timezone: Type.Optional(Type.String({ maxLength: 60 })),
    schoolWeek: Type.Optional(Type.Union([Type.Literal(5), Type.Literal(6)])),
    settings: Type.Optional(Type.Partial(Type.Object(Settings), closed)),
  },
  { ...closed, minProperties: 1 },
)

const view = ({ settings, registeredAt, ...organization }: OrganizationRow) => ({
  ...organization,
  registeredAt: registeredAt && registeredAt.toISOString(),
  settings: {
    confirmBeforeSending: settings.confirmBeforeSending ?? false,
    quietHours: settings.quietHours ?? true,
    verification: settings.verification ?? true,
    joiningByName: settings.joiningByName ?? false,
    pupilRequests: settings.pupilRequests ?? false,
    organizationMembership: settings.organizationMembership ?? false,
    schoolBreaks: settings.schoolBreaks ?? [],
    summerDoubles: settings.summerDoubles ?? true,
    passwords: settings.passwords ?? false,
    linkHosts: settings.linkHosts ?? [...platformHosts],
    guardianCountryCodes: settings.guardianCountryCodes ?? [...guardianCountryCodes],
    calendarCorrections: settings.calendarCorrections ?? [],
    promotionWindow: { ...usualPromotionWindow, ...settings.promotionWindow },
  },
})

/** The school of the key. */
export function organizationRoutes(app: App, { db }: Pick<AppDeps, 'db'>): void {
  /** Another school's id is one that does not exist. */
  async function own(tx: Queryable, { orgId }: Session, id: string): Promise<OrganizationRow> {
    const organization = id === orgId ? await findOrganization(tx, id) : undefined
    if (!organization) throw new Refusal('notFound')
    return organization
  }

  app.get('/organizations', { schema: { tags: ['Школа'], summary: 'Школы, доступные ключу', response: { 200: Type.Object({ items: Type.Array(Organization) }) } } }, async (request) => {
    const session = sessionOf(request)
    return { items: [view(await inSchool(db, session.orgId, (tx) => own(tx, session, session.orgId)))] }
  })

  app.get('/organizations/:id', { schema: { tags: ['Школа'], summary: 'Сведения и настройки школы', params: IdParams, response: { 200: Organization } } }, async (request) => {
    const session = sessionOf(request)
    return view(await inSchool(db, session.orgId, (tx) => own(tx, session, request.params.id)))
  })

  app.patch(
    '/organizations/:id',
    { config: { right: 'settings' }, schema: { tags: ['Школа'], summary: 'Изменить контакты, пояс и настройки; сроки пересчитаются на следующее утро', params: IdParams, body: Change, response: { 200: Organization } } },
    async (request) => {
      const session = sessionOf(request)
      const { email, phone, address, timezone, schoolWeek, settings } = request.body
      return inSchool(db, session.orgId, async (tx) => {
        await own(tx, session, request.params.id)
        const found = collectProblems()
        const change = {
          ...(email !== undefined && { email: found.take('email', checkEmail(email)) ?? '' }),
          ...(phone !== undefined && { phone: found.take('phone', checkSchoolPhone(phone)) ?? '' }),
          ...(address !== undefined && { address: found.take('address', checkText(address, { max: 500 })) ?? '' }),
          ...(timezone !== undefined && { timezone: found.take('timezone', checkTimezone(timezone)) ?? '' }),
          ...(schoolWeek !== undefined && { schoolWeek }),
        }
        settings?.schoolBreaks?.forEach(({ from, to }, index) => from <= to || found.problems.push({ code: 'breakBackwards', path: `settings.schoolBreaks.${index}.to` }))
        settings?.calendarCorrections?.forEach(({ date }, index) => {
          // A day the calendar cannot count with would stop every deadline of the school.
          if (!isLocalDate(date)) found.problems.push({ code: 'fieldFormat', path: `settings.calendarCorrections.${index}.date`, params: { format: 'ГГГГ-ММ-ДД' } })
        })
        found.refuseAny()
        await updateOrganization(tx, session.orgId, change)
        if (settings) await updateSettings(tx, session.orgId, settings)
        return view(await own(tx, session, session.orgId))
      })
    },
  )
}
