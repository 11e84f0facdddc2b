import { dbosPeer } from './dbos-peer.ts'

export const engine = dbosPeer({ name: 'dbos-batched', title: 'DBOS, процесс на группу' }, 'batched')
