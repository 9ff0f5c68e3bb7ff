import { expect, test } from 'vitest'
import { exportOf, importDatabase, runImport } from '../../test/import.ts'

const HASH = '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO'
const OTHER_HASH = '$2a$04$2FxJcXpvgSa//qukRZrvi.eah1tcZ36Ylsfk0YixUhrG9zI5AW/.C'

const database = await importDatabase()

const users = () => database.sql('SELECT id, email, name, "emailVerified", role, banned FROM "user" ORDER BY id')
const ledger = () => database.sql('SELECT "oldId", "userId", status, reason, run FROM auth_import ORDER BY "oldId"')
const outcomes = ({ report }: { report: Record<string, unknown>[] }) =>
  Object.fromEntries(report.map(({ oldId, outcome }) => [oldId, outcome]))

test('what only the operator can say stops the run, and nothing is written', async () => {
  const rows = [
    { id: 1, email: 'Dora@example.com', created: '2020-01-01T00:00:00Z' },
    { id: 2, email: 'dora@example.com', created: '2021-01-01T00:00:00Z' },
    { id: 3, email: 'ann@example.com', verified: null },
  ]
  const stopped = await runImport(database, '--apply', exportOf(rows))

  expect([stopped.code, outcomes(stopped)]).toEqual([1, { 1: 'conflict', 2: 'conflict', 3: 'import-no-password' }])
  for (const decision of ['--duplicates newest', '--verified none', 'Nothing was written: decide the above']) {
    expect(stopped.text).toContain(decision)
  }
  expect(await users()).toEqual([])

  const decided = await runImport(database, '--apply --duplicates newest --verified none', exportOf(rows))
  expect([decided.code, outcomes(decided)]).toEqual([
    0,
    { 1: 'skip', 2: 'import-no-password', 3: 'import-no-password' },
  ])
  expect((await users()).map(({ id, emailVerified }) => [id, emailVerified])).toEqual([
    ['2', true],
    ['3', false],
  ])
})

async function signedUpHere(id: string, email: string): Promise<void> {
  await database.sql(
    `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES ($1, 'Here', $2, false, now(), now())`,
    [id, email],
  )
}

test('an account that is here is never overwritten, by its address, id or provider', async () => {
  await signedUpHere('here', 'ann@example.com')
  await signedUpHere('2', 'two@example.com')
  await database.sql(
    `INSERT INTO account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt") VALUES ('a', '117', 'google', 'here', now(), now())`,
  )
  const rows = [
    { id: 1, email: 'ANN@example.com', name: 'Ann', hash: HASH },
    { id: 2, email: 'bob@example.com', hash: HASH },
    { id: 3, email: 'cyd@example.com' },
  ]
  const others = { identities: [{ user: 3, provider: 'google', account: '117' }] }
  const before = await users()
  const stopped = await runImport(database, '--apply', exportOf(rows, others))
  expect([stopped.code, outcomes(stopped)]).toEqual([1, { 1: 'conflict', 2: 'conflict', 3: 'conflict' }])
  expect(stopped.report.map(({ reasons }) => (reasons as string[]).at(-1))).toEqual([
    'address-here',
    'id-here',
    'account-here',
  ])

  const decided = await runImport(database, '--apply --duplicates skip --id-prefix x-', exportOf(rows, others))
  expect([decided.code, outcomes(decided)]).toEqual([0, { 1: 'skip', 2: 'import', 3: 'skip' }])
  expect((await users()).filter(({ id }) => id !== 'x-2')).toEqual(before)
})

test('a later run brings only who is new, and a new password only while ours is the imported one', async () => {
  const rows = ['a', 'b', 'c', 'd'].map((id) => ({ id, email: `${id}@example.com`, hash: HASH }))
  await runImport(database, '--apply', exportOf(rows))
  await database.sql(`UPDATE account SET password = 'changed here' WHERE "userId" = 'b'`)
  await database.sql(`DELETE FROM "user" WHERE id = 'd'`)

  const later = [
    ...rows.map((row) => ({ ...row, hash: row.id === 'c' ? HASH : OTHER_HASH })),
    { id: 'e', email: 'e@example.com', hash: HASH },
  ]
  const rerun = await runImport(database, '--apply', exportOf(later))
  expect([rerun.code, outcomes(rerun)]).toEqual([0, { a: 'updated', b: 'known', c: 'known', d: 'known', e: 'import' }])
  expect(rerun.report.map(({ reasons }) => (reasons as string[]).at(-1))).toEqual([
    'name-from-email',
    'password-kept',
    'name-from-email',
    'gone-here',
    'name-from-email',
  ])
  expect(await database.sql('SELECT "userId", password FROM account ORDER BY "userId"')).toEqual([
    { userId: 'a', password: OTHER_HASH },
    { userId: 'b', password: 'changed here' },
    { userId: 'c', password: HASH },
    { userId: 'e', password: HASH },
  ])
  expect((await ledger()).map(({ oldId, run }) => [oldId, run])).toEqual([
    ['a', 1],
    ['b', 1],
    ['c', 1],
    ['d', 1],
    ['e', 2],
  ])

  expect(outcomes(await runImport(database, '--apply', exportOf(later)))).toMatchObject({ a: 'known', e: 'known' })
})

test('--link makes one user of sign-ins with one verified address, and only of those', async () => {
  const rows = [
    { id: 'auth0|1', email: 'ann@example.com', hash: HASH, created: '2021-01-01T00:00:00Z' },
    { id: 'google|1', email: 'Ann@example.com', created: '2020-01-01T00:00:00Z' },
    { id: 'auth0|2', email: 'bob@example.com', hash: HASH },
    { id: 'google|2', email: 'bob@example.com', verified: false },
  ]
  const identities = [
    { user: 'google|1', provider: 'google', account: '1' },
    { user: 'google|2', provider: 'google', account: '2' },
  ]
  const stopped = await runImport(database, '--link', exportOf(rows, { identities }))
  expect(outcomes(stopped)).toEqual({
    'auth0|1': 'import',
    'google|1': 'linked',
    'auth0|2': 'import',
    'google|2': 'conflict',
  })

  const { code } = await runImport(database, '--link --apply --duplicates skip', exportOf(rows, { identities }))
  expect([code, (await users()).map(({ id }) => id)]).toEqual([0, ['auth0|1', 'auth0|2']])
  expect(await database.sql('SELECT "userId", "providerId" FROM account ORDER BY 1, 2')).toEqual([
    { userId: 'auth0|1', providerId: 'credential' },
    { userId: 'auth0|1', providerId: 'google' },
    { userId: 'auth0|2', providerId: 'credential' },
  ])
  expect((await ledger()).filter(({ oldId }) => oldId === 'google|1')).toMatchObject([
    { userId: 'auth0|1', status: 'linked' },
  ])
  const again = await runImport(database, '--link --apply --duplicates skip', exportOf(rows, { identities }))
  expect(outcomes(again)).toMatchObject({ 'auth0|1': 'known', 'google|1': 'known' })
})

test('--link finds a user who came with an earlier run, and not one who signed up here', async () => {
  const ann = { id: 'auth0|1', email: 'ann@example.com', hash: HASH }
  const google = { id: 'google|1', email: 'ann@example.com', created: '2020-01-01T00:00:00Z' }
  await runImport(database, '--apply', exportOf([ann]))
  await signedUpHere('here', 'bob@example.com')
  const bob = { id: 'google|2', email: 'bob@example.com' }
  const identities = [
    { user: 'google|1', provider: 'google', account: '1' },
    { user: 'google|2', provider: 'google', account: '2' },
  ]
  const later = await runImport(
    database,
    '--link --apply --duplicates skip',
    exportOf([google, ann, bob], { identities }),
  )

  expect(outcomes(later)).toEqual({ 'google|1': 'linked', 'auth0|1': 'known', 'google|2': 'skip' })
  expect(await database.sql(`SELECT "providerId", "userId" FROM account WHERE "providerId" = 'google'`)).toEqual([
    { providerId: 'google', userId: 'auth0|1' },
  ])
})

test('another database under the same --source changes nobody’s password, and adds none', async () => {
  const here = [
    { id: 1, email: 'ann@example.com', hash: HASH },
    { id: 2, email: 'bob@example.com' },
    { id: 3, email: 'cyd@example.com', hash: HASH },
  ]
  await runImport(database, '--apply', exportOf(here))
  const passwords = () => database.sql('SELECT "userId", password FROM account ORDER BY "userId"')
  const before = await passwords()
  const others = exportOf([
    { id: 1, email: 'eve@example.com', hash: OTHER_HASH },
    { id: 2, email: 'mallory@example.com', hash: OTHER_HASH },
    { id: 3, email: 'CYD@example.com', hash: OTHER_HASH },
  ])
  const stopped = await runImport(database, '--apply', others)

  expect([stopped.code, outcomes(stopped)]).toEqual([1, { 1: 'conflict', 2: 'conflict', 3: 'updated' }])
  expect(stopped.report[0]?.reasons).toContain('other-person')
  expect(stopped.text).toContain('--source NAME')
  expect(await passwords()).toEqual(before)

  const decided = await runImport(database, '--apply --duplicates skip', others)
  expect([decided.code, outcomes(decided)]).toEqual([0, { 1: 'known', 2: 'known', 3: 'updated' }])
  expect(decided.report[0]?.reasons).toContain('other-address')
  expect(await passwords()).toEqual([before[0], { userId: '3', password: OTHER_HASH }])

  await runImport(database, '--apply --source other --id-prefix o- --duplicates skip', others)
  expect((await users()).map(({ id }) => id)).toEqual(['1', '2', '3', 'o-1', 'o-2'])
})

test('whose address changes while an import is writing keeps their password, or none', async () => {
  const rows = [
    { id: 'a', email: 'a@example.com', hash: HASH },
    { id: 'b', email: 'b@example.com' },
  ]
  await runImport(database, '--apply', exportOf(rows))
  await database.sql(`
    CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN UPDATE public."user" SET email = 'new-' || email WHERE id IN ('a', 'b'); RETURN NULL; END$$;
    CREATE TRIGGER change AFTER INSERT ON "user" FOR EACH STATEMENT EXECUTE FUNCTION change()`)
  try {
    const later = rows.map((row) => ({ ...row, hash: OTHER_HASH }))
    const rerun = await runImport(database, '--apply', exportOf([...later, { id: 'c', email: 'c@example.com' }]))
    expect(outcomes(rerun)).toEqual({ a: 'updated', b: 'updated', c: 'import-no-password' })
    expect(await database.sql('SELECT "userId", password FROM account')).toEqual([{ userId: 'a', password: HASH }])
  } finally {
    await database.sql('DROP FUNCTION change CASCADE')
  }
})

test('--link adds no sign-in to a user who has another address here', async () => {
  await runImport(database, '--apply', exportOf([{ id: 1, email: 'ann@example.com', hash: HASH }]))
  const others = [
    { id: 1, email: 'eve@example.com' },
    { id: 2, email: 'eve@example.com' },
  ]
  const identities = [1, 2].map((user) => ({ user, provider: 'google', account: String(user) }))
  await runImport(database, '--link --apply', exportOf(others, { identities }))

  expect(await database.sql(`SELECT "userId" FROM account WHERE "providerId" = 'google'`)).toEqual([{ userId: '2' }])
})
