import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { GenericEndpointContext } from 'better-auth'
import type { Pool } from 'pg'
import { tableName } from '../../database/names.ts'
import type { Env } from '../../env.ts'
import { cookieAttributes, cookieNames } from '../../sessions/cookies.ts'
import { sign } from '../../sessions/credential.ts'
import type { Observed } from '../observation.ts'

/** better-auth's name and lifetime. */
const COOKIE = 'two_factor'
const SECONDS = 10 * 60
/** Where the app asks for the code; a link in a mail and a provider lead the browser there. */
const PAGE = '/sign-in?second-factor'

/** What `verification` keeps as the value of a challenge. Of one user: with a changed password all of them are over. */
export const challengeValue = (userId: string) => `second-factor:${userId}`

type Parts = { env: Env; pool: Pool }

/**
 * What a sign-in that stopped at the second factor gets in place of a session: a cookie that stands for it for ten minutes. A page
 * that called gets better-auth's body for it, a browser that followed a link is led to the page that asks.
 */
export function challengeHalfSignIns({ env, pool }: Parts) {
  const insert = `
    INSERT INTO ${tableName(env, 'verification')} ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
    VALUES ($1, $2, $3, now() + make_interval(secs => $4), now(), now())`
  const name = `${cookieNames(env).all}${COOKIE}`
  const attributes = cookieAttributes(env, SECONDS)

  return async function challenge(response: Response, method: string, observed: Observed): Promise<Response> {
    const { halfSignIn } = observed
    if (halfSignIn === undefined) return response
    const id = `${halfSignIn.isRemembered ? REMEMBERED : NOT_REMEMBERED}${randomBytes(24).toString('base64url')}`
    observed.challenge = identifierOf(id)
    await pool.query(insert, [randomUUID(), observed.challenge, challengeValue(halfSignIn.userId), SECONDS])
    const headers = new Headers({
      'set-cookie': `${name}=${encodeURIComponent(sign(id, env.BETTER_AUTH_SECRET))}; ${attributes}`,
    })
    if (method !== 'GET') return Response.json({ twoFactorRedirect: true, twoFactorMethods: ['totp'] }, { headers })
    headers.set('location', `${env.PUBLIC_URL}${PAGE}${nextIn(halfSignIn.callbackURL, env)}`)
    return new Response(null, { status: 302, headers })
  }
}

/** Where the page that asks leads to, if it is one of the same app. The page has the last word. */
function nextIn(callbackURL: string | undefined, { PUBLIC_URL }: Pick<Env, 'PUBLIC_URL'>): string {
  if (callbackURL === undefined || !URL.canParse(callbackURL, PUBLIC_URL)) return ''
  const { origin, pathname, search, hash } = new URL(callbackURL, PUBLIC_URL)
  const next = pathname + search + hash
  return origin !== PUBLIC_URL || next === '/' ? '' : `&${new URLSearchParams({ next })}`
}

const REMEMBERED = '2fa-'
const NOT_REMEMBERED = '2fa-day-'

/** As better-auth keeps it: hashed. */
const identifierOf = (id: string) => createHash('sha256').update(id).digest('base64url')

/** The sign-in that this browser has begun; undefined: none, or it is over. */
export async function readChallenge(ctx: GenericEndpointContext) {
  const cookie = ctx.context.createAuthCookie(COOKIE)
  const id = await ctx.getSignedCookie(cookie.name, ctx.context.secret)
  const found = id ? await ctx.context.internalAdapter.findVerificationValue(id) : null
  const [, userId] = /^second-factor:(.+)$/.exec(found?.value ?? '') ?? []
  if (!id || !found || userId === undefined || found.expiresAt <= new Date()) return undefined
  return { id, userId, isRemembered: !id.startsWith(NOT_REMEMBERED) }
}

export type Challenge = NonNullable<Awaited<ReturnType<typeof readChallenge>>>

/** Takes the cookie back. */
export function leaveChallenge(ctx: GenericEndpointContext): void {
  const { name, attributes } = ctx.context.createAuthCookie(COOKIE)
  ctx.setCookie(name, '', { ...attributes, maxAge: 0 })
}

/** Of any number of requests that continue one sign-in, one gets `true`. */
export async function endChallenge(ctx: GenericEndpointContext, { id }: Challenge): Promise<boolean> {
  leaveChallenge(ctx)
  return (await ctx.context.internalAdapter.consumeVerificationValue(id)) !== null
}
