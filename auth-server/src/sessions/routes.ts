import { type Context, Hono } from 'hono'
import { HttpError, methodNotAllowed } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'
import type { Identify, Identity } from './identify.ts'

/** Not a bare `null`: that is also what is left of a body that broke off. */
const NOBODY = JSON.stringify({ session: null, user: null })

/**
 * GET /api/auth/session, for browsers: who am I? 401 or 503 where better-auth's get-session responds with 200 `null`.
 * With `?optional=true` nobody is a 200 too, because browsers log every 401 as an error. Don't know is a 503 either way.
 */
export function sessionRoutes(identify: Identify): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/api/auth/session', (c) =>
      c.req.query('optional') === 'true' ? respondOptional(c, identify) : respondWithSession(c, identify),
    )
    .all('/api/auth/session', getOnly)
}

export function getOnly(): never {
  throw methodNotAllowed(['GET', 'HEAD'])
}

async function respondOptional(c: Context<HttpEnv>, identify: Identify): Promise<Response> {
  try {
    return await respondWithSession(c, identify)
  } catch (error) {
    if (!(error instanceof HttpError) || error.status !== 401) throw error
    return c.body(NOBODY, 200, { 'content-type': 'application/json' })
  }
}

export async function respondWithSession(
  c: Context<HttpEnv>,
  identify: Identify,
  more: Parameters<Identify>[1] = {},
): Promise<Response> {
  const presented = { authorization: c.req.header('authorization'), cookie: c.req.header('cookie') }
  const { identity, setCookie } = await identify(presented, more)
  const headers = { 'content-type': 'application/json', ...(setCookie !== undefined && { 'set-cookie': setCookie }) }
  return c.body(JSON.stringify(identity), 200, headers)
}

/** Who is calling a route of our own. If the check refreshed the session, the response carries its cookie. */
export async function identityOf(c: Pick<Context, 'req' | 'header'>, identify: Identify): Promise<Identity> {
  const presented = { authorization: c.req.header('authorization'), cookie: c.req.header('cookie') }
  const { identity, setCookie } = await identify(presented)
  if (setCookie !== undefined) c.header('set-cookie', setCookie, { append: true })
  return identity
}
