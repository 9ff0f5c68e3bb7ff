import type { Credential } from './credential.ts'
import { EXPIRES_IN_SECONDS, type SessionRow, UPDATE_AGE_SECONDS } from './queries.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** When a check will extend this session, by better-auth's own rule; null for one that was not to be remembered. */
export function refreshAt(
  session: Pick<SessionRow, 'createdAt' | 'expiresAt'>,
  { isRemembered }: Pick<Credential, 'isRemembered'>,
): Date | null {
  if (!isRemembered || isShortLived(session)) return null
  return new Date(session.expiresAt.getTime() + (UPDATE_AGE_SECONDS - EXPIRES_IN_SECONDS) * 1000)
}

/**
 * Made to last a day: `rememberMe: false`, or an administrator as somebody else. A cookie says so beside the session
 * cookie, but a bearer comes alone, and better-auth itself would extend it to a week.
 */
function isShortLived({ createdAt, expiresAt }: Pick<SessionRow, 'createdAt' | 'expiresAt'>): boolean {
  // better-auth reads its clock twice, for expiresAt first: a little less or more than a day.
  return expiresAt.getTime() - createdAt.getTime() <= DAY_MS + 60_000
}

export function isDue(due: Date | null, now: Date): boolean {
  return due !== null && due <= now
}
