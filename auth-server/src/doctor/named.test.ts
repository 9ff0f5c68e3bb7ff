import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Practice, startPractice } from '../../test/doctor.ts'
import { CHECKS } from './checks.ts'

let practice: Practice
beforeAll(async () => {
  const names = { AUTH_TABLE_NAMES: 'plural', AUTH_COLUMN_NAMES: 'snake_case', AUTH_DB_SCHEMA: 'auth' }
  practice = await startPractice({ PUBLIC_URL: 'http://localhost:3000', ...names })
  practice.shell('auth-server migrate')
})
afterAll(() => practice.stop())

test('tables and columns of other names are looked at, and named so in the SQL', async () => {
  const all = CHECKS.map(({ title }) => title)
  expect(await practice.look(all)).toEqual([])

  await practice.sql(`GRANT SELECT ON auth.sessions TO PUBLIC;
    INSERT INTO auth.users (id, name, email, email_verified) VALUES ('one', ' ', 'one@acme.org', true);
    INSERT INTO auth.accounts (id, user_id, account_id, provider_id, password, updated_at) VALUES ('one', 'one', 'one', 'credential', NULL, now())`)
  const findings = await practice.look(all)
  expect(findings.map(({ id }) => id).sort()).toEqual([
    ...['backend-reads-secrets', 'name-blank', 'password-missing', 'user-without-sign-in'],
  ])
  for (const { id, fix } of findings)
    if (id !== 'user-without-sign-in') for (const one of fix) await practice.follow(one)
  await practice.sql(`DELETE FROM auth.users`)
  expect(await practice.look(all)).toEqual([])
})
