import { linkActTexts as texts } from '../../../school/texts/console/links.ts'
import type { Problem } from '../api.ts'
import { momentIn } from '../forms/read-form.ts'
import { allJoinings } from '../people/joinings.ts'
import type { Visit } from '../visit.ts'
import { targetText, type LinkPage } from './link-view.ts'

export const acts = ['extend', 'resend', 'revoke', 'leak', 'withdraw'] as const
export type Act = (typeof acts)[number]

/** One thing that changes: what will happen to it, and the event that says so. */
export interface Step {
  key: string
  name: string
  /** What will happen and to whom; null: nothing can be done now. */
  will: string | null
  processId: string
  event(visit: Visit): { type: string; [field: string]: unknown }
}

export interface Done {
  name: string
  problem?: Problem
}

/** More is not done at once from a page. */
const most = 100
const open = ['planned', 'sent']
const early = ['requested', 'creating', 'creationFailed']

/** What was marked: links, the links of whole classes, or single invitations of one link. */
export async function stepsOf(visit: Visit, act: Act): Promise<Step[]> {
  const { api, form } = visit
  const classes = new Set(form.all('class'))
  const ofClasses = classes.size === 0 ? [] : (await allJoinings(api)).filter((one) => classes.has(one.class.id) && !['closed', 'cancelled'].includes(one.state)).map(({ link }) => link.id)
  const ids = [...new Set([...form.all('link'), ...ofClasses])].slice(0, most)
  const links = await Promise.all(ids.map((id) => api.get<LinkPage>(`/links/${encodeURIComponent(id)}`)))
  const marked = new Set(form.all('invitation'))
  if (act === 'withdraw')
    return links.flatMap(({ people }) =>
      people.filter(({ invitationId }) => marked.has(invitationId)).map(({ invitationId, processId, name, state }): Step => ({ key: invitationId, name, processId, will: open.includes(state) ? texts.withdraw : null, event: ({ form: said }) => ({ type: 'SUPERSEDE', ...(said.get('reason') && { reason: said.get('reason') }) }) })),
    )
  return links.map((link) => stepOf(link, act, marked))
}

function stepOf(link: LinkPage, act: Exclude<Act, 'withdraw'>, marked: ReadonlySet<string>): Step {
  const { id, number, state, processId, people, recipients, joined } = link
  const waiting = people.filter(({ state: one }) => open.includes(one))
  const meant = marked.size > 0 ? waiting.filter(({ invitationId }) => marked.has(invitationId)) : waiting
  // Where nobody is kept by name, everybody who has not joined.
  const count = people.length > 0 ? meant.length : Math.max(0, recipients - joined)
  const base = { key: id, name: `${number}, ${targetText(link)}`, processId }
  switch (act) {
    case 'extend':
      return { ...base, will: state === 'active' ? texts.extend(count) : null, event: ({ form, zone }) => ({ type: 'EXTEND', reason: form.get('reason'), ...(form.get('expiresAt') && { expiresAt: momentIn(form.get('expiresAt'), zone) }) }) }
    case 'resend':
      return { ...base, will: state === 'active' && meant.length > 0 ? texts.resend(meant.length) : null, event: ({ form }) => ({ type: 'RESEND', ...(marked.size > 0 && { invitationIds: meant.map(({ invitationId }) => invitationId) }), ...(form.get('extend') === 'true' && { extend: true }) }) }
    case 'revoke':
      return early.includes(state)
        ? { ...base, will: texts.revokeEarly, event: ({ form }) => ({ type: 'CANCEL', ...(form.get('comment') && { reason: form.get('comment') }) }) }
        : { ...base, will: state === 'active' ? texts.revoke(count, joined) : null, event: ({ form }) => ({ type: 'REVOKE', ...(form.get('why') && { reason: form.get('why') }), ...(form.get('comment') && { comment: form.get('comment') }) }) }
    case 'leak':
      return { ...base, will: ['active', 'closing'].includes(state) ? texts.leak(count) : null, event: ({ form }) => ({ type: 'LEAK_REPORTED', ...(form.get('comment') && { comment: form.get('comment') }) }) }
  }
}

/** Does what can be done, each with a result of its own. `key` makes a repeat harmless. */
export const doAll = (visit: Visit, steps: readonly Step[], key: string): Promise<Done[]> =>
  Promise.all(
    steps.filter(({ will }) => will !== null).map(async (step): Promise<Done> => {
      const sent = await visit.api.post(`/processes/${encodeURIComponent(step.processId)}/events`, step.event(visit), `${key}:${step.key}`)
      return { name: step.name, ...(!sent.done && { problem: sent.problem }) }
    }),
  )
