import type { MiddlewareHandler } from 'hono'
import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import { isDatabaseUnavailable } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { AuthEnv } from './endpoint.ts'
import type { KnownDevices } from './known-devices.ts'
import { rateLimitStorage } from './rate-limit.ts'

type Parts = { env: Env; pool: Pool; devices: Pick<KnownDevices, 'find' | 'accountOf'> }

/**
 * Guesses at one account, from however many addresses (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
 * A browser that has signed in to the account before is counted separately: whoever uses up the guesses of all others
 * keeps its owner out of nothing. Unknown addresses are counted alike, so that a refusal tells of no account.
 */
export class AccountLimit {
  readonly #env: Env
  readonly #pool: Pool
  readonly #counts: ReturnType<typeof rateLimitStorage>
  readonly #devices: Parts['devices']

  constructor({ env, pool, devices }: Parts) {
    this.#env = env
    this.#pool = pool
    this.#counts = rateLimitStorage({ env, pool })
    this.#devices = devices
  }

  /**
   * Counts before the password or code is verified, and takes back what was no wrong guess: fifty at once get no more than one by one.
   * A mailed link cannot be guessed: it is not counted, and lets the owner in whatever others have used up.
   */
  get count(): MiddlewareHandler<AuthEnv> {
    return async (c, next) => {
      const email = c.get('endpoint').guesses === 'email' ? c.get('body')?.email : undefined
      if (typeof email !== 'string') return next()
      const device = this.#devices.find(c.req.header('cookie'), email)
      const key = device === undefined ? this.#keyOf(email) : `device|${device}`
      await this.#take(key)
      const guess = { key, isGivenBack: false }
      c.set('guess', guess)
      await next()
      if (guess.isGivenBack) return // with the sign-in: sign-in-statement.ts
      // Where the database fails now, the sign-in is none the less done: one guess fewer until the count is over.
      if (c.res.status !== 401) await this.#counts.giveBack(key).catch(() => undefined)
    }
  }

  /** Who has reset the password may try at once, whatever others have used up. */
  async forget(userId: string): Promise<void> {
    const user = tableName(this.#env, 'user')
    const { rows } = await this.#pool.query<{ email: string }>(`SELECT "email" FROM ${user} WHERE "id" = $1`, [userId])
    if (rows[0]) await this.#counts.forget(this.#keyOf(rows[0].email))
  }

  async #take(key: string): Promise<void> {
    const { allowed, retryAfter } = await this.#counts
      .consume(key, this.#env.RATE_LIMIT_ACCOUNT)
      .catch((error: unknown) => {
        throw isDatabaseUnavailable(error) ? new HttpError('DATABASE_UNAVAILABLE', { cause: error }) : error
      })
    if (allowed) return
    throw new HttpError('TOO_MANY_REQUESTS', { message: REFUSED, headers: { 'retry-after': String(retryAfter) } })
  }

  #keyOf(email: string): string {
    return accountKey(this.#devices, email)
  }
}

/** Beside better-auth's own, `address|path`. */
export function accountKey(devices: Pick<KnownDevices, 'accountOf'>, email: string): string {
  return `account|${devices.accountOf(email)}`
}

const REFUSED =
  'Too many failed attempts for this account. Wait, sign in on a device that you have used before, or reset the password.'
