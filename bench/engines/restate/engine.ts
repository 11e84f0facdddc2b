import { restatePeer } from './restate-peer.ts'

export const engine = restatePeer({ name: 'restate', title: 'Restate, процесс на приглашение' }, 'single')
