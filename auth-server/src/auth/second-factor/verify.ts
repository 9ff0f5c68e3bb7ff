import { runWithTransaction } from '@better-auth/core/context'
import { APIError, type GenericEndpointContext } from 'better-auth'
import { createAuthEndpoint, getSessionFromCtx } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { parseUserOutput } from 'better-auth/db'
import { TWO_FACTOR_ERROR_CODES } from 'better-auth/plugins/two-factor'
import { z } from 'zod'
import type { Observation } from '../observation.ts'
import type { RateLimitStorage } from '../rate-limit.ts'
import { confirmApp, findApp, useBackupCode, useTotp } from './app.ts'
import { type Challenge, endChallenge, leaveChallenge, readChallenge } from './challenge.ts'
import { replaceSessions } from './replace-sessions.ts'
import { forgetDevices, trustDevice } from './trusted-devices.ts'

const BODY = z.object({ code: z.string().max(64), trustDevice: z.boolean().optional() })
/** better-auth's: for one sign-in. */
const ATTEMPTS = { window: 10 * 60, max: 5 }

type Notes = Pick<Observation, 'note'>
type Current = NonNullable<Awaited<ReturnType<typeof getSessionFromCtx>>>

/** Continues a sign-in with a code of the authenticator app; or confirms, with the first one, that it was set up. */
export const verifyTotp = (limits: RateLimitStorage, observation: Notes) =>
  createAuthEndpoint('/two-factor/verify-totp', { method: 'POST', body: BODY }, async (ctx) => {
    const current: Current | null = await getSessionFromCtx(ctx)
    if (current && !isOn(current.user)) return confirmSetUp(ctx, { limits, observation }, current)
    const challenge = await attempt(ctx, limits)
    const app = await findApp(ctx, challenge.userId)
    if (app?.verified !== true) throw APIError.from('BAD_REQUEST', TWO_FACTOR_ERROR_CODES.TOTP_NOT_ENABLED)
    await useTotp(ctx, limits, { userId: challenge.userId, app, code: ctx.body.code })
    return signIn(ctx, challenge)
  })

/** Continues a sign-in with a backup code, which is used up. */
export const verifyBackupCode = (limits: RateLimitStorage) =>
  createAuthEndpoint('/two-factor/verify-backup-code', { method: 'POST', body: BODY }, async (ctx) => {
    const challenge = await attempt(ctx, limits)
    await useBackupCode(ctx, challenge.userId, ctx.body.code)
    return signIn(ctx, challenge)
  })

/** Counts it, before anything is looked at. Throws INVALID_TWO_FACTOR_COOKIE or TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE. */
async function attempt(ctx: GenericEndpointContext, limits: RateLimitStorage): Promise<Challenge> {
  const challenge = await readChallenge(ctx)
  if (!challenge) throw notBegun()
  const { allowed } = await limits.consume(`second-factor|sign-in|${challenge.id}`, ATTEMPTS)
  if (allowed) return challenge
  // Only in the browser: one of the attempts before this may be the right one, and on its way.
  leaveChallenge(ctx)
  throw APIError.from('BAD_REQUEST', TWO_FACTOR_ERROR_CODES.TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE)
}

const notBegun = () => APIError.from('UNAUTHORIZED', TWO_FACTOR_ERROR_CODES.INVALID_TWO_FACTOR_COOKIE)

async function signIn(ctx: GenericEndpointContext, challenge: Challenge) {
  const { internalAdapter, options } = ctx.context
  const user = await internalAdapter.findUserById(challenge.userId)
  if (!(await endChallenge(ctx, challenge)) || !user) throw notBegun()
  const session = await internalAdapter.createSession(user.id, !challenge.isRemembered)
  await setSessionCookie(ctx, { session, user }, !challenge.isRemembered)
  if (ctx.body.trustDevice === true) await trustDevice(ctx, user.id)
  return ctx.json({ token: session.token, user: parseUserOutput(options, user) })
}

/** From here on it is asked for. Whoever else is signed in has not shown it. */
async function confirmSetUp(
  ctx: GenericEndpointContext,
  { limits, observation }: { limits: RateLimitStorage; observation: Notes },
  { session, user }: Current,
) {
  const app = await findApp(ctx, user.id)
  if (!app || app.verified === true) throw APIError.from('BAD_REQUEST', TWO_FACTOR_ERROR_CODES.TOTP_NOT_ENABLED)
  await useTotp(ctx, limits, { userId: user.id, app, code: ctx.body.code })
  const token = await runWithTransaction(ctx.context.adapter, async () => {
    const updated = await ctx.context.internalAdapter.updateUser(user.id, { twoFactorEnabled: true })
    await confirmApp(ctx, app)
    await forgetDevices(ctx, user.id)
    return replaceSessions(ctx, { session, user: updated }, observation)
  })
  return ctx.json({ token, user: parseUserOutput(ctx.context.options, { ...user, twoFactorEnabled: true }) })
}

const isOn = (user: Record<string, unknown>) => user.twoFactorEnabled === true
