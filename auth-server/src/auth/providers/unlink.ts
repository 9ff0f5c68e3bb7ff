import type { AuthContext } from 'better-auth'
import { APIError, BASE_ERROR_CODES } from 'better-auth'
import type { Pool } from 'pg'
import { insertEvent } from '../../audit/record.ts'
import { tableName } from '../../database/names.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { Env } from '../../env.ts'
import { hasPasskeys } from '../methods/passkey.ts'
import type { Observation } from '../observation.ts'

type Parts = {
  env: Pick<Env, 'AUTH_DB_SCHEMA' | 'PUBLIC_URL' | 'providers'>
  pool: Pool
  observation: Pick<Observation, 'current'>
}
type Gone = { userId: string; providerId: string }
type Accounts = Pick<AuthContext['internalAdapter'], 'deleteAccount'>

/**
 * The last way into an account stays. Whether another one is left is looked at while the user's row is locked: two that are removed at
 * the same time would each see the other. An account of a provider that is no longer configured is no way in.
 */
export function keepLastWayIn(internalAdapter: Accounts, { env, pool, observation }: Parts): void {
  const [user, account] = [tableName(env, 'user'), tableName(env, 'account')]
  const lock = `
    SELECT u."id" FROM ${user} u JOIN ${account} a ON a."userId" = u."id" WHERE a."id" = $1 FOR NO KEY UPDATE OF u`
  const orPasskey = `
      UNION ALL SELECT FROM ${tableName(env, 'passkey')} p WHERE p."userId" = gone."userId"`
  const remove = `
    DELETE FROM ${account} gone WHERE gone."id" = $1 AND EXISTS (
      SELECT FROM ${account} other WHERE other."userId" = gone."userId" AND other."id" <> gone."id"
      AND (other."providerId" = ANY($2) OR (other."providerId" = 'credential' AND other."password" IS NOT NULL))${hasPasskeys(env) ? orPasskey : ''})
    RETURNING gone."userId", gone."providerId"`
  const insert = insertEvent(env)
  const configured = env.providers.map(({ id }) => id)

  internalAdapter.deleteAccount = async (id) => {
    const isRemoved = await inTransaction(pool, async (client) => {
      await client.query(lock, [id])
      const [gone] = (await client.query<Gone>(remove, [id, configured])).rows
      if (!gone) return false
      const details = { provider: gone.providerId }
      await client.query(
        insert({ type: 'sign-in-method-removed', userId: gone.userId, details }, observation.current?.origin),
      )
      return true
    })
    if (!isRemoved) throw APIError.from('BAD_REQUEST', BASE_ERROR_CODES.FAILED_TO_UNLINK_LAST_ACCOUNT)
  }
}
