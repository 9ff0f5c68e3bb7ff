import { availableParallelism } from 'node:os'
import { betterAuth } from 'better-auth'
import { Hono } from 'hono'
import type { Pool } from 'pg'
import type { Registry } from 'prom-client'
import type { DatabaseClock } from '../clock/database-clock.ts'
import type { Env } from '../env.ts'
import { HttpError } from '../errors.ts'
import { bodyGuard } from '../http/body-guard.ts'
import type { Log } from '../log.ts'
import type { Delivery } from '../mail/start.ts'
import { oldTokenIn } from '../old-tokens/claims.ts'
import type { OldTokens } from '../old-tokens/old-tokens.ts'
import { createIsBreached } from '../passwords/breached.ts'
import { createVerifyPassword, type Hashing, type VerifyPassword } from '../passwords/hash.ts'
import { countPasswordChecks } from '../passwords/metrics.ts'
import { HashingQueue, RefusalDelay } from '../passwords/queue.ts'
import type { LastUses } from '../sessions/last-uses.ts'
import { AccountLimit } from './account-limit.ts'
import { admission } from './admission.ts'
import { alikeBody, respondAlike } from './alike.ts'
import { authOptions } from './better-auth.ts'
import { prepareBody } from './body.ts'
import { endSessionsOfChangedPassword, refuseOutdatedSignIns } from './changed-password.ts'
import type { ReadConnections } from './connected-accounts.ts'
import { endOldTokensWithSessions } from './ended-old-tokens.ts'
import type { AuthEnv } from './endpoint.ts'
import { knownEndpoint } from './endpoints.ts'
import { createForward, createOriginOf } from './forward.ts'
import { createHandler } from './handler.ts'
import { holdEnds, type Settled } from './hold.ts'
import { correctInternalAdapter } from './internal-adapter.ts'
import { KnownDevices } from './known-devices.ts'
import { WaysIn } from './last-way-in.ts'
import { authLogger } from './logger.ts'
import { type Adapter, createMails, type Mails } from './mails/mails.ts'
import { findNamedSession, nameById } from './named-sessions.ts'
import { Observation } from './observation.ts'
import { observePool } from './observed-pool.ts'
import { refuseCrossSite } from './origin.ts'
import { refuseUnknownUsers } from './plugins/administration.ts'
import { leadBack, nameOutage, takeFormPosts } from './providers/callback.ts'
import { ProviderUnavailable } from './providers/request.ts'
import { rateLimitStorage } from './rate-limit.ts'
import { redirectRules, refuseElsewhere } from './redirects.ts'
import { recordRefusedSignIns } from './refused-sign-ins.ts'
import { createRehash } from './rehash.ts'
import { settle } from './response.ts'
import { challengeHalfSignIns } from './second-factor/challenge.ts'
import { refuseSignUps } from './sign-ups.ts'

type Parts = {
  env: Env
  pool: Pool
  log: Log
  clock: Pick<DatabaseClock, 'known'>
  mail: Pick<Delivery, 'wake'>
  lastUses: Pick<LastUses, 'note'>
  readConnections: ReadConnections
  oldTokens: OldTokens
  hashing: Hashing
  registry: Registry
  settled: Settled
}

/** better-auth under /api/auth/*, behind everything that may refuse a request before it does any work. */
export function authRoutes(parts: Parts): Hono<AuthEnv> {
  const { env, pool, log, clock, mail, lastUses, readConnections, oldTokens, hashing, registry, settled } = parts
  const observation = new Observation()
  const mails = createMails({
    isOn: env.SMTP_URL !== undefined,
    isVerificationRequired: env.REQUIRE_EMAIL_VERIFICATION,
    env,
    wake: mail.wake,
    consume: rateLimitStorage({ env, pool }).consume,
  })
  const waysIn = new WaysIn({ env, pool, observation, mails })
  const verify = createVerify({ env, log, registry }, observation)
  const auth = createAuth({ env, pool, log, hash: hashing.hash, verify, waysIn, oldTokens }, observation, mails)
  const handle = createHandler(auth)
  const ready = correctInternalAdapter(auth.$context, observation, mails, lastUses, waysIn, readConnections, parts)
  const refuseUnknown = refuseUnknownUsers(auth.$context)
  const devices = new KnownDevices(env)
  const accountLimit = new AccountLimit({ env, pool, devices })
  const endSessions = endSessionsOfChangedPassword({ env, pool }, (userId) => accountLimit.forget(userId))
  const endOldTokens = endOldTokensWithSessions(oldTokens)
  const refuseOutdated = refuseOutdatedSignIns({ env, pool, verify })
  const rehash = createRehash({ env, pool, log, hashing })
  const recordRefusal = recordRefusedSignIns({ env, pool })
  const challenge = challengeHalfSignIns({ env, pool })
  const checkLocation = refuseElsewhere(env)
  const forward = createForward(env)
  const originOf = createOriginOf(env)
  const { costly, ...places } = createAdmission()

  return new Hono<AuthEnv>()
    .get('/api/auth/error', (c) => {
      throw new HttpError('UNKNOWN', reasonOf(c.req.query('error')))
    })
    .use('/api/auth/callback/*', leadBack(env))
    .use('/api/auth/*', knownEndpoint())
    .use('/api/auth/*', takeFormPosts())
    .use('/api/auth/*', refuseCrossSite(env))
    .use('/api/auth/*', refuseSignUps(env))
    .use('/api/auth/*', respondAlike(mails.isVerificationRequired))
    .use('/api/auth/*', holdEnds(settled)) // outside of the queue: a response that is held keeps no place there
    .use('/api/auth/*', places.refuseWhenFull)
    .use('/api/auth/*', bodyGuard())
    .use('/api/auth/*', redirectRules(env))
    .use('/api/auth/*', prepareBody({ env, isBreached: createIsBreached({ env, log }) }))
    .use('/api/auth/*', findNamedSession({ env, pool }))
    .use('/api/auth/*', devices.remember)
    .use('/api/auth/*', accountLimit.count)
    .use('/api/auth/*', places.admit)
    .all('/api/auth/*', async (c) => {
      const request = forward(c)
      await ready
      await clock.known() // or sessions would be judged, and made, by a clock that may be wrong
      const [endpoint, body] = [c.get('endpoint'), c.get('body')]
      const { response, observed } = await observation.observe(originOf(c), async (observed) => {
        observed.enterCostly = () => {
          c.get('leaveHashing')?.()
          return costly.enter(c.req.raw.signal)
        }
        observed.isKnownDevice = (email) => devices.find(c.req.header('cookie'), email) !== undefined
        observed.oldToken = oldTokenIn(c.req.header('authorization'))
        observed.guess = c.get('guess')
        const email = body?.email
        observed.knownDevice = typeof email === 'string' ? devices.find(c.req.header('cookie'), email) : undefined
        let response = await handle(request)
        const isAlike = mails.isVerificationRequired && endpoint.alike === true
        // Two sign-ups raced: by now the address is taken, and the response is the one that everybody gets.
        if (isAlike && observed.duplicateIn === 'user') {
          delete observed.duplicateIn
          delete observed.unexpected
          response = await handle(forward(c))
        }
        if (isAlike && response.ok) response = await alikeBody(response)
        await Promise.all(observed.background ?? [])
        const given = await refuseUnknown(response, endpoint, body?.userId)
        try {
          await endOldTokens(given, { endpoint, body, observed })
        } finally {
          await endSessions(given, { endpoint, body, observed }) // whatever happened: the password is changed
        }
        const continued = await challenge(given, c.req.method, observed)
        const settled = await refuseOutdated(continued, { endpoint, body, observed })
        await recordRefusal(settled, { endpoint, body, observed })
        await rehash(settled, { endpoint, observed })
        return settled
      })
      c.set('mayEndSessions', observed.mayEndSessions)
      c.set('signedInAs', observed.signedInAs)
      const settled = nameOutage(await settle(response, { endpoint, observed }), observed)
      return checkLocation(await nameById(settled, endpoint, observed), endpoint)
    })
}

/** Notes the password that was right, and lets what costs more than our own hash wait for a place of its own. */
function createVerify({ env, log, registry }: Pick<Parts, 'env' | 'log' | 'registry'>, observation: Observation) {
  const verifyPassword = createVerifyPassword({
    log,
    keys: env.legacyKeys,
    count: countPasswordChecks(registry),
    runCostly: async (costMs, work) => {
      const leave = costMs > COSTLY_MS ? await observation.current?.enterCostly?.() : undefined
      return work().finally(leave)
    },
  })
  const verify: VerifyPassword = async (given) => {
    const isRight = await verifyPassword(given)
    if (isRight) observation.note({ verified: given })
    return isRight
  }
  return verify
}

/** Of one core: a hash of our own takes 10 to 20. */
const COSTLY_MS = 30

/** better-auth, on a pool and with a password check that note what they see. */
function createAuth(
  {
    env,
    pool,
    log,
    hash,
    verify,
    waysIn,
    oldTokens,
  }: Pick<Parts, 'env' | 'pool' | 'log'> & {
    hash: Hashing['hash']
    verify: VerifyPassword
    waysIn: WaysIn
    oldTokens: OldTokens
  },
  observation: Observation,
  mails: Mails,
) {
  const logger = authLogger(log, observation)
  const options = {
    env,
    pool: observePool(pool, observation),
    logger,
    hash,
    verify,
    observation,
    mails,
    oldTokens,
    tellOwner,
    background,
    providerFailed,
    removePasskey: (id: string, userId: string) => waysIn.removePasskey(id, userId),
  }
  const auth = betterAuth(authOptions(options))
  return auth

  async function tellOwner({ email, emailVerified }: { email: string; emailVerified: boolean }): Promise<void> {
    const { adapter } = await auth.$context
    await mails.request(adapter as Adapter, {
      kind: emailVerified ? 'account-exists' : 'verify-email',
      recipient: email,
    })
  }

  function providerFailed(provider: string, error: unknown): void {
    log.warn({ provider, err: error }, 'a sign-in at a provider failed')
    if (error instanceof ProviderUnavailable) observation.note({ providerUnavailable: error })
  }

  function background(task: Promise<unknown>): void {
    task.catch(() => undefined) // the response waits for it, and says what became of it
    observation.note({ background: [...(observation.current?.background ?? []), task] })
  }
}

/** A core hashes 20 to 50 passwords a second: who waited in a longer line would be refused in the end. */
function createAdmission() {
  const cores = availableParallelism()
  const queue = new HashingQueue({ atOnce: cores, waiting: cores * 32, waitMs: 2000 })
  // Older systems' hashes take up to two seconds: they never have all cores, and never the others' places.
  const costly = new HashingQueue({ atOnce: Math.max(1, cores >> 1), waiting: cores * 16, waitMs: 5000 })
  return { ...admission(queue, new RefusalDelay({ meanMs: 1000, atOnce: 1000 })), costly }
}

/** The query is the caller's to write, so only the shape of a code passes. */
function reasonOf(error: string | undefined): { betterAuthCode?: string } {
  return error !== undefined && /^[A-Za-z_]{1,64}$/.test(error) ? { betterAuthCode: error.toUpperCase() } : {}
}
