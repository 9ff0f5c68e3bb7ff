import { symmetricDecrypt } from 'better-auth/crypto'
import { escapeLiteral } from 'pg'
import { hasPasskeys } from '../../auth/methods/passkey.ts'
import { LOCK, lockOf } from '../../auth/second-factor/app.ts'
import { tableName } from '../../database/names.ts'
import type { Env } from '../../env.ts'
import { UNKNOWN_SECRET } from '../../env-inspect.ts'
import { readStored } from '../../passwords/forms.ts'
import { type Fix, type Found, shell, shellWord, sql } from '../finding.ts'
import type { TryId } from './kinds.ts'
import type { Account, Counted, Known } from './look-up.ts'

type TryFound = Found<TryId>
const found = (id: TryId, what: string, ...fix: Fix[]): TryFound => ({ id, what, fix })

/** Each rule that stands between this user and a session, in the order in which a sign-in meets them. */
export async function rulesOf(env: Env, known: Known, counts: readonly Counted[]): Promise<TryFound[]> {
  return [
    ...passwordRules(env, known),
    ...banned(env, known),
    ...unverified(env, known),
    ...(await secondFactor(env, known, counts)),
    ...ways(env, known),
  ]
}

const isUser = ({ user }: Known) => `WHERE "id"::text = ${escapeLiteral(user.id)}`
const credentialOf = ({ accounts }: Known): Account | undefined =>
  accounts.find(({ providerId }) => providerId === 'credential')

/** The row whose password a sign-in compares. */
export const comparedOf = (known: Known): string | undefined => {
  const account = known.accounts.find(({ providerId, isOfUser }) => providerId === 'credential' && isOfUser)
  return account?.password || undefined
}

function byMail({ SMTP_URL, PUBLIC_URL }: Env, { user }: Known): Fix {
  if (SMTP_URL === undefined) {
    return shell("export SMTP_URL='smtp://USER:PASSWORD@HOST:587'", { note: 'then "Forgot password?" sets one' })
  }
  const body = shellWord(JSON.stringify({ email: user.email }))
  const headers = `-H 'content-type: application/json' -H 'origin: ${PUBLIC_URL}'`
  const url = `${PUBLIC_URL}/api/auth/request-password-reset`
  return shell(`curl -sS ${url} ${headers} -d ${body}`, { note: 'what "Forgot password?" on the sign-in page does' })
}

function passwordRules(env: Env, known: Known): TryFound[] {
  const account = credentialOf(known)
  if (account === undefined)
    return waysOf(env, known).length > 0
      ? []
      : [found('try-no-password', 'The user has no password.', byMail(env, known))]
  if (!account.isOfUser)
    return [
      found(
        'try-account-id',
        'The row of the password has another "accountId" than the user\'s id.',
        shell('auth-server migrate', { note: 'it repairs such rows' }),
      ),
    ]
  if (!account.password)
    return [found('try-no-password', 'There is a row for a password, and none is stored in it.', byMail(env, known))]
  const stored = readStored(account.password, env.legacyKeys)
  if (typeof stored !== 'string') return []
  const [, number] = /^old:[a-z-]+:([1-9]):/.exec(account.password) ?? []
  if (stored === KEY_IS_MISSING && number !== undefined && !env.legacyKeys.has(number)) {
    return [
      found(
        'try-key-missing',
        `The stored hash needs LEGACY_KEY_${number}, which is not set.`,
        shell(`export LEGACY_KEY_${number}='the secret of the system that it comes from'`),
      ),
    ]
  }
  return [found('try-hash-unreadable', `What is stored is ${stored}.`, byMail(env, known))]
}

const KEY_IS_MISSING = 'an older form whose key is missing'

function banned(env: Env, known: Known): TryFound[] {
  if (!known.user.isBanned) return []
  const { bannedUntil } = known.user
  // Of 'infinity' pg makes a number.
  const until = bannedUntil instanceof Date ? `until ${bannedUntil.toISOString()}` : 'forever'
  const fix = sql(
    `UPDATE ${tableName(env, 'user')} SET "banned" = false, "banReason" = NULL, "banExpires" = NULL ${isUser(known)}`,
  )
  return [found('try-banned', `The user is banned ${until}.`, fix)]
}

function unverified(env: Env, known: Known): TryFound[] {
  if (!env.REQUIRE_EMAIL_VERIFICATION || known.user.emailVerified || credentialOf(known) === undefined) return []
  const fix = sql(`UPDATE ${tableName(env, 'user')} SET "emailVerified" = true ${isUser(known)}`, {
    note: 'where you know that it is theirs',
  })
  return [found('try-unverified', 'The address is not verified, and REQUIRE_EMAIL_VERIFICATION is on.', fix)]
}

async function secondFactor(env: Env, known: Known, counts: readonly Counted[]): Promise<TryFound[]> {
  if (known.user.twoFactorEnabled !== true) return []
  const off = [
    sql(`UPDATE ${tableName(env, 'user')} SET "twoFactorEnabled" = false ${isUser(known)}`, {
      note: 'once you know who asks',
    }),
    sql(`DELETE FROM ${tableName(env, 'twoFactor')} WHERE "userId"::text = ${escapeLiteral(known.user.id)}`),
  ]
  if (known.appSecret === null)
    return [found('try-second-factor-lost', 'A second factor is on, and there is no authenticator app.', ...off)]
  if (!(await isReadable(env, known.appSecret))) {
    return [
      found('try-second-factor-lost', 'The authenticator app was set up with another BETTER_AUTH_SECRET.', ...off),
    ]
  }
  const lock = blocked(counts, lockOf(known.user.id), LOCK)
  if (lock !== undefined)
    return [
      found(
        'try-second-factor-locked',
        `${LOCK.max} wrong codes: refused for ${lock} s more.`,
        forget(env, lockOf(known.user.id)),
      ),
    ]
  return [found('try-second-factor', 'A code of the authenticator app, or a backup code, is required.')]
}

async function isReadable(env: Env, data: string): Promise<boolean> {
  if (env.BETTER_AUTH_SECRET === UNKNOWN_SECRET) return true
  return symmetricDecrypt({ key: env.BETTER_AUTH_SECRET, data }).then(
    () => true,
    () => false,
  )
}

function waysOf(env: Env, { accounts, passkeys }: Known): string[] {
  const configured = env.providers.map(({ id }) => id)
  const mailed = [...(env.MAGIC_LINK ? ['a mailed link'] : []), ...(env.EMAIL_CODE ? ['a mailed code'] : [])]
  return [
    ...accounts.filter(({ providerId }) => configured.includes(providerId)).map(({ providerId }) => providerId),
    ...(passkeys > 0 && hasPasskeys(env) ? [`a passkey (${passkeys})`] : []),
    ...mailed,
  ]
}

function ways(env: Env, known: Known): TryFound[] {
  const all = waysOf(env, known)
  const gone = known.accounts.filter(
    ({ providerId }) =>
      providerId !== 'credential' &&
      !providerId.startsWith('connected:') &&
      !env.providers.some(({ id }) => id === providerId),
  )
  const lost = gone.map(({ providerId }) =>
    found(
      'try-no-way-in',
      `The user signed in at ${JSON.stringify(providerId.slice(0, 64))}, which is not configured.`,
      shell('docs/providers.md', { note: 'the page that says how' }),
    ),
  )
  const hasOther = all.length > 0 || comparedOf(known) !== undefined
  return [
    ...(hasOther ? [] : lost),
    ...(all.length > 0 ? [found('try-other-ways', `The user can sign in with ${all.join(', ')}.`)] : []),
  ]
}

/** Seconds for which it is still refused, by the rule of auth/rate-limit.ts; undefined where it is not. */
export function blocked(
  counts: readonly Counted[],
  key: string,
  { window, max }: { window: number; max: number },
): number | undefined {
  const row = counts.find((one) => one.key === key)
  if (row === undefined || row.count < max || row.lastRequest > row.now + AHEAD_MS) return undefined
  const seconds = Math.ceil((row.lastRequest + window * 1000 - row.now) / 1000)
  return seconds > 0 ? seconds : undefined
}

const AHEAD_MS = 5000

export const forget = (env: Env, key: string): Fix =>
  sql(`DELETE FROM ${tableName(env, 'rateLimit')} WHERE "key" = ${escapeLiteral(key)}`)
