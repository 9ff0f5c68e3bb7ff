import type { Context } from 'hono'
import type { Origin } from '../audit/events.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import { clientAddress } from '../http/client-address.ts'
import { cookieNames, otherCookies } from '../sessions/cookies.ts'
import { type Credential, createCredentialReader, isBearer, type Presented, sign } from '../sessions/credential.ts'
import { CLIENT_ADDRESS_HEADER } from './better-auth.ts'
import type { AuthEnv, Endpoint } from './endpoint.ts'

/** Kept with the session and shown to its owner; longer ones are no browser's. */
const MAX_USER_AGENT = 512
/** better-auth judges by these too, by rules of its own; ours were applied in origin.ts. */
const JUDGED = ['referer', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']

/** Where a request comes from, for what is recorded of it: the address that is believed, a user agent of bounded length. */
export function createOriginOf(env: Pick<Env, 'CLIENT_IP_HEADER' | 'TRUSTED_PROXIES'>) {
  const rule = { header: env.CLIENT_IP_HEADER, trusted: env.TRUSTED_PROXIES }
  return (c: Context<AuthEnv>): Origin => ({
    requestId: c.get('requestId'),
    ipAddress: clientAddress(rule, c.env.incoming.socket.remoteAddress, c.req.raw.headers),
    userAgent: c.req.header('user-agent')?.slice(0, MAX_USER_AGENT) ?? null,
  })
}

/** The request as better-auth gets it: the body that was checked, the address that is believed, one credential. */
export function createForward(env: Env) {
  const originOf = createOriginOf(env)
  const setCredential = createSetCredential(env)

  return function forward(c: Context<AuthEnv>): Request {
    const headers = new Headers(c.req.raw.headers)
    const { ipAddress, userAgent } = originOf(c)
    headers.set(CLIENT_ADDRESS_HEADER, ipAddress)
    if (userAgent !== null) headers.set('user-agent', userAgent)
    setCredential(headers, c)
    const body = c.get('body')
    headers.delete('content-length')
    headers.delete('content-type')
    if (body === undefined) return new Request(c.req.url, { method: c.req.method, headers })
    headers.set('content-type', 'application/json')
    return new Request(c.req.url, { method: c.req.method, headers, body: JSON.stringify(body) })
  }
}

/**
 * better-auth reads credentials by rules of its own: the first cookie of a name, a bearer in fewer forms, the cookie
 * where it knows none. So it gets the one that our reader chose, in one form, and nothing to choose from.
 */
function createSetCredential(env: Env) {
  const readCredential = createCredentialReader(env)
  const names = cookieNames(env)
  const origin = env.CORS_ORIGIN[0] ?? env.PUBLIC_URL

  function choose({ session }: Endpoint, presented: Presented): Credential | undefined {
    // Nothing is presented, as with most sign-ins: an error for it would cost more than to look.
    if (!isBearer(presented.authorization) && !presented.cookie?.includes(names.session)) return undefined
    try {
      return readCredential(presented)
    } catch (error) {
      const isRefused = isBearer(presented.authorization) && session === 'used'
      if (!(error instanceof HttpError) || isRefused) throw error
      return undefined // a cookie that opens nothing: signing out and signing in work all the same
    }
  }

  return function setCredential(headers: Headers, c: Context<AuthEnv>): void {
    const authorization = headers.get('authorization') ?? undefined
    const cookie = headers.get('cookie') ?? ''
    const credential = choose(c.get('endpoint'), { authorization, cookie })
    for (const name of ['authorization', 'cookie', ...JUDGED]) headers.delete(name)
    if (c.req.method !== 'GET') headers.set('origin', origin)

    // Beside a bearer no origin is asked for, so no cookie may act there.
    const cookies = c.req.method === 'GET' || !isBearer(authorization) ? otherCookies(cookie, names) : []
    const signed = credential === undefined ? undefined : sign(credential.token, env.BETTER_AUTH_SECRET)
    if (credential?.from === 'bearer') headers.set('authorization', `Bearer ${signed}`)
    if (credential?.from === 'cookie') cookies.unshift(`${names.session}=${encodeURIComponent(signed ?? '')}`)
    if (credential?.isRemembered === false) {
      cookies.push(`${names.dontRemember}=${encodeURIComponent(sign('true', env.BETTER_AUTH_SECRET))}`)
    }
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '))
  }
}
