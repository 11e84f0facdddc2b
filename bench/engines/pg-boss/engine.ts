import { postgresDurability } from '../database.ts'
import { peerEngine } from '../peers/peer.ts'
import { packageVersion } from '../peers/package-version.ts'

export const engine = peerEngine({
  name: 'pg-boss',
  title: 'pg-boss',
  answer: 'decision',
  durability: postgresDurability,
  surely: 80,
  app: new URL('./app.ts', import.meta.url),
  versions: () => packageVersion('pg-boss'),
})
