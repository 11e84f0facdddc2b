import { testLetter } from '../../school/texts/letters/test.ts'
import type { Draft, DraftSources } from './draft.ts'

/** L-TEST: says that letters of the school arrive. */
export const draftTest = async ({ school, now }: DraftSources): Promise<Draft> => ({ text: testLetter({ shortName: school.shortName, at: now, timezone: school.timezone }) })
