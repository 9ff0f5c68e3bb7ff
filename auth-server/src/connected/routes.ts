import { type Context, Hono, type MiddlewareHandler } from 'hono'
import type { Pool } from 'pg'
import type { AuthEnv, Endpoint } from '../auth/endpoint.ts'
import { createOriginOf } from '../auth/forward.ts'
import { refuseCrossSite } from '../auth/origin.ts'
import { ProviderUnavailable } from '../auth/providers/request.ts'
import { rateLimitStorage } from '../auth/rate-limit.ts'
import { redirectRules } from '../auth/redirects.ts'
import type { Env } from '../env.ts'
import type { ConnectedService } from '../env-connected.ts'
import { HttpError, methodNotAllowed } from '../errors.ts'
import { bodyGuard } from '../http/body-guard.ts'
import type { Identify, Identity } from '../sessions/identify.ts'
import { getOnly, identityOf } from '../sessions/routes.ts'
import { Callbacks, DEFAULT_CALLBACK } from './callback.ts'
import type { ConnectedServices } from './connected-services.ts'
import { States } from './states.ts'

type Parts = { env: Env; pool: Pool; identify: Identify; services: ConnectedServices }

const PATH = '/api/auth/connected-services'
/** As in better-auth's table of endpoints, so that the same rules hold: see auth/endpoint.ts. */
const CHANGES: Endpoint = {
  methods: ['POST'],
  session: 'used',
  password: 'unused',
  mayEndSessions: false,
  limit: 'none',
}

/** As long as for a new way to sign in: better-auth's freshAge. */
const FRESH_MS = 24 * 60 * 60_000
/** Of each user. Each attempt may cause a request to the service. */
const ATTEMPTS = { window: 60, max: 30 }
/** It is kept with the state. */
const CALLBACK_MAX = 1024

/** What a user has connected, and how they connect and remove it: docs/connected-services.md */
export function connectedServiceRoutes({ env, pool, identify, services }: Parts): Hono<AuthEnv> {
  const { connections, clients, log } = services
  const states = new States({ env, pool })
  const callbacks = new Callbacks({ clients, states, connections, log })
  const originOf = createOriginOf(env)
  const { consume } = rateLimitStorage({ env, pool })

  async function ownerOf(c: Context<AuthEnv>): Promise<Identity> {
    const caller = await identityOf(c, identify)
    requireOwner(caller)
    return caller
  }

  async function countAttempt({ user }: Identity): Promise<void> {
    const { allowed, retryAfter } = await consume(`connected-services:${user.id}`, ATTEMPTS)
    if (!allowed) throw new HttpError('TOO_MANY_REQUESTS', { headers: { 'retry-after': String(retryAfter ?? 1) } })
  }

  function serviceOf<Kind extends ConnectedService['kind']>(c: Context<AuthEnv>, kind: Kind) {
    const found = env.connectedServices.find(({ id }) => id === c.req.param('service'))
    if (found?.kind !== kind) throw new HttpError('SERVICE_NOT_FOUND')
    return found as Extract<ConnectedService, { kind: Kind }>
  }

  return new Hono<AuthEnv>()
    .get(PATH, async (c) => c.json({ services: await connections.list(await identityOf(c, identify)) }))
    .all(PATH, getOnly)
    .get(`${PATH}/:service/callback`, async (c) => {
      const { id } = serviceOf(c, 'oauth')
      const location = await callbacks.finish(id, returnedOf(c), () => ownerOf(c), originOf(c))
      return c.redirect(new URL(location, env.PUBLIC_URL).href, 302)
    })
    .all(`${PATH}/:service/callback`, getOnly)
    .use(`${PATH}/*`, asEndpoint(CHANGES), refuseCrossSite(env), bodyGuard(), redirectRules(env))
    .post(`${PATH}/:service/authorize`, async (c) => {
      const caller = await ownerOf(c)
      const { id } = serviceOf(c, 'oauth')
      await countAttempt(caller)
      const begun = { service: id, userId: caller.user.id, sessionId: caller.session.id, callbackURL: callbackOf(c) }
      const url = await clients
        .get(id)
        ?.authorizationUrl(await states.begin(begun))
        .catch(toHttpError)
      return c.json({ url })
    })
    .all(`${PATH}/:service/authorize`, only('POST'))
    .post(`${PATH}/:service/key`, async (c) => {
      const caller = await ownerOf(c)
      const service = serviceOf(c, 'api-key')
      await countAttempt(caller)
      await connections.connectKey(caller, service, c.get('body')?.key, originOf(c))
      return c.json({ connected: true })
    })
    .all(`${PATH}/:service/key`, only('POST'))
    .delete(`${PATH}/:service`, async (c) => {
      await connections.remove(await ownerOf(c), c.req.param('service'), originOf(c))
      return c.json({ removed: true })
    })
    .all(`${PATH}/:service`, only('DELETE'))
}

/** A cookie that was stolen long ago, and an administrator who acts as the user, connect and remove nothing. */
function requireOwner({ session }: Identity): void {
  const isFresh = Date.now() - Date.parse(session.createdAt) <= FRESH_MS
  if (!isFresh || session.impersonatedBy !== null) throw new HttpError('SESSION_NOT_FRESH')
}

function callbackOf(c: Context<AuthEnv>): string {
  const given = c.get('body')?.callbackURL
  if (given === undefined || given === '') return DEFAULT_CALLBACK
  if (typeof given !== 'string' || given.length > CALLBACK_MAX) throw new HttpError('INVALID_CALLBACK_URL')
  return given
}

/** Each parameter once: of several, nobody can tell which one is meant. */
function returnedOf(c: Context<AuthEnv>) {
  const one = (name: string) => {
    const values = c.req.queries(name) ?? []
    return values.length === 1 ? values[0] : undefined
  }
  const isTwice = ['state', 'code', 'iss', 'error'].some((name) => (c.req.queries(name) ?? []).length > 1)
  const error = one('error') ?? (isTwice ? 'invalid_request' : undefined)
  return { state: one('state'), code: one('code'), iss: one('iss'), error }
}

function toHttpError(error: unknown): never {
  throw error instanceof ProviderUnavailable ? new HttpError('SERVICE_UNAVAILABLE', { cause: error }) : error
}

function asEndpoint(endpoint: Endpoint): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    c.set('endpoint', endpoint)
    await next()
  }
}

const only = (method: string) => () => {
  throw methodNotAllowed([method])
}
