import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readEnv } from './env.ts'
import { productionErrors } from './env-production.ts'
import { ConfigurationError } from './errors.ts'

const random = () => randomBytes(32).toString('hex')

const DEVELOPMENT = {
  NODE_ENV: 'development',
  BETTER_AUTH_SECRET: 'short is fine here',
  INTERNAL_TOKEN: 'also-short',
  DATABASE_URL: 'postgres://auth:pw@localhost:5432/app',
}
const PRODUCTION = {
  ...DEVELOPMENT,
  NODE_ENV: 'production',
  BETTER_AUTH_SECRET: random(),
  INTERNAL_TOKEN: random(),
  PUBLIC_URL: 'https://app.acme.org',
  SMTP_URL: 'smtps://mail.acme.org',
  MAIL_FROM: 'no-reply@acme.org',
}

function errorsOf(source: Record<string, string>, command: Parameters<typeof readEnv>[1] = 'serve'): readonly string[] {
  try {
    readEnv(source, command)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.errors
    throw error
  }
}

test('the required variables are enough', () => {
  expect(errorsOf(DEVELOPMENT)).toEqual([])
  expect(errorsOf(PRODUCTION)).toEqual([])
})

test('an empty variable is one that is not set', () => {
  const empty = { AUTH_PORT: '', CORS_ORIGIN: '', DATABASE_URL_DIRECT: '', CLIENT_IP_HEADER: '', TEST: '' }
  const env = readEnv({ ...DEVELOPMENT, ...empty })
  expect(env).toMatchObject({ AUTH_PORT: 4000, CORS_ORIGIN: [env.PUBLIC_URL], DATABASE_URL_DIRECT: env.DATABASE_URL })
  expect(env.CLIENT_IP_HEADER).toBeUndefined()
})

test.each(['postgresql+psycopg://auth:pw@localhost/app', 'postgres://auth:pw@/app?host=/cloudsql/one'])(
  'a database URL is judged by what will take it apart: %s',
  (url) => {
    expect(errorsOf({ ...DEVELOPMENT, DATABASE_URL: url })).toEqual([])
  },
)

test.each([
  ['development', '', 'debug'],
  ['production', '', 'info'],
  ['development', 'warn', 'warn'],
])('in %s with LOG_LEVEL=%s the level is %s', (NODE_ENV, LOG_LEVEL, expected) => {
  expect(readEnv({ ...PRODUCTION, NODE_ENV, LOG_LEVEL }).LOG_LEVEL).toBe(expected)
})

test.each(['DATABASE_URL', 'DATABASE_URL_DIRECT', 'DATABASE_ADMIN_URL'])(
  'certificates of %s are read at once, beside every other error',
  (name) => {
    const changes = {
      [name]: 'postgres://a:b@c/d?sslmode=verify-full',
      DATABASE_CA_FILE: '/no/such.pem',
      AUTH_PORT: 'x',
    }
    expect(errorsOf({ ...DEVELOPMENT, DATABASE_URL: 'postgres://a:b@c/d?sslmode=disable', ...changes })).toEqual(
      expect.arrayContaining([expect.stringContaining('AUTH_PORT'), 'DATABASE_CA_FILE cannot be read']),
    )
  },
)

test('without NODE_ENV the rules of production apply', () => {
  const { NODE_ENV: _, ...rest } = DEVELOPMENT
  expect(errorsOf(rest)).toEqual(expect.arrayContaining([expect.stringContaining('PUBLIC_URL')]))
})

test.each(['test', 'prod', 'Production'])('refuses NODE_ENV=%s: better-auth behaves differently under it', (value) => {
  expect(errorsOf({ ...PRODUCTION, NODE_ENV: value })).toEqual([expect.stringContaining('NODE_ENV')])
})

test.each([
  ['production', {}, true],
  ['production', { REQUIRE_EMAIL_VERIFICATION: 'false' }, false],
  ['production', { REQUIRE_EMAIL_VERIFICATION: 'false', SMTP_URL: '' }, false],
  ['development', {}, false],
  ['development', { REQUIRE_EMAIL_VERIFICATION: 'true' }, true],
  ['development', { SMTP_URL: '' }, false],
])('in %s with %j, whether an address must be verified: %s', (NODE_ENV, changes, expected) => {
  expect(readEnv({ ...PRODUCTION, NODE_ENV, ...changes }).REQUIRE_EMAIL_VERIFICATION).toBe(expected)
})

test.each([
  ['production', {}, [false, false]],
  ['production', { MAGIC_LINK: 'true' }, [true, false]],
  ['production', { MAGIC_LINK: 'true', EMAIL_CODE: 'true' }, [true, true]],
  ['development', {}, [true, true]],
  ['development', { EMAIL_CODE: 'false' }, [true, false]],
  ['development', { SMTP_URL: '' }, [false, false]],
])('in %s with %j, whether a mailed link and a code sign in: %s', (NODE_ENV, changes, expected) => {
  const { MAGIC_LINK, EMAIL_CODE } = readEnv({ ...PRODUCTION, NODE_ENV, ...changes })
  expect([MAGIC_LINK, EMAIL_CODE]).toEqual(expected)
})

test.each(['no-reply@acme.org', 'Acme <no-reply@acme.org>', 'Müller & Söhne <post@müller.example>'])(
  'mails may come from %s',
  (MAIL_FROM) => {
    expect(errorsOf({ ...DEVELOPMENT, SMTP_URL: 'smtp://localhost:25', MAIL_FROM })).toEqual([])
  },
)

describe('refuses', () => {
  test.each([
    ['LOG_LEVEL', 'loud'],
    ['AUTH_PORT', '0'],
    ['AUTH_PORT', '65536'],
    ['AUTH_PORT', '40x'],
    ['AUTH_PORT', '4e3'],
    ['AUTH_PORT', '4001'],
    ['AUTH_HOST', 'a b'],
    ['INTERNAL_TOKEN', 'with space'],
    ['PUBLIC_URL', 'localhost:3000'],
    ['PUBLIC_URL', 'https://app.example/path'],
    ['PUBLIC_URL', 'ftp://app.example'],
    ['PUBLIC_URL', 'https://user:pw@app.example'],
    ['CORS_ORIGIN', '*'],
    ['CORS_ORIGIN', 'https://*.example'],
    ['CORS_ORIGIN', 'null'],
    ['CORS_ORIGIN', 'https://a.example, nonsense'],
    ['CORS_ORIGIN', ','],
    ['DATABASE_URL', 'mysql://a:b@c/d'],
    ['DATABASE_URL', 'not a url'],
    ['DATABASE_URL_DIRECT', 'postgres://a:b@c'],
    ['DATABASE_URL', 'postgres://a:b@one,two/c'],
    ['AUTH_DB_SCHEMA', 'Auth'],
    ['AUTH_DB_SCHEMA', 'a"; DROP SCHEMA public'],
    ['AUTH_DB_SCHEMA', 'pg_temp'],
    ['AUTH_DB_SCHEMA', 'information_schema'],
    ['AUTH_DB_SCHEMA', 'a'.repeat(64)],
    ['BACKEND_DB_ROLE', '1role'],
    ['DATABASE_POOL_MAX', '-1'],
    ['DATABASE_POOL_MAX', '0'],
    ['SESSION_POOL_MAX', 'many'],
    ['DATABASE_CONNECT_TIMEOUT_MS', '1.5'],
    ['DATABASE_POOLER', 'session'],
    ['CLIENT_IP_HEADER', 'x forwarded for'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0'],
    ['TRUSTED_PROXIES', 'fe80::1%eth0'],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['RATE_LIMIT_SIGN_IN', '3'],
    ['RATE_LIMIT_SIGN_IN', '0/10'],
    ['RATE_LIMIT_DEFAULT', '100/0'],
    ['SMTP_URL', 'mail.acme.org:25'],
    ['SMTP_URL', 'http://mail.acme.org'],
    ['SMTP_URL', 'smtp://mail.acme.org/path'],
    ['SMTP_URL', 'smtp://user:%zz@mail.acme.org'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'Acme <a@acme.org>\r\nBcc: b@acme.org'],
    ['MAIL_FROM', 'Acme <a@acme.org>, b@acme.org'],
    ['MAIL_TEMPLATES', 'no/such/folder'],
    ['REQUIRE_EMAIL_VERIFICATION', 'yes'],
    ['REQUIRE_EMAIL_VERIFICATION', 'true'],
    ['MAGIC_LINK', 'yes'],
    ['MAGIC_LINK', 'true'],
    ['EMAIL_CODE', 'true'],
    ['TEST', '1'],
    ['BETTER_AUTH_SECRETS', '1:abc'],
    ['BETTER_AUTH_TRUSTED_ORIGINS', 'https://evil.example'],
    ['BETTER_AUTH_URL', 'https://elsewhere.example'],
  ])('%s=%s', (name, value) => {
    const errors = errorsOf({ ...DEVELOPMENT, MAIL_FROM: 'post@acme.org', [name]: value })
    expect(errors).toEqual([expect.stringContaining(name)])
  })

  test('every error at once', () => {
    const names = ['BETTER_AUTH_SECRET', 'INTERNAL_TOKEN', 'DATABASE_URL', 'PUBLIC_URL', 'AUTH_PORT', 'TRUSTED_PROXIES']
    const errors = errorsOf({ AUTH_PORT: 'x', TRUSTED_PROXIES: 'x' }).join('\n')
    for (const name of names) expect(errors).toContain(name)
  })

  test('and never prints a value', () => {
    const values = { AUTH_PORT: 'canary-1', DATABASE_URL: 'canary-2', BETTER_AUTH_SECRET: 'canary-3', TEST: 'canary-4' }
    expect(errorsOf({ ...PRODUCTION, ...values, CORS_ORIGIN: 'canary-5' }).join('\n')).not.toContain('canary')
  })

  test('setup-database without the addresses it works on', () => {
    expect(errorsOf(DEVELOPMENT, 'setup-database')).toEqual([
      expect.stringContaining('DATABASE_ADMIN_URL'),
      expect.stringContaining('BACKEND_DATABASE_URL'),
    ])
  })
})

describe('in production refuses', () => {
  test.each([
    ['a short secret', { BETTER_AUTH_SECRET: 'kJ8fR2mZ0q' }, 'BETTER_AUTH_SECRET'],
    ["better-auth's default", { BETTER_AUTH_SECRET: 'better-auth-secret-12345678901234567890' }, 'BETTER_AUTH_SECRET'],
    ['a phrase', { BETTER_AUTH_SECRET: 'please-change-me-before-you-go-live' }, 'BETTER_AUTH_SECRET'],
    ['one letter', { INTERNAL_TOKEN: 'z'.repeat(64) }, 'INTERNAL_TOKEN'],
    ['a repeated block', { INTERNAL_TOKEN: 'k9Xw2Lq8'.repeat(8) }, 'INTERNAL_TOKEN'],
    ['a run of the alphabet', { INTERNAL_TOKEN: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ' }, 'INTERNAL_TOKEN'],
    ['two equal secrets', { INTERNAL_TOKEN: PRODUCTION.BETTER_AUTH_SECRET }, 'must differ'],
    ['http', { PUBLIC_URL: 'http://app.acme.org' }, 'PUBLIC_URL'],
    ['no PUBLIC_URL', { PUBLIC_URL: '' }, 'PUBLIC_URL'],
    ['an http origin', { CORS_ORIGIN: 'https://app.acme.org,http://app.acme.org' }, 'CORS_ORIGIN'],
    ['a wildcard', { CORS_ORIGIN: '*' }, 'CORS_ORIGIN'],
    ['no mail server', { SMTP_URL: '' }, 'SMTP_URL must be set in production'],
    ['nobody as the sender', { MAIL_FROM: '' }, 'MAIL_FROM'],
    ["the example's sender", { MAIL_FROM: 'Acme <no-reply@example.com>' }, 'MAIL_FROM'],
  ])('%s', (_what, changes, named) => {
    expect(errorsOf({ ...PRODUCTION, ...changes }).join('\n')).toContain(named)
  })

  /** At random, and the same in each run: among so many, one in a thousand runs would find a word in base64. */
  const randomAt = (round: number, length: number) =>
    createHash('sha256').update(`secret ${round}`).digest().subarray(0, length)

  test('no random secret: 2,000 of three kinds pass', () => {
    const kinds = ['hex', 'base64', 'base64url'] as const
    for (let round = 0; round < 2000; round += 1) {
      for (const kind of kinds) {
        const secret = randomAt(round, kind === 'hex' ? 16 : 32).toString(kind)
        expect(productionErrors({ ...PRODUCTION, BETTER_AUTH_SECRET: secret })).toEqual([])
      }
    }
  })
})
