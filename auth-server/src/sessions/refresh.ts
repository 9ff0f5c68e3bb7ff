import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { cookieNames, isSecure } from './cookies.ts'
import { type Credential, sign } from './credential.ts'
import type { SessionFields } from './fields.ts'
import type { QueryEnv } from './queries.ts'

/** better-auth's own defaults, which auth/better-auth.ts leaves alone: a session lasts a week and is refreshed once a day. */
const EXPIRES_IN_SECONDS = 7 * 24 * 60 * 60
const UPDATE_AGE_SECONDS = 24 * 60 * 60
const DAY_MS = 24 * 60 * 60 * 1000

type Times = Pick<SessionFields, 'createdAt' | 'expiresAt'>

/** From when on a check refreshes this session, by better-auth's rule; null: never. */
export function refreshAt(session: Times, { isRemembered }: Pick<Credential, 'isRemembered'>): Date | null {
  if (!isRemembered || isShortLived(session)) return null
  return new Date(Date.parse(session.expiresAt) + (UPDATE_AGE_SECONDS - EXPIRES_IN_SECONDS) * 1000)
}

/**
 * Made to last a day: `rememberMe: false`, or an administrator impersonating a user. A cookie beside the session cookie
 * says so, but a bearer token comes alone, and better-auth would refresh its session to a week.
 */
function isShortLived({ createdAt, expiresAt }: Times): boolean {
  // better-auth reads its clock twice, for expiresAt first: a little less or more than a day.
  return Date.parse(expiresAt) - Date.parse(createdAt) <= DAY_MS + 60_000
}

export function isDue(due: Date | null, now: Date): boolean {
  return due !== null && due <= now
}

export type Refreshed = Record<'expiresAt' | 'updatedAt', Date>

/**
 * Refreshes a session that is due and still there. Of racing requests one writes and the others skip the locked row, so
 * nobody waits for a row lock; a row that a sign-out deleted is not found, and an UPDATE cannot bring it back.
 */
export function refreshSession(env: QueryEnv) {
  const session = tableName(env, 'session')
  const text = `
    UPDATE ${session}
       SET "expiresAt" = date_trunc('milliseconds', now()) + make_interval(secs => $2),
           "updatedAt" = date_trunc('milliseconds', now())
     WHERE "id" = (SELECT "id" FROM ${session}
                    WHERE "token" = $1 AND "expiresAt" > now() AND "expiresAt" <= now() + make_interval(secs => $3)
                      FOR UPDATE SKIP LOCKED)
    RETURNING "expiresAt", "updatedAt"`
  return (token: string) => ({ text, values: [token, EXPIRES_IN_SECONDS, EXPIRES_IN_SECONDS - UPDATE_AGE_SECONDS] })
}

/** The session cookie exactly as better-auth sets it: a browser keeps one cookie, whoever renewed it. */
export function createRenewedCookie(env: Env): (token: string) => string {
  const name = cookieNames(env).session
  const attributes = `Max-Age=${EXPIRES_IN_SECONDS}; Path=/; HttpOnly;${isSecure(env) ? ' Secure;' : ''} SameSite=Lax`
  return (token) => `${name}=${encodeURIComponent(sign(token, env.BETTER_AUTH_SECRET))}; ${attributes}`
}
