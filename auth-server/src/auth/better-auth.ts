import { randomUUID } from 'node:crypto'
import type { BetterAuthOptions } from 'better-auth'
import { bearer } from 'better-auth/plugins/bearer'
import { PostgresDialect } from 'kysely'
import type { Pool } from 'pg'
import { auditTable } from '../audit/table.ts'
import type { Env } from '../env.ts'
import { oldTokenTable } from '../old-tokens/table.ts'
import { type Hashing, hashPassword, type VerifyPassword } from '../passwords/hash.ts'
import { isSecure } from '../sessions/cookies.ts'
import { lengthsOf } from '../sessions/refresh.ts'
import { takeAllAddresses } from './addresses.ts'
import { CONNECTION_FIELDS } from './connected-accounts.ts'
import { BASE_PATH } from './endpoints.ts'
import { exchangeOldTokens } from './exchange.ts'
import { ownersOnly } from './impersonated.ts'
import { mailedSignIn } from './mailed-sign-in/plugin.ts'
import { type Mails, NO_MAILS } from './mails/mails.ts'
import { mailPlugin } from './mails/plugin.ts'
import { emailAndPassword } from './methods/email-and-password.ts'
import { passkeys } from './methods/passkey.ts'
import type { Observation } from './observation.ts'
import { administration } from './plugins/administration.ts'
import { errorPage } from './providers/callback.ts'
import { keepNoTokens, LINKING } from './providers/linking.ts'
import { type ProviderFailed, signInProviders } from './providers/plugin.ts'
import { rateLimit, rateLimitStorage } from './rate-limit.ts'
import { secondFactor } from './second-factor/plugins.ts'
import { requireOwner } from './second-factor/settings.ts'
import { newUserRule } from './sign-ups.ts'
import { additionalFields, checkChangedUser, checkNewUser, checkUserInput } from './user-fields.ts'

/** Set by forward.ts on every request, over whatever the client sent: the only address better-auth believes. */
export const CLIENT_ADDRESS_HEADER = 'x-auth-server-client-address'

export type AuthLogger = NonNullable<BetterAuthOptions['logger']>

type Parts = {
  env: Env
  pool: Pool
  logger?: AuthLogger
  hash?: Hashing['hash']
  verify?: VerifyPassword
  mails?: Mails
  tellOwner?: Parameters<typeof emailAndPassword>[0]['tellOwner']
  /** Takes what better-auth does not wait for. */
  background?: (task: Promise<unknown>) => void
  providerFailed?: ProviderFailed
  observation?: Pick<Observation, 'note' | 'current'>
  oldTokens?: Parameters<typeof exchangeOldTokens>[0]['oldTokens']
  removePasskey?: Parameters<typeof passkeys>[1]['remove']
}

/** All of better-auth's options, for the running server and for its migrations. */
export function authOptions({ env, pool, logger = { disabled: true }, ...parts }: Parts) {
  const { hash = hashPassword, verify = refuseAll } = parts
  const { mails = NO_MAILS, tellOwner = tellNobody, background = () => undefined } = parts
  const { providerFailed = () => undefined, oldTokens } = parts
  const { observation = UNOBSERVED, removePasskey: remove = async () => 'gone' as const } = parts
  takeAllAddresses()
  return {
    appName: env.brand.name,
    baseURL: env.PUBLIC_URL,
    basePath: BASE_PATH,
    secret: env.BETTER_AUTH_SECRET,
    trustedOrigins: env.CORS_ORIGIN,
    database: {
      dialect: new PostgresDialect({ pool }),
      type: 'postgres',
      schemaName: env.AUTH_DB_SCHEMA,
      // The default is false for a dialect: sign-up could leave a user without an account.
      transaction: true,
    },
    emailAndPassword: emailAndPassword({
      ...{ hash, verify, tellOwner, isVerificationRequired: mails.isVerificationRequired },
      minPasswordLength: env.PASSWORD_MIN_LENGTH,
    }),
    user: { validateUserInfo: newUserRule(env), additionalFields: additionalFields(env) },
    account: { accountLinking: LINKING, additionalFields: CONNECTION_FIELDS },
    session: {
      ...lengthsOf(env),
      // Its cache keeps revoked sessions alive, through /update-user without end.
      cookieCache: { enabled: false },
      // For the list of devices, see sessions/last-uses.ts.
      additionalFields: { lastUsedAt: { type: 'date', required: false, input: false, returned: false } },
    },
    verification: { storeIdentifier: 'hashed' },
    // The raw value of session.token, which a database dump shows, must open nothing.
    plugins: [
      bearer({ requireSignature: true }),
      administration(),
      ownersOnly,
      mailPlugin(mails),
      mailedSignIn({ env, mails, observation, consume: rateLimitStorage({ env, pool }).consume }),
      auditTable,
      oldTokenTable,
      exchangeOldTokens({ oldTokens, observation, isVerificationRequired: mails.isVerificationRequired }),
      signInProviders({ providers: env.providers, canVerify: env.SMTP_URL !== undefined }, providerFailed),
      passkeys(env, { requireOwner: requireOwner(), remove }),
      ...secondFactor({ limits: rateLimitStorage({ env, pool }), observation }),
    ],
    hooks: { before: checkUserInput(env) },
    databaseHooks: {
      user: { create: { before: checkNewUser(env) }, update: { before: checkChangedUser(env) } },
      session: { create: { before: keepWholeAddress } },
      account: { create: { before: keepNoTokens }, update: { before: keepNoTokens } },
    },
    rateLimit: rateLimit(env, pool),
    advanced: {
      useSecureCookies: isSecure(env),
      ...(env.COOKIE_DOMAIN !== undefined && { crossSubDomainCookies: { enabled: true, domain: env.COOKIE_DOMAIN } }),
      // Explicit: with NODE_ENV=test their defaults are the other way round.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      // better-auth would wait inside of its transaction; the response waits after it, see routes.ts.
      backgroundTasks: { handler: background },
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
    // An error that is no response of better-auth's is thrown to us, not printed to the console with its values.
    onAPIError: { throw: true, errorURL: errorPage(env) },
    logger,
    telemetry: { enabled: false },
  } satisfies BetterAuthOptions
}

/** For migrations, which verify nobody. */
const refuseAll: VerifyPassword = async () => false
const UNOBSERVED = { note: () => undefined, current: undefined }
const tellNobody = async () => undefined

type BeforeCreate = NonNullable<
  NonNullable<NonNullable<NonNullable<BetterAuthOptions['databaseHooks']>['session']>['create']>['before']
>

/**
 * A session keeps the client's whole address, in RFC 5952's form. better-auth masks IPv6 to its /64, for sessions as for
 * limits, and knows one setting for both; limits want the mask.
 */
const keepWholeAddress: BeforeCreate = async (session, context) => {
  const address = context?.headers?.get(CLIENT_ADDRESS_HEADER)
  return address ? { data: { ...session, ipAddress: address } } : undefined
}
