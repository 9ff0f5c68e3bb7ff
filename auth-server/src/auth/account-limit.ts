import { createHmac, randomBytes } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Pool } from 'pg'
import { tableName } from '../database/names.ts'
import { isDatabaseUnavailable } from '../database/unavailable.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import { isSecure, readCandidates } from '../sessions/cookies.ts'
import type { AuthEnv } from './endpoint.ts'
import { rateLimitStorage } from './rate-limit.ts'

type Parts = { env: Env; pool: Pool }

const COOKIE = 'known_device'
const MAX_AGE_SECONDS = 365 * 24 * 60 * 60
/** Accounts that one browser is known to; the longest ago is forgotten. 5 × 65 characters fit into what is read of a cookie. */
const MAX_ACCOUNTS = 5

/**
 * Guesses at one account, from however many addresses (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
 * A browser that has signed in to the account before is counted separately: whoever uses up the guesses of all others
 * keeps its owner out of nothing. Unknown addresses are counted alike, so that a refusal tells of no account.
 */
export class AccountLimit {
  readonly #env: Env
  readonly #pool: Pool
  readonly #counts: ReturnType<typeof rateLimitStorage>
  readonly #cookie: string

  constructor({ env, pool }: Parts) {
    this.#env = env
    this.#pool = pool
    this.#counts = rateLimitStorage({ env, pool })
    this.#cookie = `${isSecure(env) ? '__Secure-' : ''}${COOKIE}`
  }

  /** Counts before the password is verified, and takes back what was no wrong guess: fifty at once get no more than one by one. */
  get count(): MiddlewareHandler<AuthEnv> {
    return async (c, next) => {
      const email = c.get('endpoint').guesses === 'email' ? c.get('body')?.email : undefined
      if (typeof email !== 'string') return next()
      const account = this.#digest('account', email.toLowerCase())
      const devices = this.#devicesIn(c.req.header('cookie') ?? '')
      const device = devices.find((one) => this.#isKnownTo(one, account))
      const key = device === undefined ? keyOf(account) : `device|${device.split('-')[0]}`
      await this.#take(key)
      await next()
      const { status } = c.res
      // Where the database fails now, the sign-in is none the less done: one guess fewer until the count is over.
      if (status !== 401) await this.#counts.giveBack(key).catch(() => undefined)
      if (status === 200) {
        const others = devices.filter((one) => one !== device)
        this.#remember(c.res.headers, [device ?? this.#newDevice(account), ...others].slice(0, MAX_ACCOUNTS))
      }
    }
  }

  /** Who has reset the password may try at once, whatever others have used up. */
  async forget(userId: string): Promise<void> {
    const user = tableName(this.#env, 'user')
    const { rows } = await this.#pool.query<{ email: string }>(`SELECT "email" FROM ${user} WHERE "id" = $1`, [userId])
    if (rows[0]) await this.#counts.forget(keyOf(this.#digest('account', rows[0].email.toLowerCase())))
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

  /** `nonce-proof`. The proof is bound to the account, so that an account of one's own opens no allowance for others. */
  #newDevice(account: string): string {
    const nonce = randomBytes(16).toString('hex')
    return `${nonce}-${this.#proof(nonce, account)}`
  }

  #isKnownTo(device: string, account: string): boolean {
    const [nonce = '', proof = ''] = device.split('-')
    return proof === this.#proof(nonce, account)
  }

  #proof(nonce: string, account: string): string {
    return this.#digest('device', `${account}|${nonce}`)
  }

  /** The first 128 bits: no address can be read from a key in the table, or from a cookie. */
  #digest(purpose: 'account' | 'device', value: string): string {
    const hmac = createHmac('sha256', this.#env.BETTER_AUTH_SECRET).update(`account-limit|${purpose}|${value}`)
    return hmac.digest('hex').slice(0, 32)
  }

  #devicesIn(cookies: string): string[] {
    const { values } = readCandidates(cookies, this.#cookie)
    const devices = values.flatMap((value) => value.split('.')).filter((device) => DEVICE.test(device))
    return [...new Set(devices)].slice(0, MAX_ACCOUNTS)
  }

  #remember(headers: Headers, devices: readonly string[]): void {
    const secure = isSecure(this.#env) ? '; Secure' : ''
    headers.append(
      'set-cookie',
      `${this.#cookie}=${devices.join('.')}; Max-Age=${MAX_AGE_SECONDS}; Path=/api/auth; HttpOnly; SameSite=Lax${secure}`,
    )
  }
}

const DEVICE = /^[0-9a-f]{32}-[0-9a-f]{32}$/

/** Beside better-auth's own, `address|path`. */
const keyOf = (account: string) => `account|${account}`

const REFUSED =
  'Too many failed attempts for this account. Wait, sign in on a device that you have used before, or reset the password.'
