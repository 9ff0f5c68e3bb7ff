import { type Context, Hono, type MiddlewareHandler } from 'hono'
import type { Pool } from 'pg'
import type { AuthEnv, Endpoint } from '../auth/endpoint.ts'
import { createOriginOf } from '../auth/forward.ts'
import { holdEnds, type Settled } from '../auth/hold.ts'
import { refuseCrossSite } from '../auth/origin.ts'
import type { Env } from '../env.ts'
import { methodNotAllowed } from '../errors.ts'
import { bodyGuard } from '../http/body-guard.ts'
import { createEndedCookie } from '../sessions/cookies.ts'
import type { Identify } from '../sessions/identify.ts'
import { getOnly, identityOf } from '../sessions/routes.ts'
import { Devices } from './devices.ts'

/** See old-tokens/old-tokens.ts: a device that still has such a token is one of the others. */
type EndOldTokens = (userId: string, callersSession: string) => Promise<void>
type Parts = { env: Env; pool: Pool; identify: Identify; settled: Settled; endOldTokens: EndOldTokens }

/** As in better-auth's table of endpoints, so that the same rules hold: see auth/endpoint.ts. */
const ENDS: Endpoint = {
  methods: ['POST'],
  session: 'used',
  password: 'unused',
  mayEndSessions: true,
  limit: 'none',
}

/** Where a user is signed in, and the end of that. By id: better-auth's own routes name sessions by their tokens. */
export function deviceRoutes({ env, pool, identify, settled, endOldTokens }: Parts): Hono<AuthEnv> {
  const devices = new Devices({ env, pool })
  const originOf = createOriginOf(env)
  const endedCookie = createEndedCookie(env)

  return new Hono<AuthEnv>()
    .get('/api/auth/devices', async (c) => c.json(await devices.list(await identityOf(c, identify))))
    .all('/api/auth/devices', getOnly)
    .use('/api/auth/devices/*', asEndpoint(ENDS), refuseCrossSite(env), holdEnds(settled), bodyGuard())
    .post('/api/auth/devices/revoke-others', async (c) => {
      const caller = await identityOf(c, identify)
      noteEnd(c)
      const revoked = await devices.revokeOthers(caller, originOf(c))
      await endOldTokens(caller.user.id, caller.session.id)
      return c.json({ revoked })
    })
    .all('/api/auth/devices/revoke-others', only('POST'))
    .delete('/api/auth/devices/:id', async (c) => {
      const caller = await identityOf(c, identify)
      const id = c.req.param('id')
      noteEnd(c)
      await devices.revoke(caller, id, originOf(c))
      if (id === caller.session.id) c.header('set-cookie', endedCookie)
      return c.json({ revoked: 1 })
    })
    .all('/api/auth/devices/:id', only('DELETE'))
}

function asEndpoint(endpoint: Endpoint): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    c.set('endpoint', endpoint)
    await next()
  }
}

/** From here on the response waits, whatever it is: a connection that dies says nothing about what was done. */
const noteEnd = (c: Context<AuthEnv>) => c.set('mayEndSessions', true)

const only = (method: string) => () => {
  throw methodNotAllowed([method])
}
