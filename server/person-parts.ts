import { findApplicationSnapshot } from '../db/application-snapshots.ts'
import type { Queryable } from '../db/connection.ts'
import { openInboundContent } from '../db/inbound.ts'
import { listLooks, listOwnLooks } from '../db/journal.ts'
import type { KeyRing } from '../db/key-ring.ts'
import { openLetter } from '../db/letters.ts'
import type { PersonRow } from '../db/people.ts'
import { readPersonRegister, type RegisterCell } from '../db/person-register.ts'
import { findTraces, listApplications, listLettersTo, listMessagesAbout, listTasksAbout } from '../db/person-traces.ts'
import { listTimelineAbout } from '../db/timeline-queries.ts'
import { roleLabel } from '../school/texts/labels.ts'
import type { PersonFilePart } from '../school/texts/person-file.ts'
import { fullName } from '../school/validation/person-name.ts'
import { formatPhone } from '../school/validation/phone.ts'
import { timelineLine } from './schemas/timeline.ts'

export type PartRow = Record<string, RegisterCell>
export type PersonParts = Record<PersonFilePart, PartRow[]>

/** Everything that is known of one person, and nothing of others: who did something is said by role. */
export async function readPersonParts(tx: Queryable, keys: KeyRing, person: PersonRow): Promise<PersonParts> {
  const { processes, tasks, invitations } = await findTraces(tx, person.id)
  const { person: self, ...register } = await readPersonRegister(tx, person.id)
  const names = new Map([[person.id, fullName(person)]])
  return {
    person: self.map(({ enteredAt }) => ({ name: fullName(person), phone: person.phone && formatPhone(person.phone), email: person.email, enteredAt: enteredAt! })),
    ...register,
    applications: await applications(tx, keys, person.id),
    letters: (await listLettersTo(tx, person.id)).map(({ id, address, subject, body, ...letter }) => ({
      ...letter,
      address: address && openLetter(keys, id, 'address', address),
      subject: subject && openLetter(keys, id, 'subject', subject),
      body: body && openLetter(keys, id, 'body', body),
    })),
    messages: (await listMessagesAbout(tx, person.id, processes)).map(({ id, receivedAt, content }) => {
      const { from, subject, text } = openInboundContent(keys, id, content)
      return { receivedAt, from, subject, text }
    }),
    tasks: (await listTasksAbout(tx, tasks)).map(({ outcome, ...task }) => ({ ...task, comment: commentIn(outcome) })),
    timeline: (await listTimelineAbout(tx, [...processes, ...tasks])).map((line) => {
      const { who, about, what, to, why } = timelineLine(line, names)
      return { at: line.at, who, about, what, to, why }
    }),
    looks: (await listLooks(tx, { id: person.id, objects: [...invitations, ...tasks] })).map(({ at, self: own, roles, action }) => ({ at, who: own ? 'Сам человек' : roles.map(roleLabel).join(', ') || 'Служба или бывший сотрудник', what: action })),
    ownLooks: (await listOwnLooks(tx, person.id)).map(({ at, action }) => ({ at, what: action })),
  }
}

/** Applications that named the person as the administrator (BR-03). */
async function applications(tx: Queryable, keys: KeyRing, personId: string): Promise<PartRow[]> {
  const rows: PartRow[] = []
  for (const { processId, number, frozenAt } of await listApplications(tx)) {
    const named = (await findApplicationSnapshot(tx, keys, processId))?.administrator
    if (named?.id === personId) rows.push({ number, frozenAt, fullName: named.fullName, position: named.position, email: named.email, phone: formatPhone(named.phone) })
  }
  return rows
}

/** What somebody wrote when the task ended. */
function commentIn(outcome: { comment?: string; evidence?: Record<string, unknown> } | null): string | null {
  const said = [outcome?.comment, ...['comment', 'reason', 'text', 'remark'].map((field) => outcome?.evidence?.[field])].filter((text): text is string => typeof text === 'string')
  return said.join('. ') || null
}
