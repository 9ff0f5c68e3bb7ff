import type { NewEvent } from '../audit/events.ts'

/** What a change in the database means goes by the endpoint that made it: `path`, as better-auth writes it. */

type UserRow = {
  id: string
  email: string
  emailVerified: boolean
  role?: string | null
  banned?: boolean | null
  banExpires?: Date | null
  twoFactorEnabled?: boolean | null
}
type SessionRow = {
  id: string
  userId: string
  userAgent?: string | null | undefined
  impersonatedBy?: string | null | undefined
}

export function madeUser(path: string, userId: string): NewEvent {
  return { type: path.startsWith('/admin/') ? 'user-created' : 'signed-up', userId }
}

/** The columns whose change is recorded. */
export const WATCHED = ['email', 'emailVerified', 'role', 'banned', 'twoFactorEnabled'] as const

export function changesOf(before: UserRow, after: UserRow): NewEvent[] {
  const userId = after.id
  const [wasBanned, isBanned] = [before.banned === true, after.banned === true]
  // SQL may have written 'infinity', of which pg makes a number.
  const until = after.banExpires instanceof Date ? after.banExpires.toISOString() : null
  const isOtherAddress = before.email !== after.email
  const isVerified = !before.emailVerified && after.emailVerified && !isOtherAddress
  const [hadSecondFactor, hasSecondFactor] = [before.twoFactorEnabled === true, after.twoFactorEnabled === true]
  const roles = { from: before.role ?? null, to: after.role ?? null }
  return [
    ...events(isOtherAddress, { type: 'email-changed', userId, details: { from: before.email, to: after.email } }),
    ...events(isVerified, { type: 'email-verified', userId }),
    ...events(roles.from !== roles.to, { type: 'role-changed', userId, details: roles }),
    ...events(isBanned && !wasBanned, { type: 'banned', userId, details: { until } }),
    ...events(wasBanned && !isBanned, { type: 'unbanned', userId }),
    ...events(hasSecondFactor && !hadSecondFactor, { type: 'second-factor-enabled', userId }),
    ...events(hadSecondFactor && !hasSecondFactor, { type: 'second-factor-disabled', userId }),
  ]
}

export function setPassword(path: string, userId: string): NewEvent {
  return { type: path === '/reset-password' ? 'password-reset' : 'password-changed', userId }
}

/** Of a provider; a password is `setPassword`. */
export function addedAccount({ userId, providerId }: { userId: string; providerId: string }): NewEvent {
  return { type: 'sign-in-method-added', userId, details: { provider: providerId } }
}

/** A new user's first session is part of the sign-up, and one in place of the caller's own is no sign-in. */
const NO_SIGN_IN = new Set(['/sign-up/email', '/change-password'])

const METHODS: Record<string, 'password' | 'provider' | 'link' | 'code' | 'old-token'> = {
  '/sign-in/email': 'password',
  '/callback/:id': 'provider',
  '/magic-link/verify': 'link',
  '/sign-in/email-otp': 'code',
  '/exchange': 'old-token',
}

/** Whether a session that was made is a sign-in of its user. */
export function isSignIn(path: string, { impersonatedBy }: Pick<SessionRow, 'impersonatedBy'>): boolean {
  return !impersonatedBy && !NO_SIGN_IN.has(path)
}

export function startedImpersonation({ id: sessionId, userId, impersonatedBy }: SessionRow): NewEvent[] {
  if (!impersonatedBy) return []
  return [{ type: 'impersonation-started', userId, actorId: impersonatedBy, sessionId }]
}

export function signedIn(path: string, { id: sessionId, userId }: SessionRow, isNewDevice: boolean): NewEvent {
  const method = METHODS[path]
  const details = { ...(method && { method }), ...(isNewDevice && { newDevice: true as const }) }
  return { type: 'signed-in', userId, sessionId, details }
}

/** A session that has expired, and those of a user who is deleted, are no news. */
const NO_END = new Set(['/get-session', '/admin/remove-user', '/delete-user', '/delete-user/callback'])

export function endedSession(path: string, { id: sessionId, userId, ...session }: SessionRow): NewEvent[] {
  if (NO_END.has(path)) return []
  if (path === '/sign-out') return [{ type: 'signed-out', userId, sessionId }]
  if (path === '/admin/stop-impersonating')
    return [{ type: 'impersonation-stopped', userId, actorId: session.impersonatedBy ?? null, sessionId }]
  const details = { count: 1, userAgent: session.userAgent ?? null }
  return [{ type: 'session-revoked', userId, sessionId, details }]
}

export function endedSessions(path: string, userId: string, ended: number): NewEvent[] {
  // That of the caller is among them, and a new one takes its place.
  const count = path === '/change-password' ? ended - 1 : ended
  return events(count > 0 && !NO_END.has(path), { type: 'session-revoked', userId, details: { count } })
}

const events = (isSo: boolean, event: NewEvent): NewEvent[] => (isSo ? [event] : [])
