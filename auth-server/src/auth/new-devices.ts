import { getCurrentAdapter } from '@better-auth/core/context'
import type { AuthContext, User } from 'better-auth'
import type { Pool } from 'pg'
import type { EventType } from '../audit/events.ts'
import { AUDIT_TABLE } from '../audit/table.ts'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import type { Observation } from './observation.ts'

type Adapter = AuthContext['adapter']
type Recorded = { type: string; createdAt: Date }
/** What is recorded first of a user's sign-up and sign-ins: two events, oldest first. */
export type ReadFirst = (userId: string) => Promise<Recorded[]>
type Parts = { readFirst: ReadFirst; observation: Pick<Observation, 'current'> }

/** As long as a link that confirms the address can be used. */
const SIGN_UP_MS = 24 * 60 * 60 * 1000
const TYPES = ['signed-up', 'signed-in'] as const satisfies EventType[]

/** Whether a sign-in that is not recorded yet is from a new device. Outside of a request there is no browser that could be new. */
export async function isNewDevice({ readFirst, observation }: Parts, user: Pick<User, 'id' | 'email' | 'createdAt'>) {
  if (observation.current?.isKnownDevice?.(user.email) !== false) return false
  // Who signed up longer ago than that: what is recorded need not be read. SQL may have written 'infinity', of which pg makes a number.
  if (user.createdAt instanceof Date && Date.now() - user.createdAt.getTime() > SIGN_UP_MS) return true
  return !isFirst(await readFirst(user.id))
}

/**
 * Whether a sign-in is the one that a sign-up ends with, in whichever browser the mail with its link was opened: the user has no
 * device yet beside which this one would be new.
 */
function isFirst([signedUp, signedIn]: Recorded[]): boolean {
  if (signedUp?.type !== 'signed-up' || signedIn !== undefined) return false
  return Date.now() - signedUp.createdAt.getTime() <= SIGN_UP_MS
}

/** In the transaction that is open, if one is. */
export function readFirstThrough(adapter: Adapter): ReadFirst {
  return async (userId) =>
    (await getCurrentAdapter(adapter)).findMany<Recorded>({
      model: AUDIT_TABLE,
      where: [
        { field: 'userId', value: userId },
        { field: 'type', operator: 'in', value: [...TYPES] },
      ],
      sortBy: { field: 'createdAt', direction: 'asc' },
      limit: 2,
    })
}

/** On a connection of its own, for half of the work. */
export function readFirstOver({ env, pool }: { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool }): ReadFirst {
  const text = `
    SELECT e."type", e."createdAt" FROM ${tableName(env, AUDIT_TABLE)} e
     WHERE e."userId" = $1 AND e."type" = ANY($2) ORDER BY e."createdAt" LIMIT 2`
  return async (userId) => (await pool.query<Recorded>(text, [userId, TYPES])).rows
}
