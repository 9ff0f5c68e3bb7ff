import type { AuthContext } from 'better-auth'
import { AUDIT_TABLE } from '../audit/table.ts'

type Adapter = Pick<AuthContext['adapter'], 'findMany'>

/** As long as a link that confirms the address can be used. */
const SIGN_UP_MS = 24 * 60 * 60 * 1000

/**
 * Whether a sign-in is the one that a sign-up ends with, in whichever browser the mail with its link was opened: there is no device yet that
 * another one could be news beside. To be called before that sign-in is recorded.
 */
export async function isFirstSignIn(adapter: Adapter, userId: string): Promise<boolean> {
  const [signedUp, signedIn] = await adapter.findMany<{ type: string; createdAt: Date }>({
    model: AUDIT_TABLE,
    where: [
      { field: 'userId', value: userId },
      { field: 'type', operator: 'in', value: ['signed-up', 'signed-in'] },
    ],
    sortBy: { field: 'createdAt', direction: 'asc' },
    limit: 2,
  })
  if (signedUp?.type !== 'signed-up' || signedIn !== undefined) return false
  return Date.now() - signedUp.createdAt.getTime() <= SIGN_UP_MS
}
