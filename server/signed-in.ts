import { AsyncLocalStorage } from 'node:async_hooks'
import type { KeyHolder } from '../db/api-keys.ts'

/**
 * Who sits at the console, for requests that the console makes of the API within this process (`inject`). What comes
 * over a socket runs in no such context, so nothing that is sent can put anybody here.
 */
const holder = new AsyncLocalStorage<KeyHolder>()

/** Runs `work`; the requests it injects are this person's. */
export const actingAs = <T>(person: KeyHolder, work: () => T): T => holder.run(person, work)

export const signedIn = (): KeyHolder | undefined => holder.getStore()
