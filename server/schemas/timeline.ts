import { Type, type Static } from 'typebox'
import type { TimelineRow } from '../../db/timeline-queries.ts'
import { clauseLabel } from '../../school/texts/clause.ts'
import { eventLabel, reasonLabel, stateLabel, taskTitle } from '../../school/texts/labels.ts'
import { Id, InstanceId, Nullable } from './common.ts'

export const TimelineLine = Type.Object({
  id: Type.Integer(),
  at: Type.String(),
  actor: Type.String({ description: 'person, recipient, mail, timer, process' }),
  who: Type.String({ description: 'Имя, «Таймер», «Почта», «Приглашённый», «Служба»' }),
  personId: Nullable(Id),
  processId: InstanceId,
  about: Type.String({ description: 'Процесс или его задача' }),
  event: Type.String(),
  what: Type.String(),
  from: Nullable(Type.String()),
  to: Type.String(),
  why: Nullable(Type.String()),
  clause: Nullable(Type.String()),
  applied: Type.Boolean({ description: 'false — событие пришло не вовремя и ничего не изменило' }),
})

/** A line of a page: with how long nothing happened before it. */
export const TimelinePageLine = Type.Interface([TimelineLine], { waited: Type.Integer({ description: 'Сколько рабочих дней прошло с предыдущей записи страницы' }) })

const actors = { recipient: 'Приглашённый', mail: 'Почта', timer: 'Таймер', process: 'Служба' } as const

/** A line of the timeline in words. */
export function timelineLine(line: TimelineRow, names: ReadonlyMap<string, string>): Static<typeof TimelineLine> {
  const isTask = line.processId.startsWith('task:')
  const stateKind = isTask ? 'humanTask' : line.kind
  return {
    id: line.id,
    at: line.at.toISOString(),
    actor: line.actor,
    who: line.actor === 'person' ? (names.get(line.personId ?? '') ?? 'Сотрудник') : actors[line.actor],
    personId: line.personId,
    processId: line.processId,
    about: isTask ? taskTitle(line.kind) : '',
    event: line.event,
    what: eventLabel(stateKind, line.event),
    from: line.fromState && stateLabel(stateKind, line.fromState),
    to: stateLabel(stateKind, line.toState),
    why: whyOf(line.note),
    clause: line.clause && clauseLabel(line.clause),
    applied: line.applied,
  }
}

/** The reason a person or a rule gave. Other fields of an event stay with their records: they can be secret. */
function whyOf(note: Record<string, unknown> | null): string | null {
  const said = [note?.reason, note?.comment].filter((text): text is string => typeof text === 'string' && text !== '')
  return said.length > 0 ? said.map(reasonLabel).join('. ') : null
}
