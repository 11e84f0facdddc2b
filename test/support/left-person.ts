import { inSchool, type Database } from '../../db/connection.ts'
import { insertInbound } from '../../db/inbound.ts'
import { sealLetter } from '../../db/letters.ts'
import { insertMovement } from '../../db/movements.ts'
import { testKeyRing } from './test-key-ring.ts'

/** Words that stand nowhere but in what is known of the person; all fictional. */
export const canary = { lastName: 'Канарейкин', firstName: 'Клим', patronymic: 'Ильич', phone: '+79000000077', email: 'kanareykin@zarechie.example', position: 'лаборант-канарейковед', words: 'пояснение о канарейке' }

/** A teacher who left so many days ago, with something in every table that can hold anything of a person. Returns the person's id. */
export async function leftPerson(db: Database, orgId: string, id: string, daysAgo: number): Promise<string> {
  const invitation = `invitation:inv_${id}`
  const movement = `movement:mov_${id}`
  const ago = `now() - make_interval(days => ${daysAgo})`
  await inSchool(db, orgId, async (tx) => {
    await tx.query(`insert into people (id, org_id, last_name, first_name, patronymic, phone, email, search_key, created_at) values ($1, $2, $3, $4, $5, $6, $7, 'канарейкин клим ильич', now() - interval '5 years')`, [
      id, orgId, canary.lastName, canary.firstName, canary.patronymic, canary.phone, canary.email,
    ])
    await tx.query(
      `insert into memberships (id, org_id, person_id, kind, roles, position, teaching_staff, verification_waived_reason, ended_at) values ($1, $2, $3, 'staff', '{teacher}', $4, true, $5, ${ago})`,
      [`mem_${id}`, orgId, id, canary.position, canary.words],
    )
    await tx.query(`insert into api_keys (id, org_id, person_id, name, roles, hash) values ($1, $2, $3, $4, '{teacher}', $1)`, [`key_${id}`, orgId, id, canary.lastName])
    await tx.query(`insert into external_codes (org_id, code, person_id) values ($1, $2, $3)`, [orgId, `code_${id}`, id])
    await tx.query(`insert into cohorts (id, org_id, workflow_id, status, ended_at) values ($1, $2, $1, 'ended', now())`, [`coh_${id}`, orgId])
    await tx.query(`insert into cohort_steps (cohort_id, seq, org_id, input_key, inputs, at, resolved) values ($1, 1, $2, 'k', $3, now(), '{}')`, [`coh_${id}`, orgId, JSON.stringify([{ event: { type: 'DECLINE', reason: canary.words } }])])
    const process = (processId: string, kind: string, context: object) =>
      tx.query(
        `insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at, ended_at) values ($1, $2, $3, $4, 1, 'declined', $5, 1, now(), now(), ${ago})`,
        [processId, orgId, `coh_${id}`, kind, JSON.stringify({ personId: id, deadlines: {}, ...context })],
      )
    await process(invitation, 'invitation', {})
    await process(movement, 'staffMovement', { closeReason: canary.words, details: { position: canary.position } })
    const note = JSON.stringify({ reason: canary.words, comment: canary.words, letterId: 'x' })
    for (const [line, owner] of [[invitation, null], [`task:${id}`, invitation]] as const)
      await tx.query(
        `insert into timeline (org_id, process_id, owner_id, cohort_id, seq, at, actor, person_id, event, from_state, to_state, note) values ($1, $2, $3, $4, 2, now(), 'person', 'p2', 'DECLINE', 'sent', 'declined', $5)`,
        [orgId, line, owner, `coh_${id}`, note],
      )
    await tx.query(
      `insert into tasks (id, org_id, cohort_id, owner_id, kind, key, state, roles, urgent, overdue, escalated, values, attempt, outcome, seq, opened_at, closed_at)
       values ($1, $2, $3, $4, 'T-LINK-AGAIN', '', 'completed', '{platformAdmin}', false, false, false, $5, 1, $6, 1, now(), now())`,
      [`task:${id}`, orgId, `coh_${id}`, invitation, JSON.stringify({ person: id }), JSON.stringify({ by: 'p2', evidence: { decision: 'refused', comment: canary.words } })],
    )
    const letter = `letter.${id}`
    const sealed = (column: 'address' | 'subject' | 'body' | 'mime', text: string) => sealLetter(testKeyRing, letter, column, text)
    await tx.query(
      `insert into letters (id, org_id, process_id, cohort_id, code, recipient, values, urgent, state, outside, address, subject, body, mime, message_id, queued_at, settled_at, told_at)
       values ($1, $2, $3, $4, 'L-INV-TEACHER', $5, '{}', false, 'accepted', false, $6, $7, $8, $9, $1, now(), now(), now())`,
      [letter, orgId, invitation, `coh_${id}`, JSON.stringify({ person: id }), sealed('address', canary.email), sealed('subject', 'Приглашение'), sealed('body', `Здравствуйте, ${canary.firstName}!`), sealed('mime', canary.email)],
    )
    const content = { from: canary.email, subject: 'Re: Приглашение', text: canary.words, date: null, attachments: [] }
    await insertInbound(tx, testKeyRing, { id: `msg_${id}`, orgId, source: 'imap', messageId: null, contentHash: `hash_${orgId}_${id}`, kind: 'bounce', processId: null, letterId: letter, content, raw: Buffer.from(canary.email), told: true })
    await tx.query(
      `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, state, platform_state) values ($1, $2, $1, 'ПР-2020-000001', 'staffRoom', 'teacher', 'group', 'revoked', 'revoked')`,
      [`lnk_${id}`, orgId],
    )
    await tx.query(`insert into invitations (id, org_id, process_id, link_id, person_id, target, platform_role, state, delivery) values ($1, $2, $3, $4, $5, 'staffRoom', 'teacher', 'declined', 'accepted')`, [`inv_${id}`, orgId, invitation, `lnk_${id}`, id])
    await tx.query(`insert into invitation_tokens (hash, org_id, invitation_id) values ($1, $2, $3)`, [`token_${id}`, orgId, `inv_${id}`])
    await tx.query(`insert into recipient_answers (id, org_id, invitation_id, type, reason, told_at) values ($1, $2, $3, 'DECLINE', $4, now())`, [`ans_${id}`, orgId, `inv_${id}`, canary.words])
    await insertMovement(tx, orgId, {
      id: `mov_${id}`, processId: movement, number: 'ДВ-2020-000001', kind: 'hire', personId: id, effectiveOn: '2020-09-01', fromClassId: null, toClassId: null, reason: null, details: { position: canary.position, roles: ['teacher'] }, membershipId: `mem_mov_${id}`,
    })
    await tx.query(`insert into imports (id, org_id, process_id, opened_by, file_name, file_size, state) values ($1, $2, $1, 'p2', 'spisok.csv', 1, 'committed')`, [`imp_${id}`, orgId])
    await tx.query(`insert into import_rows (import_id, seq, org_id, kind, source, match_key, data, person_id) values ($1, 1, $2, 'staff', 'Лист1', 'канарейкин клим', $3, $4)`, [`imp_${id}`, orgId, JSON.stringify(canary), id])
    await tx.query(`insert into school_classes (id, org_id, academic_year, grades, name, folded_name) values ($1, $2, '2020-2021', '{5}', '5А', '5:А')`, [`cls_${id}`, orgId])
    await tx.query(`insert into promotions (id, org_id, from_year, to_year, state) values ($1, $2, '2020-2021', '2021-2022', 'completed')`, [`prm_${id}`, orgId])
    await tx.query(`insert into promotion_decisions (promotion_id, membership_id, org_id, person_id, class_id, decision, reason) values ($1, $2, $3, $4, $5, 'leave', $6)`, [`prm_${id}`, `mem_${id}`, orgId, id, `cls_${id}`, canary.words])
    await tx.query(`insert into journal (org_id, person_id, key_id, action, object) values ($1, 'p2', null, 'phoneShown', $2)`, [orgId, id])
  })
  return id
}
