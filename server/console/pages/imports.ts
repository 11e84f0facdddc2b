import type { Static } from 'typebox'
import { fileKinds } from '../../../school/roster/kinds.ts'
import { limits } from '../../../school/roster/limits.ts'
import { importsTexts as texts } from '../../../school/texts/console/imports.ts'
import { fileKindLabel } from '../../../school/texts/import-labels.ts'
import { html, type Html } from '../../html.ts'
import type { Import } from '../../schemas/import.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { Page } from '../layout.ts'
import { emptyView, nextView, optionsView, refusalView, searchOf } from '../list-parts.ts'
import { live, momentView } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

/** A roster is brought here; what becomes of it has a page of its own. */
export function importsPage(console: Console): void {
  console.page('/imports', (visit) => view(visit), { right: 'people' })
  console.upload('/imports', async (visit, request) => {
    const { api, form } = visit
    const [kind, complete] = [form.get('kind'), form.get('complete')]
    const upload = request.upload && request.upload.bytes.length > 0 ? request.upload : null
    const sent = await api.upload<{ id: string }>('/imports', { ...(kind && { kind }), ...(complete && { complete }) }, upload, form.get('_key'))
    return sent.done ? { to: `/imports/${sent.body.id}` } : view(visit, sent.problem)
  }, { right: 'people', fileBytes: limits.fileBytes, atOnce: 4 })
}

async function view(visit: Visit, problem?: Problem): Promise<Page> {
  const { items, next } = await visit.api.get<{ items: Static<typeof Import>[]; next?: string }>(`/imports${searchOf({ limit: '30', cursor: visit.query.get('cursor') })}`)
  return {
    title: texts.title,
    status: problem?.status ?? 200,
    content: html`<div ${live()}>
      ${backTo('/people', texts.back)}
      <h1>${texts.title}</h1>
      ${refusalView(problem)}
      <form method="post" action="/imports" enctype="multipart/form-data" class="stack card">
        ${formGuards(visit)}
        <p>${texts.lead}</p>
        <label for="kind">${texts.kind}</label><select id="kind" name="kind"><option value="">${texts.anyKind}</option>${optionsView(fileKinds.map((value) => ({ value, label: fileKindLabel(value) })), visit.form.get('kind'))}</select>
        <label for="complete">${texts.complete}</label><select id="complete" name="complete"><option value="">${texts.completeAny}</option>${optionsView([{ value: 'true', label: texts.completeYes }, { value: 'false', label: texts.completeNo }], visit.form.get('complete'))}</select>
        <label for="file">${texts.file}</label><input type="file" id="file" name="file" required accept=".csv,.txt,.xlsx,.zip" />
        <button class="main">${texts.upload}</button>
      </form>
      <h2>${texts.earlier}</h2>
      ${items.length === 0 ? emptyView(texts.emptyTitle, texts.empty) : tableOf(items, visit.zone)}
      ${nextView('/imports', {}, next, texts.next)}
    </div>`,
  }
}

const marks: Readonly<Record<string, string>> = { preview: 'warn', committed: 'good', failed: 'bad' }
const tableOf = (items: readonly Static<typeof Import>[], zone: string): Html => html`<table class="list card">
  <thead><tr><th scope="col">${texts.file}</th><th scope="col">${texts.kind}</th><th scope="col">${texts.state}</th><th scope="col">${texts.when}</th><th scope="col">${texts.who}</th></tr></thead>
  <tbody>${items.map(({ id, fileName, kindTitle, state, stateTitle, openedAt, openedBy }) => html`<tr><td><a href="/imports/${id}">${fileName}</a></td><td data-label="${texts.kind}">${kindTitle ?? '—'}</td><td data-label="${texts.state}"><span class="mark ${marks[state] ?? ''}">${stateTitle}</span></td><td data-label="${texts.when}">${momentView(openedAt, zone)}</td><td data-label="${texts.who}">${openedBy.name}</td></tr>`)}</tbody>
</table>`
