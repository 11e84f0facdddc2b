import { postgresDurability } from '../database.ts'
import { peerEngine } from '../peers/peer.ts'
import { packageVersion } from '../peers/package-version.ts'

/** The floor: a table, a look at it every second, statements over all rows at once. No engine at all. */
export const engine = peerEngine({
  name: 'cron-sql',
  title: 'Расписание раз в секунду и SQL над множествами',
  answer: 'decision',
  durability: postgresDurability,
  surely: 150,
  app: new URL('./app.ts', import.meta.url),
  versions: () => packageVersion('pg'),
})
