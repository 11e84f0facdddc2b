import { organizationTypes } from '../../../db/organizations.ts'
import { newSchoolLabels as labels, operatorTexts as texts, organizationTypeLabels } from '../../../school/texts/console/operator.ts'
import { settingsTexts } from '../../../school/texts/console/settings.ts'
import { russianZones, zoneCity } from '../../../school/texts/zones.ts'
import { html } from '../../html.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import { readForm } from '../forms/read-form.ts'
import type { Page } from '../layout.ts'
import { operatorPage } from '../operator/frame.ts'
import { copyButton } from '../parts.ts'
import { formGuards, type Visit } from '../visit.ts'

const path = '/operator/schools/new'
const line = (name: keyof typeof labels, required = true, maxLength = 500): FormField => ({ name, label: labels[name], required, kind: 'line', options: [], maxLength })

const registration: readonly FormField[] = [
  line('fullName'),
  line('shortName', true, 200),
  { name: 'type', label: labels.type, required: true, kind: 'choice', options: organizationTypes.map((value) => ({ value, label: organizationTypeLabels[value]! })) },
  { name: 'gradeMax', label: labels.gradeMax, required: true, kind: 'number', options: [], value: '11' },
  line('inn', true, 20),
  line('ogrn', true, 20),
  line('kpp', false, 20),
]
const contacts: readonly FormField[] = [
  line('region', true, 200),
  line('address'),
  line('email', true, 300),
  line('phone', true, 40),
  { name: 'timezone', label: labels.timezone, required: true, kind: 'choice', options: russianZones.map((zone) => ({ value: zone, label: zoneCity(zone) })) },
  { name: 'schoolWeek', label: labels.schoolWeek, required: true, kind: 'choice', value: '5', options: [{ value: '5', label: settingsTexts.week5 }, { value: '6', label: settingsTexts.week6 }] },
]
const head: readonly FormField[] = [line('lastName', true, 60), line('firstName', true, 60), line('patronymic', false, 60), line('headEmail', false, 300)]

/** A new school, with its head. */
export function newSchoolPage(console: Console): void {
  console.page(path, async (visit) => view(visit), { right: 'operate' })
  console.form(path, async (visit) => {
    const { api, form, zone } = visit
    const { headEmail, ...name } = readForm(head, form, zone)
    const { schoolWeek, ...school } = readForm([...registration, ...contacts], form, zone)
    const body = { ...school, ...(schoolWeek !== undefined && { schoolWeek: Number(schoolWeek) }), head: { ...name, ...(headEmail !== undefined && { email: headEmail }) } }
    const sent = await api.post<{ id: string; key: string }>('/operator/organizations', body, form.get('_key'))
    return sent.done ? createdPage(sent.body.key) : view(visit, sent.problem)
  }, { right: 'operate' })
}

/** Where the API means the head, the form has fields beside the others. */
const inForm = (problem: Problem): Problem => ({ ...problem, problems: problem.problems?.map((one) => ({ ...one, path: one.path === 'head.email' ? 'headEmail' : one.path.replace(/^head\./, '') })) ?? [] })

function view(visit: Visit, refused?: Problem): Page {
  const problem = refused && inForm(refused)
  const filled = { id: 'school', form: problem && visit.form, problem }
  const part = (title: string, fields: readonly FormField[]) => html`<fieldset class="card stack"><legend><strong>${title}</strong></legend>${formView(fields, filled)}</fieldset>`
  return operatorPage(
    texts.newSchool,
    html`${backTo('/operator/schools', texts.schools)}<p>${texts.newHint}</p>
      <form method="post" action="${path}">${formGuards(visit)}${problemView(filled, [...registration, ...contacts, ...head])}
        ${part(texts.reqs, registration)}${part(texts.contacts, contacts)}${part(texts.head, head)}<button class="main">${texts.create}</button></form>`,
    { status: problem?.status },
  )
}

const createdPage = (key: string): Page =>
  operatorPage(texts.created, html`<section class="card"><p class="warn">${texts.createdHint}</p><p><code>${key}</code> ${copyButton(key, texts.key)}</p><p>${texts.headSignsIn}</p><p><a class="button main" href="/operator/schools">${texts.toSchools}</a></p></section>`)
