import { getCurrentAdapter } from '@better-auth/core/context'
import type { AuthContext } from 'better-auth'
import { AUDIT_TABLE } from '../audit/table.ts'
import type { Observation } from './observation.ts'

type Adapter = AuthContext['adapter']

/** As long as a link that confirms the address can be used. */
const SIGN_UP_MS = 24 * 60 * 60 * 1000

type Parts = { adapter: Adapter; observation: Pick<Observation, 'current'> }

/** Whether its owner is told of a sign-in. Outside of a request there is no browser that could be new. */
export async function isNewDevice({ adapter, observation }: Parts, user: { id: string; email: string }) {
  if (observation.current?.isKnownDevice?.(user.email) !== false) return false
  return !(await isFirstSignIn(await getCurrentAdapter(adapter), user.id))
}

/**
 * Whether a sign-in is the one that a sign-up ends with, in whichever browser the mail with its link was opened: there is no device yet that
 * another one could be news beside. To be called before that sign-in is recorded.
 */
async function isFirstSignIn(adapter: Pick<Adapter, 'findMany'>, userId: string): Promise<boolean> {
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
