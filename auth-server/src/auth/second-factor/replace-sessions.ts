import { getCurrentAdapter } from '@better-auth/core/context'
import type { GenericEndpointContext, Session, User } from 'better-auth'
import { setSessionCookie } from 'better-auth/cookies'
import type { Observation } from '../observation.ts'

/**
 * OWASP ASVS 7.4.3, where a second factor comes or goes: the other sessions end. The caller's gets another token, as after every change
 * of what it may do.
 */
export async function replaceSessions(
  ctx: GenericEndpointContext,
  { session, user }: { session: Session; user: User },
  observation: Pick<Observation, 'note'>,
): Promise<string> {
  observation.note({ replacesSession: true })
  const { internalAdapter, authCookies, secret } = ctx.context
  const isShort = Boolean(await ctx.getSignedCookie(authCookies.dontRememberToken.name, secret))
  const replaced = await internalAdapter.createSession(user.id, isShort, keptOf(session))
  const adapter = await getCurrentAdapter(ctx.context.adapter)
  await adapter.deleteMany({
    model: 'session',
    where: [
      { field: 'userId', value: user.id },
      { field: 'token', operator: 'ne', value: replaced.token },
    ],
  })
  await setSessionCookie(ctx, { session: replaced, user }, isShort)
  return replaced.token
}

/** Who acts in it, and where it was made. */
function keptOf(session: Session & { impersonatedBy?: string | null }) {
  const { ipAddress, userAgent, impersonatedBy } = session
  return { ipAddress, userAgent, ...(impersonatedBy && { impersonatedBy }) }
}
