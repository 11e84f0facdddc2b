import { restatePeer } from './restate-peer.ts'

export const engine = restatePeer({ name: 'restate-batched', title: 'Restate, объект на группу' }, 'batched')
