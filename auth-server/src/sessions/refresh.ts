import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'
import { cookieAttributes, cookieNames } from './cookies.ts'
import { type Credential, sign } from './credential.ts'
import type { SessionFields } from './fields.ts'
import type { QueryEnv } from './queries.ts'

const HOUR_SECONDS = 60 * 60
const DAY_SECONDS = 24 * HOUR_SECONDS
const DAY_MS = DAY_SECONDS * 1000

type LengthEnv = Pick<Env, 'SESSION_DAYS' | 'SESSION_RENEW_HOURS'>

/** How long a session lasts, and how old it is when a use of it makes it last that long again. In seconds, as better-auth has them. */
export function lengthsOf({ SESSION_DAYS, SESSION_RENEW_HOURS }: LengthEnv) {
  return { expiresIn: SESSION_DAYS * DAY_SECONDS, updateAge: SESSION_RENEW_HOURS * HOUR_SECONDS }
}

type Times = Pick<SessionFields, 'createdAt' | 'expiresAt'>

/** From when on a check refreshes this session, by better-auth's rule; null: never. */
export function createRefreshAt(env: LengthEnv) {
  const { expiresIn, updateAge } = lengthsOf(env)
  return (session: Times, { isRemembered }: Pick<Credential, 'isRemembered'>): Date | null => {
    if (!isRemembered || isShortLived(session)) return null
    return new Date(Date.parse(session.expiresAt) + (updateAge - expiresIn) * 1000)
  }
}

/**
 * Made to last a day: `rememberMe: false`, or an administrator impersonating a user. A cookie beside the session cookie
 * says so, but a bearer token comes alone, and better-auth would refresh its session to SESSION_DAYS.
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
export function refreshSession(env: QueryEnv & LengthEnv) {
  const { expiresIn, updateAge } = lengthsOf(env)
  const session = tableName(env, 'session')
  const text = `
    UPDATE ${session}
       SET "expiresAt" = date_trunc('milliseconds', now()) + make_interval(secs => $2),
           "updatedAt" = date_trunc('milliseconds', now())
     WHERE "id" = (SELECT "id" FROM ${session}
                    WHERE "token" = $1 AND "expiresAt" > now() AND "expiresAt" <= now() + make_interval(secs => $3)
                      FOR UPDATE SKIP LOCKED)
    RETURNING "expiresAt", "updatedAt"`
  return (token: string) => ({ text, values: [token, expiresIn, expiresIn - updateAge] })
}

/** The session cookie exactly as better-auth sets it: a browser keeps one cookie, whoever renewed it. */
export function createRenewedCookie(env: Env): (token: string) => string {
  const name = cookieNames(env).session
  const attributes = cookieAttributes(env, lengthsOf(env).expiresIn)
  return (token) => `${name}=${encodeURIComponent(sign(token, env.BETTER_AUTH_SECRET))}; ${attributes}`
}
