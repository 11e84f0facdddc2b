import { temporalPeer } from './temporal-peer.ts'

export const engine = temporalPeer({ name: 'temporal-activity', title: 'Temporal, процесс на приглашение: activity и update', answer: 'decision' }, 'activity')
