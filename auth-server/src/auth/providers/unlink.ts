import type { AuthContext } from 'better-auth'
import { APIError, BASE_ERROR_CODES } from 'better-auth'
import type { Pool } from 'pg'
import { tableName } from '../../database/names.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { Env } from '../../env.ts'

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA' | 'providers'>; pool: Pool }
type Accounts = Pick<AuthContext['internalAdapter'], 'deleteAccount'>

/**
 * The last way into an account stays. Whether another one is left is looked at while the user's row is locked: two that are removed at
 * the same time would each see the other. An account of a provider that is no longer configured is no way in.
 */
export function keepLastWayIn(internalAdapter: Accounts, { env, pool }: Parts): void {
  const [user, account] = [tableName(env, 'user'), tableName(env, 'account')]
  const lock = `
    SELECT u."id" FROM ${user} u JOIN ${account} a ON a."userId" = u."id" WHERE a."id" = $1 FOR NO KEY UPDATE OF u`
  const remove = `
    DELETE FROM ${account} gone WHERE gone."id" = $1 AND EXISTS (
      SELECT FROM ${account} other WHERE other."userId" = gone."userId" AND other."id" <> gone."id"
      AND (other."providerId" = ANY($2) OR (other."providerId" = 'credential' AND other."password" IS NOT NULL)))`
  const configured = env.providers.map(({ id }) => id)

  internalAdapter.deleteAccount = async (id) => {
    const isRemoved = await inTransaction(pool, async (client) => {
      await client.query(lock, [id])
      return (await client.query(remove, [id, configured])).rowCount === 1
    })
    if (!isRemoved) throw APIError.from('BAD_REQUEST', BASE_ERROR_CODES.FAILED_TO_UNLINK_LAST_ACCOUNT)
  }
}
