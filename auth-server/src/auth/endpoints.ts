import type { MiddlewareHandler } from 'hono'
import { HttpError, methodNotAllowed } from '../errors.ts'
import { type AuthEnv, type Endpoint, type Endpoints, GET, POST } from './endpoint.ts'
import { CONFIRMATIONS } from './mails/endpoints.ts'
import { EMAIL_AND_PASSWORD } from './methods/email-and-password.ts'
import { MAILED_SIGN_IN } from './methods/mailed-sign-in.ts'
import { OLD_TOKENS } from './methods/old-tokens.ts'
import { PASSKEY } from './methods/passkey.ts'
import { SOCIAL } from './methods/social.ts'
import { TWO_FACTOR } from './methods/two-factor.ts'
import { ADMINISTRATION } from './plugins/administration.ts'

export const BASE_PATH = '/api/auth'

/** What every user has, whichever way they sign in: sessions, and the user itself. */
// biome-ignore format: a table reads by columns
const CORE = {
  '/get-session':           { methods: ['GET', 'POST'], session: 'used', password: 'unused', mayEndSessions: false, limit: 'none' },
  '/sign-out':              { methods: POST, session: 'used',   password: 'unused',   mayEndSessions: true,  limit: 'default' },
  '/list-sessions':         { methods: GET,  session: 'used',   password: 'unused',   mayEndSessions: false, limit: 'default', lists: 'sessions' },
  '/revoke-session':        { methods: POST, session: 'used',   password: 'unused',   mayEndSessions: true,  limit: 'default', revokes: 'token' },
  '/revoke-sessions':       { methods: POST, session: 'used',   password: 'unused',   mayEndSessions: true,  limit: 'default' },
  '/revoke-other-sessions': { methods: POST, session: 'used',   password: 'unused',   mayEndSessions: true,  limit: 'default', endsOthers: true },
  '/update-session':        { methods: POST, session: 'used',   password: 'unused',   mayEndSessions: true,  limit: 'default' },
  '/update-user':           { methods: POST, session: 'used',   password: 'unused',   mayEndSessions: true,  limit: 'default' },
  '/change-email':          { methods: POST, session: 'used',   password: 'verified', mayEndSessions: true,  limit: 'guessing', ownerOnly: true },
  '/delete-user':           { methods: POST, session: 'used',   password: 'verified', mayEndSessions: true,  limit: 'guessing', ownerOnly: true },
  '/delete-user/callback':  { methods: GET,  session: 'used',   password: 'unused',   mayEndSessions: true,  limit: 'default', ownerOnly: true },
  '/ok':                    { methods: GET,  session: 'unused', password: 'unused',   mayEndSessions: false, limit: 'none' },
  '/error':                 { methods: GET,  session: 'unused', password: 'unused',   mayEndSessions: false, limit: 'default' },
} as const satisfies Endpoints

/** What a sign-in method or a plugin serves is in its own file. No path may be in two of them. */
export const FEATURES: readonly Endpoints[] = [
  CORE,
  EMAIL_AND_PASSWORD,
  CONFIRMATIONS,
  MAILED_SIGN_IN,
  SOCIAL,
  TWO_FACTOR,
  PASSKEY,
  OLD_TOKENS,
  ADMINISTRATION,
]

/** Every path of better-auth that is served. A plugin's path is not, before it has a row: endpoints.test.ts names it. */
export const ENDPOINTS: Endpoints = Object.assign({}, ...FEATURES)

type Route = { pattern: string; matches: RegExp; endpoint: Endpoint }

/**
 * Lets only paths of the table through, written exactly like this: no alias (`//`, `/../`, `%2F`, a slash at the end) can
 * walk around a rule that goes by path. Log and metrics show the pattern.
 */
export function knownEndpoint(endpoints: Endpoints = ENDPOINTS): MiddlewareHandler<AuthEnv> {
  const routes = routesOf(endpoints)
  return async (c, next) => {
    const path = new URL(c.req.url).pathname
    const route = routes.find(({ matches }) => matches.test(path))
    if (!route) throw new HttpError('NOT_FOUND')
    const { pattern, endpoint } = route
    c.set('route', pattern)
    c.set('endpoint', endpoint)
    if (!endpoint.methods.some((method) => method === c.req.method)) throw methodNotAllowed(endpoint.methods)
    await next()
  }
}

/** Plain paths before those with parameters. */
function routesOf(endpoints: Endpoints): Route[] {
  return Object.entries(endpoints)
    .map(([path, endpoint]) => ({ pattern: BASE_PATH + path, matches: toRegExp(BASE_PATH + path), endpoint }))
    .toSorted((one, other) => Number(one.pattern.includes(':')) - Number(other.pattern.includes(':')))
}

function toRegExp(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/:\w+/g, '[A-Za-z0-9._~-]+')}$`)
}
