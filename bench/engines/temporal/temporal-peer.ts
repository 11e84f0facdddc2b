import { openDevTemporal, temporalDurability } from '../dev-temporal.ts'
import { postgresDurability } from '../database.ts'
import { packageVersion } from '../peers/package-version.ts'
import { peerEngine, type Peer } from '../peers/peer.ts'

/** Plain Temporal, one workflow per invitation, on the server that `npm start` brings up for the service. */
export function temporalPeer(named: Pick<Peer, 'name' | 'title' | 'answer'>, variant: 'activity' | 'leanest') {
  return peerEngine({
    ...named,
    durability: `${temporalDurability}; ${postgresDurability}`,
    surely: 14,
    app: new URL('./app.ts', import.meta.url),
    env: { VARIANT: variant },
    versions: () => packageVersion('@temporalio/worker'),
    async server({ folder }) {
      const temporal = await openDevTemporal(folder)
      return {
        parts: { temporal: [temporal.pid] },
        bytes: temporal.bytes,
        env: { TEMPORAL_ADDRESS: temporal.address },
        versions: async () => ({ temporal: await temporal.version() }),
        stop: temporal.stop,
      }
    },
  })
}
