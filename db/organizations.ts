import type { MarkedDay } from '../school/calendar/day-kind.ts'
import type { PromotionWindow } from '../school/calendar/promotion-window.ts'
import type { Queryable } from './connection.ts'

export const organizationTypes = ['nosh', 'oosh', 'sosh', 'gymnasium', 'lyceum', 'preschool', 'extraEducation'] as const
export type OrganizationType = (typeof organizationTypes)[number]

/** What a school decides for itself; every setting has a default. */
export interface SchoolSettings {
  /** A person confirms each application before it is sent (domain.md 7.1). Off. */
  confirmBeforeSending?: boolean
  /** Letters only 08:00–20:00 on working days (domain.md 12). On. */
  quietHours?: boolean
  /** Teachers confirm the status «учитель» (BR-15). On. */
  verification?: boolean
  /** Who of the pupils and guardians joined is kept by name, not only how many (domain.md 7.5). Off. */
  joiningByName?: boolean
  /** Pupils ask to join, and a person decides; where joining is kept by name (domain.md 7.5). Off. */
  pupilRequests?: boolean
  /** Pupils join classes on the platform, too, not only chats (BR-18). Off. */
  organizationMembership?: boolean
  /** Days without lessons: nobody of the pupils and guardians is reminded then (domain.md 12). None. */
  schoolBreaks?: { from: string; to: string }[]
  /** Terms of teachers' onboarding that begin in summer are twice as long (domain.md 12). On. */
  summerDoubles?: boolean
  /** People may sign in to the console by password, beside the link by letter. Off. */
  passwords?: boolean
  /** Hosts of the platform's links. max.ru and below. */
  linkHosts?: string[]
  /** Country codes of guardians' numbers. */
  guardianCountryCodes?: string[]
  /** Days of the year's end that differ from the usual ones, «MM-DD». */
  promotionWindow?: Partial<PromotionWindow>
  /** Days that the region or the school has set itself. None. */
  calendarCorrections?: MarkedDay[]
}

/** A school, the tenant. `fullName`, `inn` and the rest as the registration letter names them. */
export interface OrganizationRow {
  id: string
  fullName: string
  shortName: string
  type: OrganizationType
  gradeMax: number
  inn: string
  ogrn: string
  kpp: string | null
  region: string
  address: string
  timezone: string
  schoolWeek: 5 | 6
  email: string
  phone: string
  settings: SchoolSettings
  /** When «Учительская» was created on the platform (BR-05). */
  staffRoomOn: string | null
  registeredAt: Date | null
}

/** The school of this transaction. */
export async function findOrganization(tx: Queryable, id: string): Promise<OrganizationRow | undefined> {
  const { rows } = await tx.query<OrganizationRow>(
    `select id, full_name as "fullName", short_name as "shortName", type, grade_max as "gradeMax", inn, ogrn, kpp, region, address,
       timezone, school_week as "schoolWeek", email, phone, settings, staff_room_on as "staffRoomOn", registered_at as "registeredAt"
     from organizations where id = $1`,
    [id],
  )
  return rows[0]
}

/** Makes starts of one school wait for each other: what must be unique in a school is checked behind this. */
export async function lockOrganization(tx: Queryable, id: string): Promise<void> {
  // No key: whatever else is written for the school goes on.
  await tx.query(`select id from organizations where id = $1 for no key update`, [id])
}

/** A school before anything has happened on the platform. */
export type NewOrganization = Omit<OrganizationRow, 'staffRoomOn' | 'registeredAt'>

/** Opens a school. Runs as the service. */
export async function insertOrganization(tx: Queryable, row: NewOrganization): Promise<void> {
  await tx.query(
    `insert into organizations (id, full_name, short_name, type, grade_max, inn, ogrn, kpp, region, address, timezone, school_week, email, phone, settings)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      row.id, row.fullName, row.shortName, row.type, row.gradeMax, row.inn, row.ogrn, row.kpp, row.region, row.address,
      row.timezone, row.schoolWeek, row.email, row.phone, JSON.stringify(row.settings),
    ],
  )
}

/** Changes what a school says of itself; what is not named stays. */
export async function updateOrganization(tx: Queryable, id: string, change: { email?: string; phone?: string; address?: string; timezone?: string; schoolWeek?: 5 | 6 }): Promise<void> {
  await tx.query(
    `update organizations set email = coalesce($2, email), phone = coalesce($3, phone), address = coalesce($4, address),
       timezone = coalesce($5, timezone), school_week = coalesce($6, school_week) where id = $1`,
    [id, change.email ?? null, change.phone ?? null, change.address ?? null, change.timezone ?? null, change.schoolWeek ?? null],
  )
}

/** Changes some settings; the others stay. */
export async function updateSettings(tx: Queryable, id: string, settings: SchoolSettings): Promise<void> {
  await tx.query(`update organizations set settings = settings || $2 where id = $1`, [id, JSON.stringify(settings)])
}
