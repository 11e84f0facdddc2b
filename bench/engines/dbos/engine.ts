import { dbosPeer } from './dbos-peer.ts'

export const engine = dbosPeer({ name: 'dbos', title: 'DBOS, процесс на приглашение' }, 'single')
