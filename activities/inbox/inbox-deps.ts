import type { Database } from '../../db/connection.ts'
import type { KeyRing } from '../../db/key-ring.ts'
import type { Delivery } from '../delivery.ts'

/** What taking mail in needs. */
export interface InboxDeps {
  db: Database
  keys: KeyRing
  delivery: Pick<Delivery, 'deliver'>
  /** Told of what went wrong and is tried again by itself: the error, nothing personal. */
  onError: (error: unknown) => void
}
