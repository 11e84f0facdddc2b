import { asService, openDatabase } from '../db/connection.ts'
import { findCandidates, issueSignInToken } from '../db/sign-in.ts'
import type { Config } from './config.ts'
import { StartError } from './start-error.ts'

const minutes = 60

/**
 * `npm run sign-in-link -- адрес`: one-time links into the console for whom no letter reaches: the first administrator of
 * a school, or `operator`.
 * @returns lines to print, a link for each person with this address
 * @throws StartError when nobody has it
 */
export async function signInLinks({ DATABASE_URL, PUBLIC_URL }: Config & { DATABASE_URL: string; PUBLIC_URL: string }, whose: string | undefined): Promise<string[]> {
  if (!whose) throw new StartError('Назовите, для кого ссылка: npm run sign-in-link -- почта@школы или npm run sign-in-link -- operator')
  const db = openDatabase(DATABASE_URL)
  try {
    return await asService(db, async (tx) => {
      const accounts = whose === 'operator' ? [{ orgId: null, personId: null }] : await findCandidates(tx, whose)
      if (accounts.length === 0) throw new StartError('Ни в одной школе нет сотрудника с ролью и с этим адресом почты.')
      const lines: string[] = []
      for (const { orgId, personId } of accounts) {
        const token = await issueSignInToken(tx, orgId === null ? { orgId, personId: null } : { orgId, personId: personId! }, minutes)
        lines.push(`${orgId ?? 'Оператор'}: ${PUBLIC_URL}/sign-in/${token} (один раз, в течение ${minutes} минут)`)
      }
      return lines
    })
  } finally {
    await db.close()
  }
}
