import type { MiddlewareHandler } from 'hono'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import type { AuthEnv } from './endpoint.ts'
import { requireVerified, type Validate } from './providers/linking.ts'

type SignUpEnv = Pick<Env, 'SIGN_UP'>

/**
 * Where SIGN_UP is closed: before anything looks at the address, so that the response is the same for one that has an account. By path: a
 * provider signs up with the request that signs in, and better-auth asks `newUserRule`.
 */
export function refuseSignUps({ SIGN_UP }: SignUpEnv): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    if (SIGN_UP === 'closed' && c.get('endpoint').signsUp) throw new HttpError('SIGN_UP_CLOSED')
    await next()
  }
}

/** Before a user is made, in whichever way. An administrator makes users all the same. */
export function newUserRule({ SIGN_UP }: SignUpEnv): Validate {
  return (given, context) => {
    const { action, method } = given.source
    if (SIGN_UP === 'closed' && action === 'create-user' && method !== 'admin') return { error: 'sign_up_closed' }
    return requireVerified(given, context)
  }
}
