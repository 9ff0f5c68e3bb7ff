import { randomUUID } from 'node:crypto'
import type { BetterAuthOptions } from 'better-auth'
import { admin } from 'better-auth/plugins/admin'
import { bearer } from 'better-auth/plugins/bearer'
import { PostgresDialect } from 'kysely'
import type { Pool } from 'pg'
import type { Env } from '../env.ts'
import { isSecure } from '../sessions/cookies.ts'
import { takeAllAddresses } from './addresses.ts'
import { hashPassword, type VerifyPassword } from './password.ts'
import { PASSWORD_LENGTH } from './password-rules.ts'
import { rateLimitStorage } from './rate-limit-storage.ts'
import { keepWholeAddress } from './session-address.ts'
import { checkUser } from './user-rules.ts'

/** Set by forward.ts on every request, over whatever the client sent: the only address better-auth believes. */
export const CLIENT_ADDRESS_HEADER = 'x-auth-server-client-address'

export type AuthLogger = NonNullable<BetterAuthOptions['logger']>

type Parts = { env: Env; pool: Pool; logger?: AuthLogger; verify?: VerifyPassword }

/** All of better-auth's options, for the running server and for its migrations. */
export function authOptions({ env, pool, logger = { disabled: true }, verify = refuseAll }: Parts) {
  takeAllAddresses()
  return {
    appName: 'Auth Sidecar',
    baseURL: env.PUBLIC_URL,
    basePath: '/api/auth',
    secret: env.BETTER_AUTH_SECRET,
    trustedOrigins: env.CORS_ORIGIN,
    database: {
      dialect: new PostgresDialect({ pool }),
      type: 'postgres',
      schemaName: env.AUTH_DB_SCHEMA,
      // The default is false for a dialect: sign-up could leave a user without an account.
      transaction: true,
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      // In UTF-16 units; password-rules.ts counts characters.
      maxPasswordLength: PASSWORD_LENGTH.max * 2,
      revokeSessionsOnPasswordReset: true,
      password: { hash: hashPassword, verify },
    },
    session: {
      // Its cache keeps revoked sessions alive, through /update-user without end.
      cookieCache: { enabled: false },
    },
    verification: { storeIdentifier: 'hashed' },
    // The raw value of session.token, which a database dump shows, must open nothing.
    plugins: [bearer({ requireSignature: true }), admin()],
    databaseHooks: {
      user: { create: { before: checkUser }, update: { before: checkUser } },
      session: { create: { before: keepWholeAddress(CLIENT_ADDRESS_HEADER) } },
    },
    rateLimit: rateLimit(env, pool),
    advanced: {
      useSecureCookies: isSecure(env),
      // Spelt out: with NODE_ENV=test their defaults are the other way round.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      // Mails must not be awaited: how long an answer takes would tell who has an account.
      backgroundTasks: {
        handler: (task: Promise<unknown>) =>
          void task.catch((error: unknown) => logger.log?.('error', 'A background task failed', error)),
      },
      database: {
        // Fits columns of text, varchar and uuid alike: tables of other tools are adopted as they are.
        generateId: () => randomUUID(),
        joins: true,
        // /revoke-other-sessions silently stops at this many; the default is 100.
        defaultFindManyLimit: 100_000,
        // A replica that looks before the migrations are done would stay broken until its restart; see readiness.ts.
        validateSchema: false,
      },
    },
    // What is no answer of better-auth's is thrown to us, instead of printed to the console with its values.
    onAPIError: { throw: true },
    logger,
    telemetry: { enabled: false },
  } satisfies BetterAuthOptions
}

/** For migrations, which verify nobody. */
const refuseAll: VerifyPassword = async () => false

/** In the database, so that several servers share one count; in every mode, so that development behaves the same. */
function rateLimit(env: Env, pool: Pool) {
  const guessing = env.RATE_LIMIT_SIGN_IN
  const guessable = [
    '/sign-in/*',
    '/sign-up/*',
    '/change-password',
    '/change-email',
    '/verify-password',
    '/delete-user',
  ]
  return {
    enabled: true,
    storage: 'database', // for the table; customStorage counts in it
    customStorage: rateLimitStorage({ env, pool }),
    ...env.RATE_LIMIT_DEFAULT,
    customRules: {
      ...Object.fromEntries([...guessable, '/reset-password'].map((path) => [path, guessing])),
      // The count goes by path, and this path ends in a secret: it would limit nothing and keep the secret in clear.
      '/reset-password/*': false,
      '/get-session': false,
      '/ok': false,
    },
  } as const
}
