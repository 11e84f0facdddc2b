import type { Static } from 'typebox'
import { linkTexts as texts } from '../../../school/texts/console/links.ts'
import { html, type Html } from '../../html.ts'
import type { Link, LinkCard } from '../../routes/links.ts'
import { momentView, termView } from '../parts.ts'

export type LinkLine = Static<typeof Link>
export type LinkPage = Static<typeof LinkCard>

const marks: Readonly<Record<string, string>> = { active: 'good', closing: 'bad', revocationOverdue: 'bad', creationFailed: 'bad', creating: 'warn', requested: 'warn' }

/** The state as it is at this moment: a term that is over says so before any timer does (domain.md 7.3). */
export const linkMark = ({ state, stateTitle, termOver }: Pick<LinkLine, 'state' | 'stateTitle' | 'termOver'>): Html => html`<span class="mark ${termOver ? 'bad' : (marks[state] ?? '')}">${stateTitle}</span>`

export const targetText = ({ target, targetName }: Pick<LinkLine, 'target' | 'targetName'>): string => (target === 'staffRoom' ? texts.staffRoom : targetName)

/** Links with a box each. */
export const linksTable = (links: readonly LinkLine[], zone: string): Html => html`<table class="list">
  <thead><tr><th scope="col"><span class="visually-hidden">${texts.chooseAll}</span></th><th scope="col">${texts.number}</th><th scope="col">${texts.target}</th><th scope="col">${texts.state}</th><th scope="col">${texts.term}</th><th scope="col">${texts.joined}</th></tr></thead>
  <tbody>
    ${links.map(
      (link) => html`<tr>
        <td class="box"><input type="checkbox" name="link" value="${link.id}" aria-label="${link.number}, ${targetText(link)}" /></td>
        <td><a href="/links/${link.id}">${link.number}</a></td>
        <td data-label="${texts.target}">${targetText(link)}${link.owner && html` <span class="quiet">${link.owner.name}</span>`}</td>
        <td data-label="${texts.state}">${linkMark(link)}${link.annulSince !== null && html`<span class="line">${texts.annulSince} ${momentView(link.annulSince, zone)}</span>`}</td>
        <td data-label="${texts.term}">${link.expiresAt === null ? html`<span class="quiet">${texts.noTerm}</span>` : link.state === 'active' ? termView(link.expiresAt, zone) : momentView(link.expiresAt, zone)}</td>
        <td data-label="${texts.joined}">${texts.of(link.joined, link.recipients)}</td>
      </tr>`,
    )}
  </tbody>
</table>`
