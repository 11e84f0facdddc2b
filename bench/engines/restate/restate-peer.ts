import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { freePort } from '../../../runtime/embedded/free-port.ts'
import { startTethered } from '../../../runtime/embedded/tethered-process.ts'
import { untilReady } from '../../../runtime/embedded/until-ready.ts'
import { folderBytes } from '../../measure/disk.ts'
import { postgresDurability } from '../database.ts'
import { packageVersion } from '../peers/package-version.ts'
import { peerEngine, type Peer } from '../peers/peer.ts'

/** Restate as one server, its state on disk, with the settings it comes with. */
export const restatePeer = (named: Pick<Peer, 'name' | 'title'>, variant: 'single' | 'batched') =>
  peerEngine({
    ...named,
    answer: variant === 'single' ? 'message' : 'decision',
    durability: `Restate: один узел, журнал RocksDB с настройками по умолчанию; ${postgresDurability}`,
    surely: 80,
    app: new URL(variant === 'single' ? './app.ts' : './batched-app.ts', import.meta.url),
    versions: () => ({ ...packageVersion('@restatedev/restate-server'), ...packageVersion('@restatedev/restate-sdk') }),
    async server({ folder }) {
      const [ingress, admin, node, service] = [await freePort(), await freePort(), await freePort(), await freePort()]
      const base = join(folder, 'restate')
      const server = startTethered({
        name: 'restate',
        command: binary(),
        args: ['--no-logo', '--base-dir', base, '--listen-mode', 'tcp', '--bind-ip', '127.0.0.1', '--log-filter', 'warn'],
        env: {
          RESTATE_INGRESS__BIND_PORT: String(ingress),
          RESTATE_ADMIN__BIND_PORT: String(admin),
          RESTATE_BIND_PORT: String(node),
          RESTATE_DISABLE_TELEMETRY: 'true',
        },
        stopSignal: 'TERM',
        logFile: join(folder, 'restate.log'),
      })
      await untilReady('Restate', server, async () => {
        for (const address of [`http://127.0.0.1:${admin}/health`, `http://127.0.0.1:${ingress}/restate/health`]) if (!(await fetch(address)).ok) throw new Error('not yet')
      })
      return {
        parts: { restate: [server.pid] },
        bytes: () => folderBytes(base),
        env: { RESTATE_INGRESS: `http://127.0.0.1:${ingress}`, RESTATE_ADMIN: `http://127.0.0.1:${admin}`, SERVICE_PORT: String(service) },
        versions: () => Promise.resolve({}),
        stop: () => server.stop(),
      }
    },
  })

/** Where npm put the server for this platform. */
function binary(): string {
  const wrapper = createRequire(import.meta.url).resolve('@restatedev/restate-server/package.json')
  const platform = createRequire(wrapper).resolve(`@restatedev/restate-server-${process.platform}-${process.arch}/package.json`)
  return join(dirname(platform), 'bin', 'restate-server')
}
