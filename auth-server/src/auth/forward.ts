import type { Context } from 'hono'
import type { Env } from '../env.ts'
import { clientAddress } from '../http/client-address.ts'
import type { HttpEnv } from '../http/context.ts'
import { createCredentialReader, sign } from '../sessions/credential.ts'
import { CLIENT_ADDRESS_HEADER } from './options.ts'

/** Kept with the session and shown to its owner; longer ones are no browser's. */
const MAX_USER_AGENT = 512

/** The request as better-auth gets it: the body that was checked, the address that is believed, one bearer spelling. */
export function createForward(env: Env) {
  const rule = { header: env.CLIENT_IP_HEADER, trusted: env.TRUSTED_PROXIES }
  const readCredential = createCredentialReader(env)

  return function forward(c: Context<HttpEnv>): Request {
    const headers = new Headers(c.req.raw.headers)
    headers.set(CLIENT_ADDRESS_HEADER, clientAddress(rule, c.env.incoming.socket.remoteAddress, headers))
    const userAgent = headers.get('user-agent')
    if (userAgent !== null) headers.set('user-agent', userAgent.slice(0, MAX_USER_AGENT))
    const authorization = headers.get('authorization')
    if (authorization !== null) {
      // better-auth knows fewer spellings than we accept, and takes the cookie where it does not know one.
      const { token } = readCredential({ authorization, cookie: headers.get('cookie') ?? undefined })
      headers.set('authorization', `Bearer ${sign(token, env.BETTER_AUTH_SECRET)}`)
    }
    const body = c.get('body')
    headers.delete('content-length')
    headers.delete('content-type')
    if (body === undefined) return new Request(c.req.url, { method: c.req.method, headers })
    headers.set('content-type', 'application/json')
    return new Request(c.req.url, { method: c.req.method, headers, body: JSON.stringify(body) })
  }
}
