import { expect, test } from 'vitest'
import { exportOf, importDatabase, runImport } from '../../test/import.ts'

const HASH = '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO'
const OTHER_HASH = '$2a$04$2FxJcXpvgSa//qukRZrvi.eah1tcZ36Ylsfk0YixUhrG9zI5AW/.C'

const database = await importDatabase()

const users = () => database.sql('SELECT id FROM "user" ORDER BY id')
const ledger = () => database.sql('SELECT "oldId", "userId", status FROM auth_import ORDER BY "oldId"')

test('--duplicates newest prefers a verified address, of rows and of sign-ins at a provider', async () => {
  const older = { verified: true, created: '2020-01-01T00:00:00Z' }
  const newer = { created: '2021-01-01T00:00:00Z' }
  const rows = [
    { id: 1, email: 'dora@example.com', ...older },
    { id: 2, email: 'Dora@example.com', verified: false, ...newer },
    { id: 3, email: 'eve@example.com', ...older },
    { id: 4, email: 'mallory@example.com', verified: false, ...newer },
    { id: 5, email: 'finn@example.com', ...older },
    { id: 6, email: 'Finn@example.com', verified: true, ...newer },
  ]
  const identities = [3, 4].map((user) => ({ user, provider: 'google', account: '117' }))
  await runImport(database, '--apply --duplicates newest', exportOf(rows, { identities }))

  expect((await users()).map(({ id }) => id)).toEqual(['1', '3', '6'])
})

test.each([
  ['verified, beside a sign-in at a provider', { verified: true }, ['google'], ['import', 'conflict']],
  ['not verified', { verified: false }, ['google'], ['conflict', 'conflict']],
  ['verified, beside a row with nothing', { verified: true }, [], ['conflict', 'conflict']],
])('the only password of an address that is %s', async (_what, owner, providers, wanted) => {
  const rows = [
    { id: 1, email: 'ann@example.com', hash: HASH, ...owner },
    { id: 2, email: 'Ann@example.com', created: '2030-01-01T00:00:00Z' },
  ]
  const identities = providers.map((provider) => ({ user: 2, provider, account: '117' }))
  const { report } = await runImport(database, '', exportOf(rows, { identities }))
  expect(report.map(({ outcome }) => outcome)).toEqual(wanted)

  await runImport(database, '--apply --duplicates skip', exportOf(rows, { identities }))
  expect((await users()).map(({ id }) => id)).toEqual(wanted[0] === 'import' ? ['1'] : [])
})

test('of rows with one id one is taken, with its own password, and a later run changes nothing', async () => {
  const created = (year: number) => ({ created: `${year}-01-01T00:00:00Z` })
  const rows = [
    { id: 1, email: 'ann@example.com', hash: OTHER_HASH, ...created(2020) },
    { id: 1, email: 'ann.new@example.com', hash: HASH, ...created(2021) },
    { id: 2, email: 'bob@example.com', deleted: true },
    { id: 2, email: 'bob@example.com', hash: HASH },
    { id: 3, email: null },
    { id: 3, email: null },
  ]
  const run = () => runImport(database, '--apply --duplicates newest', exportOf(rows))
  expect((await run()).code).toBe(0)

  const there = async () => [
    await database.sql('SELECT u.email, a.password FROM "user" u JOIN account a ON a."userId" = u.id ORDER BY 1'),
    (await ledger()).map(({ oldId, userId, status }) => [oldId, userId, status]),
    await database.sql('SELECT "userId" FROM audit_event ORDER BY 1'),
  ]
  const expected = [
    [
      { email: 'ann.new@example.com', password: HASH },
      { email: 'bob@example.com', password: HASH },
    ],
    [
      ['1', '1', 'import'],
      ['2', '2', 'import'],
      ['3', null, 'skip'],
    ],
    [{ userId: '1' }, { userId: '2' }],
  ]
  expect(await there()).toEqual(expected)
  const again = await run()
  expect([again.code, again.report.map(({ outcome }) => outcome)]).toEqual([
    0,
    ['skip', 'known', 'skip', 'known', 'skip', 'skip'],
  ])
  expect(await there()).toEqual(expected)
})

test('--duplicates skip leaves all of them out', async () => {
  const rows = [
    { id: 1, email: 'Dora@example.com' },
    { id: 2, email: 'dora@example.com' },
    { id: 3, email: 'e@example.com' },
  ]
  const { code } = await runImport(database, '--apply --duplicates skip', exportOf(rows))

  expect([code, (await users()).map(({ id }) => id)]).toEqual([0, ['3']])
})
