import type { Static } from 'typebox'
import { roles as allRoles } from '../../../machines/role.ts'
import { membershipKindLabel, newPersonTexts as texts, peopleTexts } from '../../../school/texts/console/people.ts'
import { roleLabel } from '../../../school/texts/labels.ts'
import { html } from '../../html.ts'
import { rolesOfTheHead, schoolRoles } from '../../rights.ts'
import type { Person } from '../../schemas/person.ts'
import type { Problem } from '../api.ts'
import { backTo, type Console } from '../console.ts'
import type { FormField } from '../forms/form-field.ts'
import { formView, problemView } from '../forms/form-view.ts'
import type { Page } from '../layout.ts'
import { formGuards, type Visit } from '../visit.ts'

/** Longest name (domain.md 11). */
const line = (name: string, label: string, required = false, maxLength = 60): FormField => ({ name, label, required, kind: 'line', options: [], maxLength })

function fieldsFor({ holder }: Visit): FormField[] {
  const given = schoolRoles.filter((role) => holder.roles.includes('head') || !rolesOfTheHead.includes(role))
  return [
    { name: 'kind', label: peopleTexts.kind, required: true, kind: 'choice', options: ['staff', 'student'].map((value) => ({ value, label: membershipKindLabel(value) })) },
    line('lastName', texts.lastName, true),
    line('firstName', texts.firstName, true),
    line('patronymic', texts.patronymic),
    line('className', texts.className, false, 40),
    line('position', texts.position, false, 200),
    { name: 'roles', label: texts.roles, required: false, kind: 'many', options: given.map((value) => ({ value, label: roleLabel(value) })) },
    line('phone', texts.phone, false, 40),
    line('email', texts.email, false, 254),
  ]
}

/** A person entered by hand. */
export function newPersonPage(console: Console): void {
  console.page('/people/new', async (visit) => view(visit), { right: 'people' })
  console.form('/people/new', async (visit) => {
    const { api, form } = visit
    const staff = form.get('kind') === 'staff'
    const optional = (name: string) => form.get(name) || null
    const person = {
      lastName: form.get('lastName'),
      firstName: form.get('firstName'),
      patronymic: optional('patronymic'),
      phone: optional('phone'),
      email: optional('email'),
      memberships: [staff ? { kind: 'staff', position: optional('position'), className: optional('className'), roles: form.all('roles').filter((role) => (allRoles as readonly string[]).includes(role)), teachingStaff: form.all('roles').some((role) => role === 'teacher' || role === 'classTeacher') } : { kind: form.get('kind'), className: optional('className') }],
    }
    const sent = await api.post<{ rows: { person?: Static<typeof Person> }[] }>('/people', { people: [person] }, form.get('_key'))
    return sent.done ? { to: `/people/${sent.body.rows[0]!.person!.id}` } : view(visit, flattened(sent.problem))
  }, { right: 'people' })
}

/** The API names fields of a list of people; the form has one. */
const flattened = (problem: Problem): Problem => ({ ...problem, problems: (problem.problems ?? []).map((one) => ({ ...one, path: one.path.replace(/^people\.0\.(memberships\.0\.)?/, '') })) })

function view(visit: Visit, problem?: Problem): Page {
  const fields = fieldsFor(visit)
  const filled = { id: 'new', form: problem && visit.form, problem }
  return {
    title: texts.title,
    status: problem?.status ?? 200,
    content: html`${backTo('/people', peopleTexts.title)}<h1>${texts.title}</h1>${problemView(filled, fields)}
      <form method="post" action="/people/new" class="stack">${formGuards(visit)}${formView(fields, filled)}<p class="hint">${texts.hint}</p><button class="main">${texts.save}</button></form>`,
  }
}
