import type { AuthContext } from 'better-auth'
import { APIError, BASE_ERROR_CODES } from 'better-auth'
import type { Pool, PoolClient, QueryConfig } from 'pg'
import type { NewEvent } from '../audit/events.ts'
import { insertEvent } from '../audit/record.ts'
import { tableName } from '../database/names.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Env } from '../env.ts'
import type { Mails } from './mails/mails.ts'
import { noticeOf } from './mails/notices.ts'
import { hasPasskeys } from './methods/passkey.ts'
import type { Observation } from './observation.ts'

type Parts = {
  env: Pick<Env, 'AUTH_DB_SCHEMA' | 'PUBLIC_URL' | 'providers'>
  pool: Pool
  observation: Pick<Observation, 'current'>
  mails: Mails
}
type Owner = Parameters<typeof noticeOf>[1]
type Gone = { providerId?: string; name?: string | null }
type Way = { userId: string; deletion: QueryConfig; eventOf: (gone: Gone) => NewEvent }

/**
 * Removes what one signs in with, except for the last of it: a password, an account of a provider, a passkey. What is left is looked at
 * while the user's row is locked: two that are removed at the same time would each see the other. An account of a provider that is
 * no longer configured is no way in.
 */
export class WaysIn {
  readonly #parts: Parts
  readonly #sql
  readonly #insert

  constructor(parts: Parts) {
    this.#parts = parts
    this.#sql = statements(parts.env)
    this.#insert = insertEvent(parts.env)
  }

  /** `last`: it stays. `gone`: somebody else has removed it at this moment. */
  async removeAccount(id: string): Promise<'removed' | 'last' | 'gone'> {
    const { rows } = await this.#parts.pool.query<{ userId: string }>(this.#sql.ownerOfAccount, [id])
    const userId = rows[0]?.userId
    if (userId === undefined) return 'gone'
    return this.#remove({
      userId,
      deletion: { text: this.#sql.deleteAccount, values: [id] },
      eventOf: ({ providerId = '' }) => ({ type: 'sign-in-method-removed', userId, details: { provider: providerId } }),
    })
  }

  async removePasskey(id: string, userId: string): Promise<'removed' | 'last' | 'gone'> {
    return this.#remove({
      userId,
      deletion: { text: this.#sql.deletePasskey, values: [id, userId] },
      eventOf: ({ name = null }) => ({ type: 'passkey-removed', userId, details: { name } }),
    })
  }

  async #remove({ userId, deletion, eventOf }: Way): Promise<'removed' | 'last' | 'gone'> {
    const { pool, mails } = this.#parts
    try {
      const isRemoved = await inTransaction(pool, async (client) => {
        const [owner] = (await client.query<Owner>(this.#sql.lock, [userId])).rows
        const [gone] = (await client.query<Gone>(deletion)).rows
        if (!owner || !gone) return false
        const configured = this.#parts.env.providers.map(({ id }) => id)
        if ((await client.query(this.#sql.left, [userId, configured])).rowCount === 0) throw new LastWayIn()
        await this.#record(client, eventOf(gone), owner)
        return true
      })
      mails.wake()
      return isRemoved ? 'removed' : 'gone'
    } catch (error) {
      if (error instanceof LastWayIn) return 'last'
      throw error
    }
  }

  async #record(client: PoolClient, event: NewEvent, owner: Owner): Promise<void> {
    const { mails, observation } = this.#parts
    const { origin } = observation.current ?? {}
    await client.query(this.#insert(event, origin))
    if (mails.isOn) await client.query(mails.statement(noticeOf({ event, origin }, owner)))
  }
}

/** Undoes the deletion. */
class LastWayIn extends Error {}

function statements(env: Parts['env']) {
  const [user, account, passkey] = ['user', 'account', 'passkey'].map((name) => tableName(env, name))
  const orPasskey = `UNION ALL SELECT FROM ${passkey} WHERE "userId" = $1`
  return {
    ownerOfAccount: `SELECT "userId" FROM ${account} WHERE "id" = $1`,
    lock: `SELECT "id", "email", "emailVerified" FROM ${user} WHERE "id" = $1 FOR NO KEY UPDATE`,
    deleteAccount: `DELETE FROM ${account} WHERE "id" = $1 RETURNING "providerId"`,
    deletePasskey: `DELETE FROM ${passkey} WHERE "id" = $1 AND "userId" = $2 RETURNING "name"`,
    left: `
      SELECT FROM ${account} WHERE "userId" = $1
         AND ("providerId" = ANY($2) OR ("providerId" = 'credential' AND "password" IS NOT NULL))
      ${hasPasskeys(env) ? orPasskey : ''}`,
  }
}

type Accounts = Pick<AuthContext['internalAdapter'], 'deleteAccount'>

/** better-auth counts rows, before it deletes. */
export function keepLastWayIn(internalAdapter: Accounts, ways: Pick<WaysIn, 'removeAccount'>): void {
  internalAdapter.deleteAccount = async (id) => {
    const outcome = await ways.removeAccount(id)
    if (outcome === 'last') throw APIError.from('BAD_REQUEST', BASE_ERROR_CODES.FAILED_TO_UNLINK_LAST_ACCOUNT)
    if (outcome === 'gone') throw APIError.from('BAD_REQUEST', BASE_ERROR_CODES.ACCOUNT_NOT_FOUND)
  }
}
