import type { MiddlewareHandler } from 'hono'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'
import { tokenOf } from '../sessions/credential.ts'
import type { Observed } from './observation.ts'

/** Where a session is named by its token. Elsewhere `token` is that of a mailed link. */
const NAMES = { '/api/auth/revoke-session': 'token' } as Record<string, string>
const NAME = 'sessionToken'

/** Where exactly one session is ended, by its token. */
const ENDS_ONE = new Set(['/api/auth/revoke-session', '/api/auth/admin/revoke-user-session'])

/**
 * We hand out tokens signed (sign-in, cookie, header) and, in lists of sessions, as they stand in the database: the second
 * kind opens nothing, it only names a session. An input that names one takes both.
 */
export function takeSignedTokens({ BETTER_AUTH_SECRET }: Pick<Env, 'BETTER_AUTH_SECRET'>): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const body = c.get('body')
    const name = NAMES[c.get('route') ?? ''] ?? NAME
    const given = body?.[name]
    const token = typeof given === 'string' ? tokenOf(given, BETTER_AUTH_SECRET) : undefined
    if (token !== undefined) c.set('body', { ...body, [name]: token })
    await next()
  }
}

/** better-auth says "done" also where nothing was ended: an unknown token, or another user's. */
export function refuseUnknownSession(
  answer: Response,
  route: string | undefined,
  { endedSessions = 0 }: Observed,
): void {
  if (answer.status < 300 && ENDS_ONE.has(route ?? '') && endedSessions === 0) throw new HttpError('SESSION_NOT_FOUND')
}
