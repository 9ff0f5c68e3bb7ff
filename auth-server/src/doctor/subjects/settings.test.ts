import { randomBytes } from 'node:crypto'
import { symmetricEncrypt } from 'better-auth/crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Practice, startPractice } from '../../../test/doctor.ts'
import { type Fault, run, set, testFaults, user, userWith } from '../../../test/faults.ts'
import { inspectEnv } from '../../env-inspect.ts'

let practice: Practice
beforeAll(async () => {
  practice = await startPractice({ PUBLIC_URL: 'http://localhost:3000' })
  practice.shell('auth-server migrate')
})
afterAll(() => practice.stop())

const random = () => randomBytes(32).toString('hex')
const PRODUCTION = { NODE_ENV: 'production', REQUIRE_EMAIL_VERIFICATION: 'false', PUBLIC_URL: 'https://app.acme.org' }
const MAIL = { SMTP_URL: 'smtp://mail.acme.org', MAIL_FROM: 'no-reply@acme.org' }

const OLD_TOKENS = { OLD_TOKENS_SECRET: `canary${random()}`, OLD_TOKENS_ISSUER: 'canary' }
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

async function onePassword({ variables }: Practice): Promise<void> {
  const url = new URL(variables.BACKEND_DATABASE_URL ?? '')
  url.password = new URL(variables.DATABASE_URL ?? '').password
  variables.BACKEND_DATABASE_URL = url.href
}

async function appOfAnotherSecret({ sql }: Practice): Promise<void> {
  const secret = await symmetricEncrypt({ key: 'another secret', data: 'x' })
  await sql(`${user('app', { twoFactorEnabled: 'true' })}
    INSERT INTO "twoFactor" (id, secret, "backupCodes", "userId") VALUES ('app', '${secret}', '', 'app')`)
}

// biome-ignore format: a table reads by rows
const FAULTS: Fault[] = [
  ['setting-refused', 'Settings', set({ AUTH_PORT: 'canary' })],
  ['setting-refused', 'Settings', async ({ variables }) => delete variables.BETTER_AUTH_SECRET],
  ['setting-refused', 'Settings', set({ TEST: 'true' })],
  ['setting-refused', 'Settings', set({ BETTER_AUTH_URL: 'https://canary.acme.org' })],
  ['setting-refused', 'Settings', set({ GITHUB_CLIENT_ID: 'one' })],
  ['setting-refused', 'Settings', set({ SESSION_DAYS: '2', SESSION_RENEW_HOURS: '48' })],
  ['setting-refused', 'Settings', set({ ...PRODUCTION, INTERNAL_TOKEN: 'canary' })],
  ['setting-misspelt', 'Settings', set({ BETTER_AUTH_SECRT: 'canary' })],
  ['setting-misspelt', 'Settings', set({ DATABSE_URL: 'canary' })],
  ['setting-misspelt', 'Settings', set({ database_url: 'canary' })],
  ['setting-misspelt', 'Settings', set({ REQUIRE_EMAIL_VERIFICATON: 'false' })],
  ['setting-misspelt', 'Settings', set({ LEGACY_KEY_5: 'canary' })],
  ['development-rules', 'Settings', set({ ...MAIL, PUBLIC_URL: 'https://app.acme.org' })],
  ['setting-refused', 'Settings', set({ OLD_TOKENS_UNTIL: '2027-03-31' })],
  ['old-tokens-over', 'Settings', set({ ...OLD_TOKENS, OLD_TOKENS_UNTIL: '2020-01-01' })],
  ['old-tokens-ending', 'Settings', (one) => set({ ...OLD_TOKENS, OLD_TOKENS_UNTIL: dayIn(3) })(one)],
  ['secret-weak', 'Secrets', set({ INTERNAL_TOKEN: 'canary' })],
  ['secrets-equal', 'Secrets', async (one) => set({ INTERNAL_TOKEN: one.variables.BETTER_AUTH_SECRET ?? '' })(one)],
  ['secrets-equal', 'Secrets', set({ LEGACY_KEY_1: 'canary', LEGACY_KEY_2: 'canary' })],
  ['secrets-equal', 'Secrets', onePassword],
  ['password-default', 'Secrets', set({ BACKEND_DATABASE_URL: 'postgres://backend:postgres@db/app' })],
  ['encryption-key-missing', 'Secrets', run(userWith('one', { password: 'NULL', providerId: `'connected:acme'`, accessToken: `'7.abc'` })), { way: 1 }],
  ['encryption-key-missing', 'Secrets', run(userWith('ref', { password: 'NULL', providerId: `'connected:acme'`, accessToken: 'NULL', refreshToken: `'ab.abc'` })), { way: 1 }],
  ['encryption-key-missing', 'Secrets', run(userWith('raw', { password: 'NULL', providerId: `'connected:acme'`, accessToken: `'gho_canary'` }))],
  ['encryption-key-missing', 'Secrets', run(userWith('jwt', { password: 'NULL', providerId: `'connected:acme'`, accessToken: `'canary.$(touch canary).x'`, refreshToken: `'$(canary).x'` }))],
  ['encryption-key-unused', 'Secrets', set({ ENCRYPTION_KEYS: `2:${random()},1:${random()}` })],
  ['second-factor-unreadable', 'Secrets', appOfAnotherSecret],
]

testFaults(() => practice, FAULTS)

test('old tokens are no finding long before their last day, and each of the two when it is time', async () => {
  const before = practice.variables
  practice.variables = { ...before, ...OLD_TOKENS, OLD_TOKENS_UNTIL: '2027-03-31' }
  const at = async (time: string) => {
    const found = await practice.look(['Settings'], { now: () => Date.parse(time) })
    return found.map(({ id, severity }) => `${severity} ${id}`)
  }
  expect(await at('2027-03-17T23:59:59Z')).toEqual([])
  expect(await at('2027-03-18T00:00:00Z')).toEqual(['info old-tokens-ending'])
  expect(await at('2027-03-31T23:59:59Z')).toEqual(['info old-tokens-ending'])
  expect(await at('2027-04-01T00:00:00Z')).toEqual(['warning old-tokens-over'])
  practice.variables = before
})

test('names and addresses that a shell would read otherwise are quoted, or left out', async () => {
  const before = practice.variables
  const issuer = 'http://127.0.0.1:1/x;canary&$(canary)'
  practice.variables = {
    ...before,
    'DATABSE_URL;canary': 'x',
    OIDC_PROVIDERS: JSON.stringify([{ id: 'acme', name: 'Acme', issuer, clientId: 'x', clientSecret: 'y' }]),
  }
  const texts = (await practice.look(['Settings', 'Neighbours'])).flatMap(({ fix }) => fix.map(({ text }) => text))
  practice.variables = before
  expect(texts).toEqual([`curl -sSi '${issuer}/.well-known/openid-configuration'`])
})

test('what is wrong with old tokens keeps nobody from looking at the database', () => {
  for (const wrong of [
    { OLD_TOKENS_UNTIL: '2027-03-31' },
    { OLD_TOKENS_ISSUER: 'x' },
    { OLD_TOKENS_ALGORITHM: 'none' },
  ]) {
    const { env, errors } = inspectEnv({ ...practice.variables, ...wrong })
    expect([errors.length > 0, env?.DATABASE_URL]).toEqual([true, practice.variables.DATABASE_URL])
  }
})
