import { Readable } from 'node:stream'
import type { Queryable } from '../db/connection.ts'
import type { KeyRing } from '../db/key-ring.ts'
import type { OrganizationRow } from '../db/organizations.ts'
import type { PersonRow } from '../db/people.ts'
import type { RegisterCell } from '../db/person-register.ts'
import { zip } from '../school/roster/write/zip.ts'
import { spaceKindTitle, type SpaceKind } from '../school/space-kinds.ts'
import { shortDate, shortDateTime } from '../school/texts/format.ts'
import { foundMovementLabel, importActionLabel } from '../school/texts/import-labels.ts'
import { deliveryLabel, eventLabel, letterLabel, reasonLabel, roleLabel, stateLabel, taskTitle } from '../school/texts/labels.ts'
import { departureReasonLabel, movementKindLabel } from '../school/texts/movement-labels.ts'
import { lookLabel, orderKindLabel, personFileNotes, personFileParts, personFileTitle, personFileWord, type PersonFilePart } from '../school/texts/person-file.ts'
import { promotionDecisionLabel } from '../school/texts/promotion-labels.ts'
import { readPersonParts, type PersonParts } from './person-parts.ts'
import { html, type Html } from './html.ts'

/** The file a person may ask for (domain.md 13): the same parts as JSON with the service's identifiers, and as a page in Russian. */
export async function personFile(tx: Queryable, keys: KeyRing, school: OrganizationRow, person: PersonRow): Promise<Readable> {
  const parts = await readPersonParts(tx, keys, person)
  const at = new Date()
  const json = JSON.stringify({ id: person.id, school: school.fullName, at, ...parts }, null, 2)
  return zip([
    ['person.json', () => Readable.from([Buffer.from(json)])],
    ['person.html', () => Readable.from([Buffer.from(pageOf(parts, school, at).text)])],
  ])
}

const stateOf = (kind: string) => (state: string) => stateLabel(kind, state)

/** Identifiers in words, by part and column. */
const worded: Partial<Record<PersonFilePart, Record<string, (value: string) => string>>> = {
  memberships: { kind: personFileWord, roles: roleLabel, platformStatus: personFileWord },
  orders: { kind: orderKindLabel, status: personFileWord },
  signedOrders: { kind: orderKindLabel, status: personFileWord },
  movements: { kind: movementKindLabel, reason: departureReasonLabel, state: stateOf('studentMovement') },
  decisions: { decision: promotionDecisionLabel },
  assignments: { kind: personFileWord, state: stateOf('staffAssignment') },
  places: { standing: personFileWord },
  owned: { kind: (kind) => spaceKindTitle(kind as SpaceKind), state: stateOf('communicationSpace') },
  invitations: { role: personFileWord, state: stateOf('invitation'), delivery: deliveryLabel },
  answers: { type: (type) => eventLabel('invitation', type) },
  joinings: { audience: personFileWord, state: stateOf('chatJoining') },
  letters: { code: letterLabel, state: stateOf('letter') },
  tasks: { kind: taskTitle, state: stateOf('humanTask'), comment: reasonLabel },
  importRows: { action: importActionLabel },
  foundMovements: { kind: foundMovementLabel },
  keys: { roles: roleLabel },
  looks: { what: lookLabel },
  ownLooks: { what: lookLabel },
}

function pageOf(parts: PersonParts, { fullName, timezone }: OrganizationRow, at: Date): Html {
  const cell = (part: PersonFilePart, column: string, value: RegisterCell | undefined): string => {
    const word = worded[part]?.[column] ?? ((text: string) => text)
    if (value === null || value === undefined || value === '') return '—'
    if (value instanceof Date) return shortDateTime(value, timezone)
    if (Array.isArray(value)) return value.map(word).join(', ') || '—'
    const text = String(value)
    return /^\d{4}-\d\d-\d\d$/.test(text) ? shortDate(text) : word(text)
  }
  const table = ([part, [title, columns]]: [string, readonly [string, Readonly<Record<string, string>>]]) => {
    const rows = parts[part as PersonFilePart]
    return html`<h2>${title}</h2>
      ${rows.length === 0 ? html`<p>Ничего нет.</p>` : html`<table>
        <tr>${Object.values(columns).map((name) => html`<th>${name}</th>`)}</tr>
        ${rows.map((row) => html`<tr>${Object.keys(columns).map((column) => html`<td>${cell(part as PersonFilePart, column, row[column])}</td>`)}</tr>`)}
      </table>`}`
  }
  return html`<!doctype html>
    <html lang="ru">
      <head>
        <meta charset="utf-8" />
        <title>${personFileTitle}</title>
        <style>body { font: 15px/1.4 sans-serif; margin: 2em } table { border-collapse: collapse } th, td { border: 1px solid #999; padding: .3em .6em; text-align: left; vertical-align: top; white-space: pre-wrap }</style>
      </head>
      <body>
        <h1>${personFileTitle}</h1>
        <p>${fullName}. ${shortDateTime(at, timezone)}.</p>
        ${personFileNotes.map((note) => html`<p>${note}</p>`)}
        ${Object.entries(personFileParts).map(table)}
      </body>
    </html>`
}
