import type { MiddlewareHandler } from 'hono'
import type { Env } from '../env.ts'
import { checkPasswordLengths } from '../passwords/rules.ts'
import { tokenOf } from '../sessions/credential.ts'
import type { AuthEnv, Body, Endpoint } from './endpoint.ts'

/** What becomes of a body before better-auth gets it, by the row of the endpoint. */
export function prepareBody({ BETTER_AUTH_SECRET }: Pick<Env, 'BETTER_AUTH_SECRET'>): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    const [given, endpoint] = [c.get('body'), c.get('endpoint')]
    if (given) {
      const named = withBareToken(given, endpoint, BETTER_AUTH_SECRET)
      const body = endpoint.complete?.(named) ?? named
      checkPasswords(body, endpoint)
      c.set('body', body)
    }
    await next()
  }
}

/**
 * Callers get tokens signed (sign-in, cookie, header) and, in lists of sessions, as the database keeps them: the second
 * kind opens nothing, it only names a session. Where a session is named, both are accepted.
 */
function withBareToken(body: Body, { revokes }: Endpoint, secret: string): Body {
  const given = revokes === undefined ? undefined : body[revokes]
  const token = typeof given === 'string' ? tokenOf(given, secret) : undefined
  return revokes === undefined || token === undefined ? body : { ...body, [revokes]: token }
}

/** `newPassword` is a new one wherever it stands, so that a forgotten column lets no short one through. */
function checkPasswords({ password, currentPassword, newPassword }: Body, endpoint: Endpoint): void {
  const isNew = endpoint.password === 'set'
  checkPasswordLengths({
    chosen: isNew ? [newPassword, password] : [newPassword],
    compared: isNew ? [currentPassword] : [currentPassword, password],
  })
}
