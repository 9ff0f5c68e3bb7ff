import { randomBytes } from 'node:crypto'
import { symmetricEncrypt } from 'better-auth/crypto'
import { afterAll, beforeAll } from 'vitest'
import { type Practice, startPractice } from '../../../test/doctor.ts'
import { type Fault, run, set, testFaults, user, userWith } from '../../../test/faults.ts'

let practice: Practice
beforeAll(async () => {
  practice = await startPractice({ PUBLIC_URL: 'http://localhost:3000' })
  practice.shell('auth-server migrate')
})
afterAll(() => practice.stop())

const random = () => randomBytes(32).toString('hex')
const PRODUCTION = { NODE_ENV: 'production', REQUIRE_EMAIL_VERIFICATION: 'false', PUBLIC_URL: 'https://app.acme.org' }
const MAIL = { SMTP_URL: 'smtp://mail.acme.org', MAIL_FROM: 'no-reply@acme.org' }

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
  ['secret-weak', 'Secrets', set({ INTERNAL_TOKEN: 'canary' })],
  ['secrets-equal', 'Secrets', async (one) => set({ INTERNAL_TOKEN: one.variables.BETTER_AUTH_SECRET ?? '' })(one)],
  ['secrets-equal', 'Secrets', set({ LEGACY_KEY_1: 'canary', LEGACY_KEY_2: 'canary' })],
  ['secrets-equal', 'Secrets', onePassword],
  ['password-default', 'Secrets', set({ BACKEND_DATABASE_URL: 'postgres://backend:postgres@db/app' })],
  ['encryption-key-missing', 'Secrets', run(userWith('one', { password: 'NULL', providerId: `'connected:acme'`, accessToken: `'7.abc'` })), { way: 1 }],
  ['encryption-key-unused', 'Secrets', set({ ENCRYPTION_KEYS: `2:${random()},1:${random()}` })],
  ['second-factor-unreadable', 'Secrets', appOfAnotherSecret],
]

testFaults(() => practice, FAULTS)
