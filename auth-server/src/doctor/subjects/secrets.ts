import { symmetricDecrypt } from 'better-auth/crypto'
import { IS_CONNECTED_SERVICE } from '../../auth/connected-accounts.ts'
import { tableName } from '../../database/names.ts'
import { UNKNOWN_SECRET } from '../../env-inspect.ts'
import { secretWeakness } from '../../env-production.ts'
import { type Examined, type Fix, type Found, type Given, shell, sql, subject } from '../finding.ts'
import type { Reader } from '../reader.ts'

export const SECRETS = subject({
  title: 'Secrets',
  good: 'random, different from each other, and those that rows need are here',
  kinds: {
    'secret-weak': { severity: 'warning', why: 'Who guesses it signs sessions, or asks for those of everybody.' },
    'secrets-equal': { severity: 'warning', why: 'Who learns one of them has the other, too.' },
    'password-default': { severity: 'warning', why: 'It is among the first that are tried.' },
    'encryption-key-missing': {
      severity: 'error',
      why: 'Tokens of connected services cannot be read, and are refused.',
    },
    'encryption-outdated': { severity: 'warning', why: 'The old key has to stay until nothing is encrypted with it.' },
    'encryption-key-unused': { severity: 'info', why: 'A key that nothing needs can only leak.' },
    'second-factor-unreadable': {
      severity: 'error',
      why: 'They were encrypted with another BETTER_AUTH_SECRET: no code of these users is ever right.',
    },
  },
  checks: [
    { name: 'strength', of: 'settings', run: strength },
    { name: 'equality', of: 'settings', run: equality },
    { name: 'default passwords', of: 'settings', run: defaults },
    { name: 'encryption keys', of: 'database', run: encryption },
    { name: 'authenticator apps', of: 'database', run: apps },
  ],
})

const RANDOM = '"$(openssl rand -hex 32)"'
const SIGNING = ['BETTER_AUTH_SECRET', 'INTERNAL_TOKEN'] as const

/** Production refuses them: there they are errors among the settings. */
function strength(given: Given): Found<'secret-weak'>[] {
  if (given.NODE_ENV !== 'development') return []
  return SIGNING.flatMap((name) =>
    secretWeakness(given[name]).map((why) => ({
      id: 'secret-weak' as const,
      what: `${name} ${why}. Development forgives it.`,
      fix: [shell(`export ${name}=${RANDOM}`, { note: CHANGED[name] })],
    })),
  )
}

const CHANGED: Readonly<Record<(typeof SIGNING)[number], string>> = {
  BETTER_AUTH_SECRET: 'signs everybody out, and makes authenticator apps unreadable',
  INTERNAL_TOKEN: 'in both services at once',
}

function equality(given: Given): Found<'secrets-equal'>[] {
  const known = secretsOf(given)
  return known.flatMap(([name, value], index) => {
    const twin = known.slice(0, index).find(([, other]) => other === value)
    if (twin === undefined) return []
    return [{ id: 'secrets-equal', what: `${name} and ${twin[0]} are the same.`, fix: [fixOf(name)] }]
  })
}

function fixOf(name: string): Fix {
  if (name === 'BETTER_AUTH_SECRET' || name === 'INTERNAL_TOKEN')
    return shell(`export ${name}=${RANDOM}`, { note: CHANGED[name] })
  if (name.startsWith('LEGACY_KEY_'))
    return shell(`unset ${name}`, { note: 'rows that name its number are to name the other' })
  const { variable, user } = partsOf(name)
  return shell(
    `export ${variable}="$(printf %s "$${variable}" | sed -E "s#^([a-z+]+://[^:]+:)[^@]*@#\\1$(openssl rand -hex 24)@#")"`,
    {
      note: `and the same password for ${user}: setup-database sets that of a role`,
    },
  )
}

const partsOf = (name: string) => {
  const [, variable = '', user = ''] = /^the password in (\w+) \((.*)\)$/.exec(name) ?? []
  return { variable, user }
}

/** What is secret by itself. Two addresses of one role have one password. */
function secretsOf(given: Given): [name: string, value: string][] {
  const plain = [...SIGNING, 'LEGACY_KEY_1', 'LEGACY_KEY_2', 'LEGACY_KEY_3', 'LEGACY_KEY_4', ...CLIENT_SECRETS]
  const passwords = new Map<string, [string, string]>()
  for (const name of URLS) {
    const login = loginOf(given[name])
    if (login && !passwords.has(login.user))
      passwords.set(login.user, [`the password in ${name} (${login.user})`, login.password])
  }
  const values = plain.flatMap((name): [string, string][] => (given[name] ? [[name, given[name]]] : []))
  return [...values, ...passwords.values()]
}

const CLIENT_SECRETS = ['GOOGLE_CLIENT_SECRET', 'GITHUB_CLIENT_SECRET', 'MICROSOFT_CLIENT_SECRET']
const URLS = [
  'DATABASE_URL',
  'DATABASE_URL_DIRECT',
  'BACKEND_DATABASE_URL',
  'BACKEND_MIGRATION_DATABASE_URL',
  'DATABASE_ADMIN_URL',
  'SMTP_URL',
]

function loginOf(url: string | undefined): { user: string; password: string } | undefined {
  if (!url || !URL.canParse(url)) return undefined
  const { username, password } = new URL(url)
  return password === '' ? undefined : { user: decodeURIComponent(username), password: decodeURIComponent(password) }
}

const DEFAULTS =
  /^(?:postgres|postgresql|password|passwd|secret|admin|root|test|example|changeme|change-me|pw|auth|backend|auth_server|1234\d*)$/i

function defaults(given: Given): Found<'password-default'>[] {
  return URLS.flatMap((name) => {
    const login = loginOf(given[name])
    if (!login || !(DEFAULTS.test(login.password) || login.password === login.user)) return []
    const fix = fixOf(`the password in ${name} (${login.user})`)
    return [{ id: 'password-default', what: `The password of ${login.user} in ${name} is a default.`, fix: [fix] }]
  })
}

type KeyId = 'encryption-key-missing' | 'encryption-outdated' | 'encryption-key-unused'

/** As KeyRing writes them. Whatever else is stored may be a token itself: nothing of it is shown. */
const ENCRYPTED = '^([A-Za-z0-9]{1,16})[.][A-Za-z0-9_-]+$'

async function encryption(reader: Reader, { env }: Examined): Promise<Found<KeyId>[]> {
  const text = `
    SELECT substring(v.value FROM '${ENCRYPTED}') AS "version", count(*)::int AS "rows"
      FROM ${tableName(env, 'account')} a CROSS JOIN LATERAL (VALUES (a."accessToken"), (a."refreshToken")) v (value)
     WHERE ${IS_CONNECTED_SERVICE} AND v.value IS NOT NULL GROUP BY 1 ORDER BY 1`
  const found = await reader.read((query) => query<{ version: string | null; rows: number }>(text))
  const versions = env.encryptionKeys.map(({ version }) => version)
  const plain = found.filter(({ version }) => version === null)
  const missing = found.flatMap(({ version, rows }) =>
    version === null || versions.includes(version) ? [] : [{ version, rows }],
  )
  const outdated = found.filter(({ version }) => version !== null && versions.indexOf(version) > 0)
  const unused = versions.filter((version, index) => index > 0 && !found.some((row) => row.version === version))
  const remove = (isMeant: string, more: Omit<Fix, 'kind' | 'text'>) => {
    const isAny = ['accessToken', 'refreshToken'].map((column) => `a."${column}" ${isMeant}`).join(' OR ')
    return sql(`DELETE FROM ${tableName(env, 'account')} a WHERE ${IS_CONNECTED_SERVICE} AND (${isAny})`, more)
  }
  return [
    ...plain.map(
      ({ rows }): Found<KeyId> => ({
        id: 'encryption-key-missing',
        what: `${rows} tokens are not encrypted as this server does it.`,
        fix: [remove(`!~ '${ENCRYPTED}'`, { note: 'users connect the service again' })],
      }),
    ),
    ...missing.map(
      ({ version, rows }): Found<KeyId> => ({
        id: 'encryption-key-missing',
        what: `${rows} tokens were encrypted with version ${version}, of which ENCRYPTION_KEYS has no key.`,
        fix: [
          shell(`export ENCRYPTION_KEYS="$ENCRYPTION_KEYS,${version}:THE-KEY"`, { note: 'the key that it had' }),
          remove(`LIKE '${version}.%'`, {
            note: 'where it is lost: users connect the service again',
            or: true,
          }),
        ],
      }),
    ),
    ...(outdated.length === 0
      ? []
      : [
          {
            id: 'encryption-outdated' as const,
            what: `${outdated.reduce((sum, { rows }) => sum + rows, 0)} tokens are encrypted with another key than the first of ENCRYPTION_KEYS.`,
            fix: [shell('auth-server rotate-keys')],
          },
        ]),
    ...unused.map(
      (version): Found<KeyId> => ({
        id: 'encryption-key-unused',
        what: `Nothing is encrypted with version ${version} of ENCRYPTION_KEYS any more.`,
        fix: [
          shell(
            `export ENCRYPTION_KEYS="$(printf %s "$ENCRYPTION_KEYS" | tr , '\\n' | grep -v '^ *${version}:' | paste -sd , -)"`,
          ),
        ],
      }),
    ),
  ]
}

/** So many are tried: one that cannot be read tells of all. */
const TRIED = 20

async function apps(reader: Reader, { env }: Examined): Promise<Found<'second-factor-unreadable'>[]> {
  if (env.BETTER_AUTH_SECRET === UNKNOWN_SECRET) return []
  const [user, twoFactor] = [tableName(env, 'user'), tableName(env, 'twoFactor')]
  const text = `SELECT "userId"::text AS "id", "secret" FROM ${twoFactor} ORDER BY "id" LIMIT ${TRIED}`
  const rows = await reader.read((query) => query<{ id: string; secret: string }>(text))
  const unreadable: string[] = []
  for (const { id, secret } of rows) {
    const isReadable = await symmetricDecrypt({ key: env.BETTER_AUTH_SECRET, data: secret }).then(
      () => true,
      () => false,
    )
    if (!isReadable) unreadable.push(id)
  }
  if (unreadable.length === 0) return []
  const ids = `ARRAY[${unreadable.map((id) => `'${id.replaceAll("'", "''")}'`).join(', ')}]`
  const fix = [
    sql(`UPDATE ${user} SET "twoFactorEnabled" = false WHERE "id"::text = ANY (${ids})`, {
      note: 'or bring the old secret back',
    }),
    sql(`DELETE FROM ${twoFactor} WHERE "userId"::text = ANY (${ids})`, {
      note: 'then look again: at most 20 are tried',
    }),
  ]
  const what = `${unreadable.length} of ${rows.length} authenticator apps that were tried cannot be read with BETTER_AUTH_SECRET.`
  return [{ id: 'second-factor-unreadable', what, fix }]
}
