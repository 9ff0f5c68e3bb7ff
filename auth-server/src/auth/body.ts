import type { MiddlewareHandler } from 'hono'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { IsBreached } from '../passwords/breached.ts'
import { checkPasswordLengths } from '../passwords/rules.ts'
import { tokenOf } from '../sessions/credential.ts'
import type { AuthEnv, Body, Endpoint } from './endpoint.ts'

type Parts = { env: Pick<Env, 'BETTER_AUTH_SECRET' | 'PASSWORD_MIN_LENGTH'>; isBreached: IsBreached }

/** What becomes of a body before better-auth gets it, by the row of the endpoint. */
export function prepareBody({ env, isBreached }: Parts): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    const [given, endpoint] = [c.get('body'), c.get('endpoint')]
    if (given) {
      const named = withBareToken(given, endpoint, env.BETTER_AUTH_SECRET)
      const body = endpoint.complete?.(named) ?? named
      const chosen = chosenPasswords(body, endpoint)
      const compared = comparedPasswords(body, endpoint)
      checkPasswordLengths({ chosen, compared, min: env.PASSWORD_MIN_LENGTH })
      await refuseBreached(chosen, isBreached)
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
function chosenPasswords({ password, newPassword }: Body, endpoint: Endpoint): unknown[] {
  return endpoint.password === 'set' ? [newPassword, password] : [newPassword]
}

function comparedPasswords({ password, currentPassword }: Body, endpoint: Endpoint): unknown[] {
  return endpoint.password === 'set' ? [currentPassword] : [currentPassword, password]
}

async function refuseBreached(chosen: unknown[], isBreached: IsBreached): Promise<void> {
  for (const password of chosen) {
    if (typeof password === 'string' && (await isBreached(password))) throw new HttpError('PASSWORD_COMPROMISED')
  }
}
