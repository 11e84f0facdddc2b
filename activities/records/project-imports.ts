import { projectImports as write } from '../../db/imports.ts'
import type { RosterImportContext } from '../../machines/roster-import.ts'
import { contextOf, type Projection } from './projection.ts'

/** Keeps the state of an import; an import that has ended keeps nothing of its file. */
export const projectImports: Projection = (tx, { orgId, at }, instances) =>
  write(tx, orgId, new Date(at), instances.map((instance) => ({ id: contextOf<RosterImportContext>(instance).importId, state: instance.state, ended: instance.ended })))
