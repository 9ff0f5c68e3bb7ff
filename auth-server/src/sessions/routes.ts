import { type Context, Hono } from 'hono'
import { methodNotAllowed } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'
import type { Identify } from './identify.ts'

/** GET /api/auth/session, for browsers: who am I? 401 or 503 where better-auth's get-session responds with 200 `null`. */
export function sessionRoutes(identify: Identify): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/api/auth/session', (c) => answerSession(c, identify))
    .all('/api/auth/session', getOnly)
}

export function getOnly(): never {
  throw methodNotAllowed(['GET', 'HEAD'])
}

export async function answerSession(
  c: Context<HttpEnv>,
  identify: Identify,
  more: Parameters<Identify>[1] = {},
): Promise<Response> {
  const presented = { authorization: c.req.header('authorization'), cookie: c.req.header('cookie') }
  const { identity, setCookie } = await identify(presented, more)
  const headers = { 'content-type': 'application/json', ...(setCookie !== undefined && { 'set-cookie': setCookie }) }
  return c.body(JSON.stringify(identity), 200, headers)
}
