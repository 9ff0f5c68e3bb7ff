import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Practice, startPractice } from '../../../test/doctor.ts'
import { type Fault, run, set, testFaults, user, userWith } from '../../../test/faults.ts'

let practice: Practice
beforeAll(async () => {
  practice = await startPractice()
  practice.shell('auth-server migrate')
})
afterAll(() => practice.stop())

const NEEDS_TENANT = `
  ALTER TABLE "user" ADD COLUMN tenant text; UPDATE "user" SET tenant = id; ALTER TABLE "user" ALTER COLUMN tenant SET NOT NULL`

// biome-ignore format: a table reads by rows
const FAULTS: Fault[] = [
  ['migrations-pending', 'Schema', run(`DELETE FROM auth_migration WHERE name LIKE '0003%'`)],
  ['schema-broken', 'Schema', run('ALTER TABLE session DISABLE TRIGGER announce_delete')],
  ['schema-broken', 'Schema', run('DROP TRIGGER announce_update ON "user"')],
  ['schema-broken', 'Schema', run(`COMMENT ON TRIGGER announce_update ON session IS 'another'`)],
  ['schema-broken', 'Schema', run('ALTER TABLE account DROP COLUMN scope')],
  ['schema-broken', 'Schema', run('ALTER TABLE verification ALTER COLUMN "expiresAt" TYPE timestamp')],
  ['schema-broken', 'Schema', run('ALTER TABLE account DROP CONSTRAINT "account_userId_fkey"')],
  ['schema-broken', 'Schema', run('ALTER TABLE session DROP CONSTRAINT "session_userId_fkey", ADD FOREIGN KEY ("userId") REFERENCES "user" (id)')],
  ['schema-broken', 'Schema', run('DROP TABLE verification')],
  ['schema-differs', 'Schema', run('DROP INDEX "session_expiresAt_idx"')],
  ['schema-undecided', 'Schema', run(NEEDS_TENANT), { after: 'ALTER TABLE "user" DROP COLUMN tenant' }],
  ['schema-undecided', 'Schema', run('ALTER TABLE session OWNER TO CURRENT_USER')],
  ['schema-undecided', 'Schema', run('CREATE RULE "a rule" AS ON DELETE TO session DO INSTEAD NOTHING')],
  ['schema-undecided', 'Schema', run('ALTER TABLE session SET UNLOGGED')],
  ['schema-undecided', 'Schema', run('ALTER TABLE session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')],
  ['schema-broken', 'Schema', run('ALTER FUNCTION announce_revocation() SECURITY DEFINER')],
  ['schema-broken', 'Schema', run('ALTER FUNCTION announce_revocation() RESET search_path')],
  ['rows-to-repair', 'Schema', run(user('capital', { email: `'Canary@acme.org'` }))],
  ['rows-to-repair', 'Schema', run(userWith('other-id', { accountId: `'canary@acme.org'` }))],
  ['name-taken', 'Schema', (one) => one.sql(`ALTER TABLE auth_migration OWNER TO "${one.database.backendRole}"`)],
  // Only its own renames: no key is dropped, and no row is deleted because its table is called otherwise.
  ['schema-undecided', 'Schema', set({ AUTH_TABLE_NAMES: 'user=people' }), { after: 'ALTER TABLE people RENAME TO "user"' }],
]

testFaults(() => practice, FAULTS)

test('a table that is missing is one finding, with its keys, and so is an empty schema', async () => {
  await practice.sql('DROP TABLE verification')
  const what = async () => (await practice.look(['Schema'])).map((finding) => finding.what)
  expect(await what()).toEqual(['Table "verification" is missing.'])
  const variables = { ...practice.variables }
  practice.variables.AUTH_DB_SCHEMA = 'empty'
  expect((await what()).slice(1)).toEqual(["The schema empty has none of this server's tables."])
  practice.variables = variables
  practice.shell('auth-server migrate')
})
