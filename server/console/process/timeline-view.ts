import type { Static } from 'typebox'
import { processTexts as texts } from '../../../school/texts/console/process.ts'
import { plural } from '../../../school/texts/format.ts'
import { html, type Html } from '../../html.ts'
import type { TimelinePageLine } from '../../schemas/timeline.ts'
import { momentView } from '../parts.ts'

type Line = Static<typeof TimelinePageLine>

/** A timer that only reminds: nothing became of it. */
const isReminder = ({ actor, from, to }: Line) => actor === 'timer' && from === to

/** States in the order in which the process came into them. */
export function wayOf(lines: readonly Line[], processId: string): string[] {
  const states = lines.filter((line) => line.processId === processId && line.applied).map(({ to }) => to)
  return states.filter((state, index) => state !== states[index - 1])
}

/** Who did what when, why and by which clause; waiting is folded into one line with the reminders that fell into it. */
export function timelineView(lines: readonly Line[], zone: string): Html {
  const shown: Html[] = []
  let waited = 0
  let reminders: Line[] = []
  const fold = () => {
    if (waited > 0 || reminders.length > 0) shown.push(html`<li class="wait">${waited > 0 && html`${texts.waiting} ${plural(waited, texts.wait)}`}${reminders.length > 0 && html`${waited > 0 && ', '}${texts.wereReminders} ${reminders.length}`}</li>`)
    waited = 0
    reminders = []
  }
  for (const line of lines) {
    waited += line.waited
    if (isReminder(line)) {
      reminders.push(line)
      continue
    }
    fold()
    shown.push(lineView(line, zone))
  }
  fold()
  return html`<ol class="timeline">${shown}</ol>`
}

function lineView({ at, who, about, what, from, to, why, clause, applied }: Line, zone: string): Html {
  const moved = from !== null && from !== to
  return html`<li>
    <p class="quiet">${momentView(at, zone)} · ${who}${clause !== null && html` · ${clause}`}</p>
    <p>${about !== '' && html`${about}: `}<strong>${what}</strong>${moved && html` — ${from} → ${to}`}${!applied && html` <span class="mark warn">${texts.ignored}</span>`}</p>
    ${why !== null && html`<p class="why">${why}</p>`}
  </li>`
}
