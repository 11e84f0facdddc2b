import type { Static } from 'typebox'
import { html, type Html } from '../../html.ts'
import type { TaskValue } from '../../schemas/task-card.ts'
import { copyButton } from '../parts.ts'

type Value = Static<typeof TaskValue>

/** Ids for programs: a page has a link for each. */
const forPrograms = new Set(['joining', 'letterId', 'messageId', 'version'])

export const shownValues = (values: readonly Value[]): Value[] => values.filter(({ name }) => !forPrograms.has(name))

/** What a task is about, in a few words: the first thing its card names. */
export const subjectOf = (values: readonly Value[]): string => {
  const [first] = shownValues(values)
  const person = values.find(({ name }) => name === 'person')
  return (person ?? first)?.value.split('\n')[0] ?? ''
}

/** What is to be typed on the platform, each with its button. */
export const valuesView = (values: readonly Value[]): Html =>
  html`<dl class="facts">${shownValues(values).map(({ title, value, hidden }) => html`<dt>${title}</dt><dd class="lines">${value} ${!hidden && copyButton(value, title)}</dd>`)}</dl>`
