import { escapeLiteral } from 'pg'
import { ADDRESS } from '../../auth/addresses.ts'
import { hasPasskeys } from '../../auth/methods/passkey.ts'
import { ROLES as KNOWN_ROLES } from '../../auth/user-rules.ts'
import { storedTableName, tableName } from '../../database/names.ts'
import type { Env } from '../../env.ts'
import { type Examined, type Found, shell, sql, subject } from '../finding.ts'
import type { Query, Reader } from '../reader.ts'
import { counted, countRows, lookAt } from '../rows.ts'
import { imported, oldTokenUsers } from './imported-users.ts'

export const USERS = subject({
  title: 'Users',
  good: 'each can sign in, by an address that is one',
  kinds: {
    'user-without-sign-in': { severity: 'warning', why: 'Nobody can sign in as them, and no mail can change that.' },
    'user-signs-in-by-reset': { severity: 'info', why: 'They can sign in once they have set a password by mail.' },
    'provider-not-configured': { severity: 'warning', why: 'Whoever signs in there cannot, until it is configured.' },
    'address-unusable': { severity: 'warning', why: 'Sign-in refuses what is no address, so its user cannot sign in.' },
    'address-doubled': {
      severity: 'error',
      why: 'Of addresses that differ in case or blanks only one can ever sign in.',
    },
    'name-blank': { severity: 'warning', why: 'Pages and mails greet nobody, and a change of the profile is refused.' },
    'role-unknown': { severity: 'warning', why: 'It gives no right, and looks as if it did.' },
    'nobody-verified': {
      severity: 'warning',
      why: 'Verification is required, so everybody has to do it before the next sign-in.',
    },
    'imported-user-gone': { severity: 'info', why: 'Another run of the import does not bring them back.' },
    'old-tokens-nobody': {
      severity: 'warning',
      why: 'Old tokens name users by the ids that they had there: each of them is refused.',
    },
    'second-factor-missing': { severity: 'error', why: 'A code is asked for, and none can be right.' },
  },
  checks: [
    { name: 'ways in', of: 'database', run: waysIn },
    { name: 'providers', of: 'database', run: providers },
    { name: 'addresses', of: 'database', run: addresses },
    { name: 'doubled addresses', of: 'database', run: doubled },
    { name: 'names', of: 'database', run: names },
    { name: 'roles', of: 'database', run: roles },
    { name: 'verification', of: 'database', run: verification },
    { name: 'imported users', of: 'database', run: imported },
    { name: 'users of old tokens', of: 'database', run: oldTokenUsers },
    { name: 'second factors', of: 'database', run: secondFactors },
  ],
})

/** By the rule of auth/last-way-in.ts. */
function noWayIn(env: Env): string {
  const [account, passkey] = [tableName(env, 'account'), tableName(env, 'passkey')]
  const configured = env.providers.map(({ id }) => escapeLiteral(id))
  const isProvider = configured.length === 0 ? 'false' : `a."providerId" IN (${configured.join(', ')})`
  const hasAccount = `EXISTS (SELECT FROM ${account} a WHERE a."userId" = t."id"
      AND (${isProvider} OR (a."providerId" = 'credential' AND coalesce(a."password", '') <> '')))`
  const hasPasskey = `EXISTS (SELECT FROM ${passkey} p WHERE p."userId" = t."id")`
  return hasPasskeys(env) ? `NOT ${hasAccount} AND NOT ${hasPasskey}` : `NOT ${hasAccount}`
}

async function waysIn(
  reader: Reader,
  { env }: Examined,
): Promise<Found<'user-without-sign-in' | 'user-signs-in-by-reset'>[]> {
  if (env.MAGIC_LINK || env.EMAIL_CODE) return [] // then whoever reads the mail can sign in
  const user = tableName(env, 'user')
  const found = await reader.read((query) => countRows(query, user, noWayIn(env)))
  if (found.rows === 0) return []
  const what = `${counted(found, 'user')} ${found.rows === 1 ? 'has' : 'have'} neither a password nor another way to sign in.`
  if (env.SMTP_URL !== undefined) {
    const request = `curl -sS ${env.PUBLIC_URL}/api/auth/request-password-reset -H 'content-type: application/json' -H 'origin: ${env.PUBLIC_URL}' -d '{"email": "ADDRESS"}'`
    return [
      {
        id: 'user-signs-in-by-reset',
        what,
        fix: [shell(request, { note: 'what "Forgot password?" on the sign-in page does' })],
      },
    ]
  }
  return [
    {
      id: 'user-without-sign-in',
      what,
      fix: [
        sql(`DELETE FROM ${user} t WHERE ${noWayIn(env)}`, {
          note: 'or set SMTP_URL and MAIL_FROM: a reset by mail gives them a password',
        }),
      ],
    },
  ]
}

async function providers(reader: Reader, { env }: Examined): Promise<Found<'provider-not-configured'>[]> {
  const known = [
    'credential',
    ...env.providers.map(({ id }) => id),
    ...env.connectedServices.map(({ id }) => `connected:${id}`),
  ]
  const look = (query: Query) =>
    lookAt(query, tableName(env, 'account'), async ({ from }) => {
      const text = `SELECT t."providerId" AS "id", count(*)::int AS "rows" FROM ${from} WHERE t."providerId" <> ALL($1) GROUP BY 1 ORDER BY 2 DESC LIMIT 10`
      return query<{ id: string; rows: number }>(text, [known])
    })
  const rows = await reader.read(look)
  return rows.map(({ id, rows }) => ({
    id: 'provider-not-configured',
    what: `${rows} ${rows === 1 ? 'account is' : 'accounts are'} of ${JSON.stringify(id.slice(0, 64))}, which is not configured.`,
    fix: [
      sql(`DELETE FROM ${tableName(env, 'account')} WHERE "providerId" = ${escapeLiteral(id)}`, {
        note: `configure it (${settingOf(id)}: docs/providers.md); or, where it is gone for good:`,
      }),
    ],
  }))
}

function settingOf(id: string): string {
  if (id.startsWith('connected:')) return 'CONNECTED_SERVICES'
  return ['google', 'github', 'microsoft', 'apple'].includes(id) ? `${id.toUpperCase()}_CLIENT_ID` : 'OIDC_PROVIDERS'
}

/** Capitals are a finding of the schema's: migrate lowers them. */
const IS_NO_ADDRESS = `(t."email" !~ ${escapeLiteral(ADDRESS)} OR length(t."email") > 254)`

async function addresses(reader: Reader, { env }: Examined): Promise<Found<'address-unusable'>[]> {
  const user = tableName(env, 'user')
  const found = await reader.read((query) => countRows(query, user, IS_NO_ADDRESS))
  if (found.rows === 0) return []
  const fix = [
    sql(
      `UPDATE ${user} t SET "email" = lower(regexp_replace("email", '[[:space:]]', '', 'g')) WHERE ${IS_NO_ADDRESS}`,
      { note: 'removes blanks' },
    ),
    sql(`DELETE FROM ${user} t WHERE ${IS_NO_ADDRESS}`, {
      note: `what is no address then: give each another one, or delete them; which: SELECT "id" FROM ${user} t WHERE …`,
      or: true,
    }),
  ]
  return [
    {
      id: 'address-unusable',
      what: `${counted(found, 'user')} ${found.rows === 1 ? 'has' : 'have'} an e-mail address that is none.`,
      fix,
    },
  ]
}

/** Compared only where no unique index does. Who was active last keeps the address. */
async function doubled(reader: Reader, { env }: Examined): Promise<Found<'address-doubled'>[]> {
  const user = tableName(env, 'user')
  const place = 'row_number() OVER (PARTITION BY lower("email") ORDER BY "updatedAt" DESC, "id")'
  const later = `SELECT "id" FROM (SELECT "id", ${place} AS place FROM ${user}) ranked WHERE place > 1`
  const isGuarded = `
    SELECT FROM pg_index i WHERE i.indrelid = $1::text::regclass AND i.indisunique AND i.indisvalid
       AND pg_get_indexdef(i.indexrelid) LIKE '%lower(%'`
  const rows = await reader.read(async (query) => {
    if ((await query(isGuarded, [storedTableName(env, 'user')])).length > 0) return 0
    return (await query<{ rows: number }>(`SELECT count(*)::int AS "rows" FROM (${later}) l`))[0]?.rows ?? 0
  })
  if (rows === 0) return []
  return [
    {
      id: 'address-doubled',
      what: `${rows} ${rows === 1 ? 'user has' : 'users have'} the address of another one, apart from upper and lower case.`,
      fix: [
        sql(`UPDATE ${user} SET "email" = "id"::text || '@duplicate.invalid' WHERE "id" IN (${later})`, {
          note: 'who was changed last keeps the address, nothing is deleted; then auth-server migrate',
        }),
      ],
    },
  ]
}

const IS_BLANK = `t."name" !~ '[^[:space:]]'`

async function names(reader: Reader, { env }: Examined): Promise<Found<'name-blank'>[]> {
  const user = tableName(env, 'user')
  const found = await reader.read((query) => countRows(query, user, IS_BLANK))
  if (found.rows === 0) return []
  const fix = [sql(`UPDATE ${user} t SET "name" = split_part("email", '@', 1) WHERE ${IS_BLANK}`)]
  return [
    { id: 'name-blank', what: `${counted(found, 'user')} ${found.rows === 1 ? 'has' : 'have'} a blank name.`, fix },
  ]
}

async function roles(reader: Reader, { env }: Examined): Promise<Found<'role-unknown'>[]> {
  const user = tableName(env, 'user')
  const known = [...KNOWN_ROLES].map((role) => escapeLiteral(role)).join(', ')
  const isUnknown = `t."role" IS NOT NULL AND EXISTS (SELECT FROM unnest(string_to_array(t."role", ',')) r WHERE r NOT IN (${known}))`
  const found = await reader.read((query) => countRows(query, user, isUnknown))
  if (found.rows === 0) return []
  const fix = [
    sql(`UPDATE ${user} t SET "role" = 'user' WHERE ${isUnknown}`, {
      note: 'administrators: auth-server make-admin EMAIL',
    }),
  ]
  const what = `${counted(found, 'user')} ${found.rows === 1 ? 'has' : 'have'} a role other than ${[...KNOWN_ROLES].join(', ')}.`
  return [{ id: 'role-unknown', what, fix }]
}

async function verification(reader: Reader, { env }: Examined): Promise<Found<'nobody-verified'>[]> {
  if (!env.REQUIRE_EMAIL_VERIFICATION) return []
  const user = tableName(env, 'user')
  const text = `
    SELECT EXISTS (SELECT FROM ${user}) AS "hasUsers", EXISTS (SELECT FROM ${user} WHERE "emailVerified") AS "hasVerified"`
  const [found] = await reader.read((query) => query<{ hasUsers: boolean; hasVerified: boolean }>(text))
  if (found?.hasUsers !== true || found.hasVerified) return []
  const fix = [
    sql(`UPDATE ${user} SET "emailVerified" = true`, { note: 'where the system before has verified them' }),
    shell('export REQUIRE_EMAIL_VERIFICATION=false', { note: 'where nobody has to be', or: true }),
  ]
  return [
    { id: 'nobody-verified', what: 'REQUIRE_EMAIL_VERIFICATION is on, and no address of a user is verified.', fix },
  ]
}

async function secondFactors(reader: Reader, { env }: Examined): Promise<Found<'second-factor-missing'>[]> {
  const user = tableName(env, 'user')
  const isLost = `t."twoFactorEnabled" AND NOT EXISTS (SELECT FROM ${tableName(env, 'twoFactor')} f WHERE f."userId" = t."id")`
  const found = await reader.read((query: Query) => countRows(query, user, isLost))
  if (found.rows === 0) return []
  const what = `${counted(found, 'user')} ${found.rows === 1 ? 'has' : 'have'} a second factor turned on, and no authenticator app.`
  const fix = [
    sql(`UPDATE ${user} t SET "twoFactorEnabled" = false WHERE ${isLost}`, {
      note: 'they sign in with the password alone then',
    }),
  ]
  return [{ id: 'second-factor-missing', what, fix }]
}
