import type { MiddlewareHandler } from 'hono'
import { HttpError } from '../errors.ts'
import type { HttpEnv } from '../http/context.ts'

export const PASSWORD_LENGTH = { min: 8, max: 128 }
const TOO_SHORT = `A password must have at least ${PASSWORD_LENGTH.min} characters.`
const TOO_LONG = `A password may have at most ${PASSWORD_LENGTH.max} characters.`

/** Where `password` is a new one; elsewhere it is compared with one that exists. */
const SETS_PASSWORD = new Set(['/api/auth/sign-up/email', '/api/auth/admin/create-user'])

/**
 * Lengths in characters a person would count. better-auth counts UTF-16 units, by which one emoji is two to eight
 * characters; its own limits are set so wide that these decide.
 */
export function passwordRules(): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const { password, currentPassword, newPassword } = c.get('body') ?? {}
    const chosen = SETS_PASSWORD.has(c.get('route') ?? '') ? [newPassword, password] : [newPassword]
    if (chosen.some((value) => lengthOf(value) < PASSWORD_LENGTH.min)) {
      throw new HttpError('PASSWORD_TOO_SHORT', { message: TOO_SHORT })
    }
    if ([password, currentPassword, newPassword].some((value) => lengthOf(value, 0) > PASSWORD_LENGTH.max)) {
      throw new HttpError('PASSWORD_TOO_LONG', { message: TOO_LONG })
    }
    await next()
  }
}

/** What is no string is better-auth's to refuse. */
function lengthOf(value: unknown, otherwise = Number.POSITIVE_INFINITY): number {
  return typeof value === 'string' ? [...value].length : otherwise
}
