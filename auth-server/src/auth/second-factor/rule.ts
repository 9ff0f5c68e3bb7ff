import type { GenericEndpointContext } from 'better-auth'
import { APIError, getOAuthState } from 'better-auth/api'
import { ENDPOINTS } from '../endpoints.ts'
import type { Observation } from '../observation.ts'
import { trustedSince } from './trusted-devices.ts'

type NewSession = { userId: string; impersonatedBy?: string | null } & Record<string, unknown>
type Notes = Pick<Observation, 'note'>

/** What ends the request inside of better-auth. Its caller gets another response: challenge.ts. */
const SECOND_FACTOR_REQUIRED = { code: 'SECOND_FACTOR_REQUIRED', message: 'This sign-in needs a second factor.' }

/**
 * A hook of better-auth's, before a session is made, whichever way of signing in makes it: there is none for a user who has a second
 * factor, before it was shown. better-auth would make one and delete it a moment later, and only after the ways that it
 * lists. docs/decisions/0063-a-second-factor-before-every-session.md
 */
export function askBeforeSessions(observation: Notes) {
  return async (session: NewSession, ctx: GenericEndpointContext | null) => ({
    data: { ...session, secondFactorAt: await shownAt(session, ctx, observation) },
  })
}

/** When the user showed the second factor; null: they have none. Throws where it has to be shown first. */
async function shownAt(
  session: NewSession,
  ctx: GenericEndpointContext | null,
  observation: Notes,
): Promise<Date | null> {
  // Outside of a request nobody signs in. A session of a user with a second factor opens nothing then: sessions/fields.ts.
  if (!ctx) return null
  const endpoint = rowOf(ctx.path)
  if (endpoint?.proves === 'second-factor') return new Date()
  const caller = endpoint?.session === 'used' ? callerOf(ctx) : undefined
  // An administrator acts as the user, who is not asked.
  if (session.impersonatedBy && caller?.userId === session.impersonatedBy) return caller.secondFactorAt ?? null
  const user: Record<string, unknown> | null = await ctx.context.internalAdapter.findUserById(session.userId)
  if (user?.twoFactorEnabled !== true) return null
  // It takes the place of the caller's own: the password was changed.
  if (caller?.userId === session.userId && caller.secondFactorAt) return caller.secondFactorAt
  const trusted = await trustedSince(ctx, session.userId)
  if (trusted) return trusted
  const isRemembered = ctx.body?.rememberMe !== false
  // Of a sign-in at a provider: where the user wanted to go is in what it was begun with.
  const callbackURL = (await getOAuthState())?.callbackURL
  observation.note({ halfSignIn: { userId: session.userId, isRemembered, callbackURL } })
  throw APIError.from('UNAUTHORIZED', SECOND_FACTOR_REQUIRED)
}

const rowOf = (path: string) => Object.entries(ENDPOINTS).find(([known]) => known === path)?.[1]

function callerOf({ context }: GenericEndpointContext): { userId: string; secondFactorAt?: Date | null } | undefined {
  return context.session?.session
}
