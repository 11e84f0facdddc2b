import type { Static } from 'typebox'
import { settingsTexts as texts } from '../../../school/texts/console/settings.ts'
import { roleLabel } from '../../../school/texts/labels.ts'
import { html, type Html } from '../../html.ts'
import { schoolRoles } from '../../rights.ts'
import type { ApiKeyLine } from '../../routes/api-keys.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import { readForm } from '../forms/read-form.ts'
import type { Page } from '../layout.ts'
import { copyButton, momentView } from '../parts.ts'
import { settingsPage } from '../settings/frame.ts'
import { staffOptions } from '../tasks/evidence.ts'
import { formGuards, type Visit } from '../visit.ts'

type Key = Static<typeof ApiKeyLine>
const path = '/settings/keys'

/** Keys of programs: issue, see who has them, take back. */
export function settingsKeysPage(console: Console): void {
  console.page(path, (visit) => view(visit), { right: 'keys' })
  console.form(path, async (visit) => {
    const sent = await visit.api.post<{ key: string }>('/api-keys', readForm(await keyFields(visit), visit.form, visit.zone), visit.form.get('_key'))
    return sent.done ? issuedPage(visit, sent.body.key) : view(visit, sent.problem)
  }, { right: 'keys' })
  console.page(`${path}/:id/revoke`, async (visit) => {
    const key = (await keysOf(visit)).find(({ id, revokedAt }) => id === visit.params.id && revokedAt === null)
    return key ? revokePage(visit, key) : { to: path }
  }, { right: 'keys' })
  console.form(`${path}/:id/revoke`, async (visit) => {
    const sent = await visit.api.post(`/api-keys/${encodeURIComponent(visit.params.id!)}/revoke`, {}, visit.form.get('_key'))
    return sent.done ? { to: `${path}?saved=1` } : view(visit, sent.problem)
  }, { right: 'keys' })
}

const keysOf = async ({ api }: Visit) => (await api.get<{ items: Key[] }>('/api-keys')).items

const keyFields = async (visit: Visit): Promise<FormField[]> => [
  { name: 'name', label: texts.keyName, required: true, kind: 'line', options: [], maxLength: 100 },
  { name: 'personId', label: texts.keyPerson, required: true, kind: 'choice', options: await staffOptions(visit) },
  { name: 'roles', label: texts.keyRoles, required: true, kind: 'many', options: schoolRoles.map((value) => ({ value, label: roleLabel(value) })) },
]

async function view(visit: Visit, problem?: Problem): Promise<Page> {
  const keys = await keysOf(visit)
  const fields = await keyFields(visit)
  const names = new Map(fields[1]!.options.map(({ value, label }) => [value, label]))
  const filled = { id: 'key', form: problem && visit.form, problem }
  const live = keys.filter(({ revokedAt }) => revokedAt === null)
  const old = keys.filter(({ revokedAt }) => revokedAt !== null)
  return settingsPage(
    visit,
    texts.keys,
    html`<p>${texts.keysHint}</p>
      ${live.length === 0 ? html`<p class="card empty">${texts.noKeys}</p>` : html`<ul class="picks card">${live.map((key) => keyView(visit, key, names))}</ul>`}
      <section class="card"><h2>${texts.issue}</h2><form method="post" action="${path}" class="stack">${formGuards(visit)}${problemView(filled, fields)}${formView(fields, filled)}<p class="hint">${texts.keyRolesHint}</p><button class="main">${texts.issue}</button></form></section>
      ${old.length > 0 && html`<details class="card" id="old-keys"><summary>${texts.old}</summary><ul class="picks">${old.map((key) => keyView(visit, key, names))}</ul></details>`}`,
    problem?.status,
  )
}

function keyView({ zone }: Visit, { id, name, personId, roles, createdAt, lastUsedAt, revokedAt }: Key, names: ReadonlyMap<string, string>): Html {
  return html`<li><strong>${name}</strong> <span class="quiet">${[names.get(personId ?? '') ?? '', roles.map(roleLabel).join(', ')].filter(Boolean).join(' · ')}</span>
    <p class="hint">${texts.created}: ${momentView(createdAt, zone)} · ${texts.lastUsed}: ${lastUsedAt === null ? texts.never : momentView(lastUsedAt, zone)}${revokedAt !== null && html` · ${texts.revokedAt}: ${momentView(revokedAt, zone)}`}</p>
    ${revokedAt === null && html`<a class="button small" href="${path}/${encodeURIComponent(id)}/revoke" aria-label="${texts.revoke}: ${name}">${texts.revoke}</a>`}</li>`
}

const issuedPage = (visit: Visit, key: string): Page =>
  settingsPage(visit, texts.issued, html`<section class="card"><h2>${texts.issued}</h2><p class="warn">${texts.issuedHint}</p><p><code>${key}</code> ${copyButton(key, texts.theKey)}</p><p><a class="button" href="${path}">${texts.toKeys}</a></p></section>`)

const revokePage = (visit: Visit, { id, name }: Key): Page =>
  settingsPage(visit, texts.revokeTitle, html`${backTo(path, texts.keys)}<section class="card"><h2>${texts.revokeTitle}: ${name}</h2><p>${texts.revokeEffect}</p><form method="post" action="${path}/${encodeURIComponent(id)}/revoke">${formGuards(visit)}<button class="danger">${texts.revoke}</button></form></section>`)
