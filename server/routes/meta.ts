import { Type } from 'typebox'
import { catalogue } from '../../machines/catalogue.ts'
import { failReasons, taskCatalogue } from '../../machines/task-catalogue.ts'
import { eventLabel, processLabel, reasonLabel, roleLabel, stateLabel, taskTitle } from '../../school/texts/labels.ts'
import type { App } from '../deps.ts'
import { schoolRoles } from '../rights.ts'

const Word = Type.Object({ id: Type.String(), title: Type.String() })
const Words = Type.Array(Word)

/** The words of every identifier, for clients that show lists and filters; read off the machines. */
export function metaRoutes(app: App): void {
  app.get(
    '/meta',
    {
      schema: {
        tags: ['Справочник'],
        summary: 'Названия процессов, состояний, событий, задач и ролей',
        response: { 200: Type.Object({ processes: Type.Array(Type.Interface([Word], { states: Words, events: Words })), tasks: Words, failReasons: Words, roles: Words }) },
      },
    },
    () => ({
      processes: Object.values(catalogue).map(({ kind, machine, events }) => ({
        id: kind,
        title: processLabel(kind),
        states: Object.keys(machine.states).map((id) => ({ id, title: stateLabel(kind, id) })),
        events: Object.keys(events).map((id) => ({ id, title: eventLabel(kind, id) })),
      })),
      tasks: Object.keys(taskCatalogue).map((id) => ({ id, title: taskTitle(id) })),
      failReasons: failReasons.map((id) => ({ id, title: reasonLabel(id) })),
      roles: schoolRoles.map((id) => ({ id, title: roleLabel(id) })),
    }),
  )
}
