import { availableParallelism } from 'node:os'
import { betterAuth } from 'better-auth'
import { Hono } from 'hono'
import type { Pool } from 'pg'
import type { DatabaseClock } from '../clock/database-clock.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import { bodyGuard } from '../http/body-guard.ts'
import type { HttpEnv } from '../http/context.ts'
import type { Log } from '../log.ts'
import { admission } from './admission.ts'
import { settle } from './answer.ts'
import { hideBannedSessions } from './banned-sessions.ts'
import { bodyDefaults } from './body-defaults.ts'
import { endSessionsOfChangedPassword, noteEndsOfSessions } from './changed-password.ts'
import { takeAnyCredentialRow } from './credential-account.ts'
import { knownEndpoint } from './endpoints.ts'
import { createForward } from './forward.ts'
import { holdEnds } from './hold.ts'
import { authLogger } from './logger.ts'
import { createObservation } from './observation.ts'
import { authOptions } from './options.ts'
import { refuseCrossSite } from './origin.ts'
import { refuseOutdatedSignIns } from './outdated-sign-in.ts'
import { createVerifyPassword, type VerifyPassword } from './password.ts'
import { passwordRules } from './password-rules.ts'
import { redirectRules, refuseElsewhere } from './redirects.ts'
import { refuseUnknownSession, takeSignedTokens } from './session-tokens.ts'
import { refuseUnknownUsers } from './unknown-users.ts'
import { deleteUsersWhole } from './whole-deletion.ts'

type Parts = { env: Env; pool: Pool; log: Log; clock: Pick<DatabaseClock, 'known'> }

/** better-auth under /api/auth/*, behind everything that may refuse a request before it does any work. */
export function authRoutes({ env, pool, log, clock }: Parts): Hono<HttpEnv> {
  const observation = createObservation()
  const verifyPassword = createVerifyPassword(log)
  const verify: VerifyPassword = async (given) => {
    const isRight = await verifyPassword(given)
    if (isRight) observation.noteVerified(given.hash)
    return isRight
  }
  const logger = authLogger(log, observation)
  const auth = betterAuth(authOptions({ env, pool: observation.watch(pool), logger, verify }))
  const ready = Promise.all([
    hideBannedSessions(auth.$context, observation),
    takeAnyCredentialRow(auth.$context),
    noteEndsOfSessions(auth.$context, observation),
    deleteUsersWhole(auth.$context),
  ])
  const refuseOutdated = refuseOutdatedSignIns({ env, pool, observation })
  const endSessions = endSessionsOfChangedPassword({ env, pool, observation })
  const refuseUnknown = refuseUnknownUsers(auth.$context)
  const checkLocation = refuseElsewhere(env)
  const forward = createForward(env)
  const cores = availableParallelism()
  // A longer line would be one of people who wait for their refusal: a core hashes 20 to 50 passwords a second.
  const hashing = admission({ atOnce: cores, waiting: cores * 32, waitMs: 2000 }, { milliseconds: 1000, atOnce: 1000 })

  return new Hono<HttpEnv>()
    .get('/api/auth/error', (c) => {
      throw new HttpError('UNKNOWN', reasonOf(c.req.query('error')))
    })
    .use('/api/auth/*', knownEndpoint(auth.api))
    .use('/api/auth/*', refuseCrossSite(env))
    .use('/api/auth/*', holdEnds()) // outside of the queue: who waits here holds no place there
    .use('/api/auth/*', hashing.refuseWhenFull)
    .use('/api/auth/*', bodyGuard())
    .use('/api/auth/*', redirectRules(env))
    .use('/api/auth/*', takeSignedTokens(env))
    .use('/api/auth/*', bodyDefaults())
    .use('/api/auth/*', passwordRules())
    .use('/api/auth/*', hashing.admit)
    .all('/api/auth/*', async (c) => {
      const request = forward(c)
      await ready
      await clock.known() // or sessions would be judged, and made, by a clock that may be wrong
      const route = c.get('route')
      const { answer, observed } = await observation.observe(async () => {
        const asked = { route, body: c.get('body') }
        const given = await refuseUnknown(await auth.handler(request), asked)
        await endSessions(given, asked)
        return route === '/api/auth/sign-in/email' ? refuseOutdated(given) : given
      })
      c.set('mayEndSessions', observed.mayEndSessions)
      const settled = await settle(answer, observed)
      refuseUnknownSession(settled, route, observed)
      return checkLocation(settled, route)
    })
}

/** The query is the caller's to write, so only the shape of a code passes. */
function reasonOf(error: string | undefined): { betterAuthCode?: string } {
  return error !== undefined && /^[A-Za-z_]{1,64}$/.test(error) ? { betterAuthCode: error.toUpperCase() } : {}
}
