import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Practice, startPractice } from '../../../test/doctor.ts'
import { asOwner, type Fault, roleOf, run, set, testFaults } from '../../../test/faults.ts'

let practice: Practice
beforeAll(async () => {
  practice = await startPractice()
  practice.shell('auth-server migrate')
  await asOwner(`CREATE TABLE app.app_users (user_id text REFERENCES public."user" (id) ON DELETE CASCADE)`)(practice)
})
afterAll(() => practice.stop())

/** SQL that names the roles of this test's database. */
const as = (text: (names: { auth: string; backend: string; owner: string }) => string) => (one: Practice) => {
  const { backendRole, backendOwnerRole } = one.database
  return one.sql(text({ auth: `"${roleOf(one)}"`, backend: `"${backendRole}"`, owner: `"${backendOwnerRole}"` }))
}
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString()
const NOBODY = `nobody_${process.pid}`
const THEIRS = `CREATE FUNCTION public.theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION public.theirs() OWNER TO`

// biome-ignore format: a table reads by rows
const FAULTS: Fault[] = [
  ['database-setting', 'Database', as(({ auth }) => `ALTER ROLE ${auth} SET session_replication_role = replica`)],
  ['database-connections', 'Database', as(({ auth }) => `ALTER ROLE ${auth} CONNECTION LIMIT 9`)],
  ['database-connections', 'Database', set({ DATABASE_POOL_MAX: '900' })],
  ['role-expires', 'Database', as(({ backend }) => `ALTER ROLE ${backend} VALID UNTIL '${TOMORROW}'`)],
  ['pooler-needless', 'Pooler', set({ DATABASE_POOLER: 'transaction' })],
  ['role-powerful', 'Roles', as(({ auth }) => `ALTER ROLE ${auth} BYPASSRLS CREATEROLE`)],
  ['role-missing', 'Roles', set({ BACKEND_DB_ROLE: NOBODY }), { after: `DROP ROLE ${NOBODY}` }],
  ['grant-missing', 'Roles', as(({ backend }) => `REVOKE ALL (id) ON "user" FROM ${backend}`)],
  ['grant-missing', 'Roles', as(({ owner }) => `REVOKE REFERENCES (id) ON "user" FROM ${owner}`)],
  ['backend-reads-secrets', 'Roles', run('GRANT SELECT ON session TO PUBLIC')],
  ['backend-reads-secrets', 'Roles', as(({ backend }) => `GRANT UPDATE ON account TO ${backend}`)],
  ['backend-reads-secrets', 'Roles', as(({ backend }) => `GRANT SELECT (id, secret) ON "twoFactor" TO ${backend}`)],
  ['backend-reads-secrets', 'Roles', run('GRANT SELECT (id, email), UPDATE (email) ON "user" TO PUBLIC')],
  ['backend-reads-secrets', 'Roles', as(({ backend }) => `GRANT pg_read_all_data TO ${backend}`)],
  ['backend-is-us', 'Roles', as(({ backend }) => `ALTER ROLE ${backend} CREATEROLE`)],
  ['backend-is-us', 'Roles', as(({ auth, backend }) => `GRANT ${auth} TO ${backend}`)],
  ['others-create', 'Roles', as(({ backend }) => `GRANT CREATE ON SCHEMA public TO ${backend}`)],
  ['others-create', 'Roles', run('GRANT CREATE ON SCHEMA public TO PUBLIC')],
  ['foreign-object', 'Roles', as(({ backend }) => `${THEIRS} ${backend}`)],
  ['key-blocks-deletion', 'Roles', asOwner('CREATE TABLE app.orders (buyer text REFERENCES public."user" (id))')],
  ['backend-owns-tables', 'Roles', as(({ backend }) => `ALTER TABLE app.app_users OWNER TO ${backend}`)],
]

testFaults(() => practice, FAULTS)

test('database-setting: behind a pooler, what requests meet is looked at, and not what a look has', async () => {
  const before = practice.variables
  practice.variables = { ...before, DATABASE_POOLER: 'transaction' }
  practice.shell('auth-server migrate')
  expect(await practice.look(['Database'])).toEqual([])
  const role = `ALTER ROLE "${roleOf(practice)}" IN DATABASE "${new URL(before.DATABASE_URL ?? '').pathname.slice(1)}"`
  await practice.sql(`${role} SET search_path = public`)
  const [found] = await practice.look(['Database'])
  expect([found?.id, found?.what]).toEqual(['database-setting', expect.stringContaining('search_path')])
  for (const fix of found?.fix ?? []) await practice.follow(fix)
  expect(await practice.look(['Database'])).toEqual([])
  await practice.sql(`${role} RESET ALL`)
  practice.variables = before
})
