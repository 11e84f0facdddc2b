import type { Static } from 'typebox'
import { membershipKindLabel, peopleTexts as texts, platformStatusLabel } from '../../../school/texts/console/people.ts'
import { html, type Html } from '../../html.ts'
import type { Person } from '../../schemas/person.ts'

export type PersonLine = Static<typeof Person>
export type Place = PersonLine['memberships'][number]

/** «Ученик, 5А», «Сотрудник, учитель физики», «Родитель: Ёлкин Матвей». */
export const placeText = ({ kind, position, className, childName }: Place): string => [membershipKindLabel(kind), kind === 'guardian' ? childName : kind === 'staff' ? [position, className].filter(Boolean).join(', ') : className].filter(Boolean).join(', ')

/** How a state on the platform looks. */
const marks: Readonly<Record<string, string>> = { joined: 'good', verified: 'good', declined: 'bad', removed: 'bad', requested: 'warn', invited: 'warn' }
export const statusMark = (status: string): Html => html`<span class="mark ${marks[status] ?? ''}">${platformStatusLabel(status)}</span>`

/** People with a box each, inside a form that does something with those that are marked. */
export const peopleTable = (people: readonly PersonLine[], mayMark: boolean): Html => html`<table class="list">
  <thead><tr>${mayMark && html`<th scope="col"><span class="visually-hidden">${texts.chooseAll}</span></th>`}<th scope="col">${texts.name}</th><th scope="col">${texts.what}</th><th scope="col">${texts.status}</th></tr></thead>
  <tbody>
    ${people.map(({ id, name, memberships }) => {
      const now = memberships.filter(({ endedAt }) => endedAt === null)
      const shown = now.length > 0 ? now : memberships
      return html`<tr>
        ${mayMark && html`<td class="box">${now.length > 0 && html`<input type="checkbox" name="person" value="${id}" aria-label="${name}" />`}</td>`}
        <td><a href="/people/${id}">${name}</a></td>
        <td>${shown.map((place) => html`<span class="line">${placeText(place)}${now.length === 0 && html` <span class="quiet">(${texts.former})</span>`}</span>`)}</td>
        <td>${now.map(({ platformStatus }) => html`<span class="line">${statusMark(platformStatus)}</span>`)}</td>
      </tr>`
    })}
  </tbody>
</table>`
