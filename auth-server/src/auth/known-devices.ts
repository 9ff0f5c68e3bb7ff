import { createHmac, randomBytes } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Env } from '../env.ts'
import { cookieAttributes, isSecure, readCandidates } from '../sessions/cookies.ts'
import type { AuthEnv } from './endpoint.ts'

const COOKIE = 'known_device'
const MAX_AGE_SECONDS = 365 * 24 * 60 * 60
/** Accounts that one browser is known to; the longest ago is forgotten. 5 × 65 characters fit into what is read of a cookie. */
const MAX_ACCOUNTS = 5
const DEVICE = /^[0-9a-f]{32}-[0-9a-f]{32}$/

type DeviceEnv = Pick<Env, 'BETTER_AUTH_SECRET' | 'NODE_ENV' | 'PUBLIC_URL' | 'COOKIE_DOMAIN'>

/**
 * The browsers in which somebody has signed in to an account, by a cookie that is bound to it (OWASP's device cookies). The server keeps
 * nothing of them. They have an allowance of their own (account-limit.ts). A sign-in in any other browser is reported to the owner.
 */
export class KnownDevices {
  readonly #env: DeviceEnv
  readonly #cookie: string

  constructor(env: DeviceEnv) {
    this.#env = env
    this.#cookie = `${isSecure(env) ? '__Secure-' : ''}${COOKIE}`
  }

  /** Which of those in the cookie knows this account: its nonce. Undefined: none. */
  find(cookies: string | undefined, email: string): string | undefined {
    const devices = this.#devicesIn(cookies)
    return devices.length === 0 ? undefined : this.#knownOf(devices, this.accountOf(email))?.split('-')[0]
  }

  /** A sign-in that was completed makes the browser known to the account. */
  get remember(): MiddlewareHandler<AuthEnv> {
    return async (c, next) => {
      await next()
      const email = c.get('signedInAs')
      if (email === undefined || c.res.status >= 400) return
      const [cookies, account] = [c.req.header('cookie'), this.accountOf(email)]
      const devices = this.#devicesIn(cookies)
      const device = this.#knownOf(devices, account) ?? this.#newDevice(account)
      const others = devices.filter((one) => one !== device)
      c.res.headers.append('set-cookie', this.#cookieOf([device, ...others].slice(0, MAX_ACCOUNTS)))
    }
  }

  /** The first 128 bits of an HMAC: no address can be read from a key in the table, or from a cookie. */
  accountOf(email: string): string {
    return this.#digest('account', email.toLowerCase())
  }

  #knownOf(devices: readonly string[], account: string): string | undefined {
    return devices.find((device) => {
      const [nonce = '', proof = ''] = device.split('-')
      return proof === this.#proof(nonce, account)
    })
  }

  /** `nonce-proof`. The proof is bound to the account, so that an account of one's own opens no allowance for others. */
  #newDevice(account: string): string {
    const nonce = randomBytes(16).toString('hex')
    return `${nonce}-${this.#proof(nonce, account)}`
  }

  #proof(nonce: string, account: string): string {
    return this.#digest('device', `${account}|${nonce}`)
  }

  #digest(purpose: 'account' | 'device', value: string): string {
    const hmac = createHmac('sha256', this.#env.BETTER_AUTH_SECRET).update(`account-limit|${purpose}|${value}`)
    return hmac.digest('hex').slice(0, 32)
  }

  #devicesIn(cookies = ''): string[] {
    const { values } = readCandidates(cookies, this.#cookie)
    const devices = values.flatMap((value) => value.split('.')).filter((device) => DEVICE.test(device))
    return [...new Set(devices)].slice(0, MAX_ACCOUNTS)
  }

  #cookieOf(devices: readonly string[]): string {
    return `${this.#cookie}=${devices.join('.')}; ${cookieAttributes(this.#env, MAX_AGE_SECONDS, '/api/auth')}`
  }
}
