import type { Pool } from 'pg'
import type { NewEvent, Origin } from '../audit/events.ts'
import { insertEvent } from '../audit/record.ts'
import { inTransaction } from '../database/transaction.ts'
import { isDatabaseUnavailable, read } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import { deviceOf } from '../sessions/device.ts'
import type { Identity } from '../sessions/identify.ts'
import { type DeviceRow, deviceQueries } from './queries.ts'

type Parts = { env: Pick<Env, 'AUTH_DB_SCHEMA'>; pool: Pool }

/** A session, as its user sees it. Never its token: whoever reads a list must not be able to use what is in it. */
export type ListedDevice = ReturnType<typeof shown>

/** The sessions of a user, named by their ids. */
export class Devices {
  readonly #pool: Pool
  readonly #queries
  readonly #insert

  constructor({ env, pool }: Parts) {
    this.#pool = pool
    this.#queries = deviceQueries(env)
    this.#insert = insertEvent(env)
  }

  /** `total`: how many there are, also where the list has only the most recently used. */
  async list(caller: Identity): Promise<{ devices: ListedDevice[]; total: number }> {
    const { rows } = await read<DeviceRow>(this.#pool, this.#queries.list(callerOf(caller)))
    return { devices: rows.map(shown), total: rows[0]?.total ?? 0 }
  }

  /** Throws SESSION_NOT_FOUND, also for a session of somebody else. */
  async revoke(caller: Identity, id: string, origin: Origin): Promise<void> {
    const { userId } = callerOf(caller)
    await this.#end(caller, origin, async (run) => {
      const { rows } = await run(this.#queries.revoke(callerOf(caller), id))
      if (rows.length === 0) throw new HttpError('SESSION_NOT_FOUND')
      const details = { count: 1, userAgent: rows[0]?.userAgent ?? null }
      return { type: 'session-revoked', userId, sessionId: id, details }
    })
  }

  /** All but that of the caller. Returns how many. */
  async revokeOthers(caller: Identity, origin: Origin): Promise<number> {
    const { userId } = callerOf(caller)
    let count = 0
    await this.#end(caller, origin, async (run) => {
      count = (await run(this.#queries.revokeOthers(callerOf(caller)))).rowCount ?? 0
      return count === 0 ? undefined : { type: 'session-revoked', userId, details: { count } }
    })
    return count
  }

  /** In one transaction with what is recorded, and only while the caller's own session is there. */
  async #end(caller: Identity, origin: Origin, end: (run: Run) => Promise<NewEvent | undefined>): Promise<void> {
    const who = callerOf(caller)
    try {
      await inTransaction(this.#pool, async (client) => {
        const run: Run = (query) => client.query(query)
        await run(this.#queries.lockUser(who))
        if ((await run(this.#queries.findCurrent(who))).rowCount === 0) throw new HttpError('SESSION_EXPIRED')
        const event = await end(run)
        if (event) await run(this.#insert(event, origin))
      })
    } catch (error) {
      throw toHttpError(error)
    }
  }
}

type Run = (query: {
  text: string
  values: unknown[]
}) => Promise<{ rows: { userAgent?: string | null }[]; rowCount: number | null }>

const callerOf = ({ user, session }: Identity) => ({ userId: user.id, sessionId: session.id })

function shown({ userAgent, impersonatedBy, total: _total, ...row }: DeviceRow) {
  return { ...row, isImpersonation: impersonatedBy !== null, ...deviceOf(userAgent) }
}

/** A text that is no value of the id's type, such as of a uuid, is the id of no session. SQLSTATE class 22: data exception. */
function toHttpError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('22')) return new HttpError('SESSION_NOT_FOUND')
  return isDatabaseUnavailable(error) ? new HttpError('DATABASE_UNAVAILABLE', { cause: error }) : error
}
