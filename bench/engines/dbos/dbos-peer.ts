import { postgresDurability } from '../database.ts'
import { packageVersion } from '../peers/package-version.ts'
import { peerEngine, type Peer } from '../peers/peer.ts'

export const dbosPeer = (named: Pick<Peer, 'name' | 'title'>, variant: 'single' | 'batched') =>
  peerEngine({
    ...named,
    answer: 'message',
    durability: postgresDurability,
    surely: 50,
    app: new URL(variant === 'single' ? './app.ts' : './batched-app.ts', import.meta.url),
    versions: () => packageVersion('@dbos-inc/dbos-sdk'),
  })
