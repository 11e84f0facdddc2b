import type { Static } from 'typebox'
import { settingsTexts as texts } from '../../../school/texts/console/settings.ts'
import { russianZones, zoneCity } from '../../../school/texts/zones.ts'
import { html, type Html } from '../../html.ts'
import type { Organization } from '../../routes/organizations.ts'
import type { Problem } from '../api.ts'
import type { Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import type { Page } from '../layout.ts'
import { settingsPage } from '../settings/frame.ts'
import { taskTermsView } from '../settings/task-terms.ts'
import { formGuards, type Visit } from '../visit.ts'

type School = Static<typeof Organization>
type Part = 'data' | 'work' | 'terms'

const switches = ['confirmBeforeSending', 'quietHours', 'verification', 'joiningByName', 'passwords'] as const
const days = ['draftFrom', 'approveBy', 'applyFrom', 'doneBy', 'rollBackUntil'] as const

/** «05-10» of the settings as people write it: «10.05», and back. */
const turned = (day: string, from: string, to: string) => day.split(from).toReversed().join(to)

/** What the school says of itself and decides for itself; each part is saved by its own button. */
export function settingsMainPage(console: Console): void {
  console.page('/settings', (visit) => view(visit), { right: 'settings' })
  for (const part of ['data', 'work', 'terms'] as const) {
    console.form(`/settings/${part}`, async (visit) => {
      const sent = await visit.api.patch(`/organizations/${visit.school!.id}`, read[part](visit))
      return sent.done ? { to: '/settings?saved=1' } : view(visit, part, sent.problem)
    }, { right: 'settings' })
  }
}

const words = (text: string) => text.split(/[\s,;]+/).filter(Boolean)

/** What each part sends. */
const read: Record<Part, (visit: Visit) => unknown> = {
  data: ({ form }) => ({ email: form.get('email'), phone: form.get('phone'), address: form.get('address'), timezone: form.get('timezone'), schoolWeek: Number(form.get('schoolWeek')) }),
  work: ({ form }) => ({ settings: { ...Object.fromEntries(switches.map((name) => [name, form.get(name) !== ''])), linkHosts: words(form.get('linkHosts').toLowerCase()), guardianCountryCodes: words(form.get('guardianCountryCodes')) } }),
  terms: ({ form }) => ({ settings: { promotionWindow: Object.fromEntries(days.map((name) => [name, turned(form.get(name), '.', '-')])) } }),
}

const line = (name: string, label: string, value: string, maxLength: number): FormField => ({ name, label, value, required: true, kind: 'line', options: [], maxLength })

const fieldsOf: Record<Part, (school: School) => FormField[]> = {
  data: (school) => [
    line('email', texts.email, school.email, 300),
    line('phone', texts.phone, school.phone, 40),
    line('address', texts.address, school.address, 500),
    { name: 'timezone', label: texts.timezone, value: school.timezone, required: true, kind: 'choice', options: russianZones.map((zone) => ({ value: zone, label: zoneCity(zone) })) },
    { name: 'schoolWeek', label: texts.schoolWeek, value: String(school.schoolWeek), required: true, kind: 'choice', options: [{ value: '5', label: texts.week5 }, { value: '6', label: texts.week6 }] },
  ],
  work: ({ settings }) => [line('linkHosts', texts.linkHosts, settings.linkHosts.join(' '), 2000), line('guardianCountryCodes', texts.guardianCountryCodes, settings.guardianCountryCodes.join(' '), 400)],
  terms: ({ settings }) => days.map((name) => line(name, texts.window[name], turned(settings.promotionWindow[name], '-', '.'), 5)),
}

async function view(visit: Visit, tried?: Part, problem?: Problem): Promise<Page> {
  const school = await visit.api.get<School>(`/organizations/${visit.school!.id}`)
  const part = (name: Part, title: string, under: string | undefined, before: Html, after: Html) => {
    const fields = fieldsOf[name](school)
    const filled = { id: name, ...(under !== undefined && { under }), ...(tried === name && { form: visit.form, problem }) }
    return html`<section class="card" id="${name}"><h2>${title}</h2><form method="post" action="/settings/${name}" class="stack">${formGuards(visit)}${problemView(filled, fields)}${before}${formView(fields, filled)}${after}<button class="main">${texts.save}</button></form></section>`
  }
  const on = (name: (typeof switches)[number]) => (tried === 'work' ? visit.form.get(name) !== '' : school.settings[name])
  return settingsPage(
    visit,
    texts.school,
    html`${part('data', texts.data, undefined,
      html`<dl class="facts"><dt>${texts.fullName}</dt><dd>${school.fullName}</dd><dt>${texts.shortName}</dt><dd>${school.shortName}</dd><dt>${texts.inn}</dt><dd>${school.inn}</dd><dt>${texts.ogrn}</dt><dd>${school.ogrn}</dd>${school.region !== '' && html`<dt>${texts.region}</dt><dd>${school.region}</dd>`}</dl><p class="hint">${texts.dataHint} ${texts.contactsHint}</p>`,
      html`<p class="hint">${texts.zoneHint}</p>`)}
    ${part('work', texts.work, 'settings', html`<div class="field">${switches.map((name) => html`<label class="choice"><input type="checkbox" name="${name}" value="1" ${on(name) && html`checked`} /><span>${texts.switches[name][0]}<br /><span class="hint">${texts.switches[name][1]}</span></span></label>`)}</div>`, html`<p class="hint">${texts.linkHostsHint} ${texts.guardianCountryCodesHint}</p>`)}
    ${part('terms', texts.terms, 'settings.promotionWindow', html``, html`<p class="hint">${texts.termsHint}</p>`)}
    <section class="card"><h2>${texts.taskTerms}</h2><p class="hint">${texts.taskTermsHint}</p><details id="task-terms"><summary>${texts.allTerms}</summary>${taskTermsView()}</details></section>`,
    problem?.status,
  )
}
