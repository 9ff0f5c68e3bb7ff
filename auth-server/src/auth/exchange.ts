import type { BetterAuthPlugin } from 'better-auth'
import { APIError, BASE_ERROR_CODES } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { parseUserOutput } from 'better-auth/db'
import { HttpError } from '../errors.ts'
import { signInTimeOf } from '../old-tokens/claims.ts'
import type { OldTokens } from '../old-tokens/old-tokens.ts'
import type { Observation } from './observation.ts'

type Parts = {
  oldTokens: Pick<OldTokens, 'isConfigured' | 'claim' | 'keep'> | undefined
  observation: Pick<Observation, 'current'>
  isVerificationRequired: boolean
}

/**
 * A session for a token of the old system, once. It is a sign-in like others: recorded, mailed to the owner when the browser is new, and with
 * the second factor first (second-factor/rule.ts), for which the token is used up too.
 */
export const exchangeOldTokens = ({ oldTokens, observation, isVerificationRequired }: Parts) =>
  ({
    id: 'exchange',
    endpoints: {
      exchangeOldToken: createAuthEndpoint('/exchange', { method: 'POST' }, async (ctx) => {
        const { internalAdapter, options } = ctx.context
        if (!oldTokens?.isConfigured) throw new HttpError('NOT_FOUND')
        const presented = observation.current?.oldToken
        if (presented === undefined) throw new HttpError('INVALID_TOKEN')
        const { token, user } = await oldTokens.claim(presented, ({ emailVerified }) => {
          if (isVerificationRequired && !emailVerified)
            throw APIError.from('FORBIDDEN', BASE_ERROR_CODES.EMAIL_NOT_VERIFIED)
        })
        // What asks for a fresh sign-in asks for one here.
        const made = { createdAt: signInTimeOf(token) }
        const session = await internalAdapter.createSession(user.id, false, made, true)
        await oldTokens.keep(token, session.id)
        const whole = await internalAdapter.findUserById(user.id)
        if (!whole) throw new HttpError('OLD_TOKEN_USER_UNKNOWN')
        await setSessionCookie(ctx, { session, user: whole })
        return ctx.json({ token: session.token, user: parseUserOutput(options, whole) })
      }),
    },
  }) satisfies BetterAuthPlugin
