import type { Env } from '../env.ts'
import { cookieNames, isSecure } from './cookies.ts'
import { sign } from './credential.ts'
import { EXPIRES_IN_SECONDS } from './queries.ts'

/** The session cookie as better-auth sets it, to the letter: a browser keeps one cookie, whoever renewed it. */
export function createRenewedCookie(env: Env): (token: string) => string {
  const name = cookieNames(env).session
  const attributes = `Max-Age=${EXPIRES_IN_SECONDS}; Path=/; HttpOnly;${isSecure(env) ? ' Secure;' : ''} SameSite=Lax`
  return (token) => `${name}=${encodeURIComponent(sign(token, env.BETTER_AUTH_SECRET))}; ${attributes}`
}
