import { runWithTransaction } from '@better-auth/core/context'
import { APIError, BASE_ERROR_CODES, type GenericEndpointContext } from 'better-auth'
import { createAuthEndpoint, createAuthMiddleware, getSessionFromCtx, sessionMiddleware } from 'better-auth/api'
import { TWO_FACTOR_ERROR_CODES } from 'better-auth/plugins/two-factor'
import { z } from 'zod'
import type { Observation } from '../observation.ts'
import type { RateLimitStorage } from '../rate-limit.ts'
import { backupCodesOf, deleteApp, findApp, useBackupCode, useTotp } from './app.ts'
import { replaceSessions } from './replace-sessions.ts'
import { forgetDevices, listDevices } from './trusted-devices.ts'

/** How long a sign-in counts as proof of who it is, for a user who has no password to give. */
const FRESH_SECONDS = 10 * 60

/** For the account page. */
export const readState = () =>
  createAuthEndpoint('/two-factor/state', { method: 'GET', use: [sessionMiddleware] }, async (ctx) => {
    const { user } = ctx.context.session
    const app = await findApp(ctx, user.id)
    const isEnabled = app?.verified === true
    return ctx.json({
      isEnabled,
      hasPassword: await hasPassword(ctx, user.id),
      backupCodesLeft: isEnabled ? (await backupCodesOf(ctx, app)).length : 0,
      trustedDevices: await listDevices(ctx, user.id),
    })
  })

/** It takes the second factor to turn it off: whoever has a session and the password has only the first. */
export const disableTwoFactor = (limits: RateLimitStorage, observation: Pick<Observation, 'note'>) =>
  createAuthEndpoint(
    '/two-factor/disable',
    {
      method: 'POST',
      use: [requireOwner()],
      body: z.object({ password: z.string().optional(), code: z.string().max(64) }),
    },
    async (ctx) => {
      const { session, user } = ctx.context.session
      const app = await findApp(ctx, user.id)
      if (app?.verified !== true) throw APIError.from('BAD_REQUEST', TWO_FACTOR_ERROR_CODES.TWO_FACTOR_NOT_ENABLED)
      await requirePassword(ctx, user.id, ctx.body.password)
      const { code } = ctx.body
      if (/^\d{6}$/.test(code)) await useTotp(ctx, limits, { userId: user.id, app, code })
      else await useBackupCode(ctx, user.id, code)
      const token = await runWithTransaction(ctx.context.adapter, async () => {
        const updated = await ctx.context.internalAdapter.updateUser(user.id, { twoFactorEnabled: false })
        await deleteApp(ctx, user.id)
        await forgetDevices(ctx, user.id)
        return replaceSessions(ctx, { session, user: updated }, observation)
      })
      return ctx.json({ status: true, token })
    },
  )

/** A session; of a user without a password, who has nothing else to show, one of a moment ago. Throws SESSION_NOT_FRESH. */
export function requireOwner() {
  return createAuthMiddleware(async (ctx) => {
    const session = await getSessionFromCtx(ctx)
    if (!session) throw APIError.from('UNAUTHORIZED', { code: 'UNAUTHORIZED', message: 'Unauthorized' })
    const age = Date.now() - new Date(session.session.createdAt).getTime()
    const isFresh = age < FRESH_SECONDS * 1000 || (await hasPassword(ctx, session.user.id))
    if (!isFresh) throw APIError.from('FORBIDDEN', BASE_ERROR_CODES.SESSION_NOT_FRESH)
    return { session }
  })
}

async function hasPassword({ context }: GenericEndpointContext, userId: string): Promise<boolean> {
  return Boolean((await context.internalAdapter.findCredentialAccount(userId))?.password)
}

async function requirePassword({ context }: GenericEndpointContext, userId: string, password = ''): Promise<void> {
  const hash = (await context.internalAdapter.findCredentialAccount(userId))?.password
  if (hash && !(await context.password.verify({ hash, password })))
    throw APIError.from('BAD_REQUEST', BASE_ERROR_CODES.INVALID_PASSWORD)
}
