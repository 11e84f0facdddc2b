import { temporalPeer } from './temporal-peer.ts'

export const engine = temporalPeer({ name: 'temporal-leanest', title: 'Temporal, процесс на приглашение: local activity и signal', answer: 'message' }, 'leanest')
