import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where downloaded and built programs are kept. Outside the checkout, so that `npm ci` and `npm run reset` leave
 * them alone and several checkouts share them.
 */
export function cacheDirectory(xdgCacheHome: string | undefined): string {
  return join(xdgCacheHome || join(homedir(), '.cache'), 'sferum-flow')
}
