import type { GenericEndpointContext } from 'better-auth'
import { APIError, BASE_ERROR_CODES } from 'better-auth'

/** Seconds since the sign-in during which nothing is asked again. */
const FRESH_SECONDS = 600

type Session = { session: { createdAt: Date | string }; user: { id: string } }

/**
 * Whoever finds an unlocked screen, or has stolen a cookie, must not take the account with it: the password, or a sign-in of a moment
 * ago. Throws SESSION_NOT_FRESH or INVALID_PASSWORD.
 */
export async function requireFresh(ctx: GenericEndpointContext, { session, user }: Session, password?: string) {
  if (password !== undefined) return requirePassword(ctx, user.id, password)
  const age = Date.now() - new Date(session.createdAt).getTime()
  if (age > FRESH_SECONDS * 1000) throw APIError.from('FORBIDDEN', BASE_ERROR_CODES.SESSION_NOT_FRESH)
}

async function requirePassword({ context }: GenericEndpointContext, userId: string, password: string): Promise<void> {
  const account = await context.internalAdapter.findCredentialAccount(userId)
  const hash = account?.password
  const isRight = hash ? await context.password.verify({ hash, password }) : false
  if (!isRight) throw APIError.from('BAD_REQUEST', BASE_ERROR_CODES.INVALID_PASSWORD)
}
