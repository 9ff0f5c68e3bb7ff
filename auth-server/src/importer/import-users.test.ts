import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { exportOf, runImport } from '../../test/import.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'

const HASH = '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO'
const OTHER_HASH = '$2a$04$2FxJcXpvgSa//qukRZrvi.eah1tcZ36Ylsfk0YixUhrG9zI5AW/.C'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
})
afterAll(() => database.drop())
beforeEach(() => database.sql('TRUNCATE "user", account, session, auth_import, audit_event CASCADE'))

const users = () => database.sql('SELECT id, email, name, "emailVerified", role, banned FROM "user" ORDER BY id')
const ledger = () => database.sql('SELECT "oldId", "userId", status, reason, run FROM auth_import ORDER BY "oldId"')
const outcomes = ({ report }: { report: Record<string, unknown>[] }) =>
  Object.fromEntries(report.map(({ oldId, outcome }) => [oldId, outcome]))

test('a dry run says what would happen to each row, and writes nothing', async () => {
  const rows = [
    { id: 1, email: 'Ann@Example.com ', name: 'Ann', hash: HASH },
    { id: 2, email: 'bob@example.com', name: ' ', banned: true, hash: HASH },
    { id: 3, email: 'cyd@example.com' },
    { id: 4, email: null },
    { id: 5, email: 'dee@example.com', deleted: true },
    { id: 6, email: 'no address' },
  ]
  const { code, text, report } = await runImport(database, '', exportOf(rows))

  expect(code).toBe(0)
  expect(report).toEqual([
    { line: 1, oldId: '1', outcome: 'import', format: 'bcrypt' },
    { line: 2, oldId: '2', outcome: 'import-banned', format: 'bcrypt', reasons: ['name-from-email'] },
    { line: 3, oldId: '3', outcome: 'import-no-password', reasons: ['no-password', 'name-from-email'] },
    { line: 4, oldId: '4', outcome: 'skip', reasons: ['no-email'] },
    { line: 5, oldId: '5', outcome: 'skip', reasons: ['deleted'] },
    { line: 6, oldId: '6', outcome: 'skip', reasons: ['bad-email'] },
  ])
  expect(text).toMatch(/bcrypt +2\n/)
  expect(text).toContain('Nothing was written. To do it: the same command with --apply')
  expect([await users(), await ledger()]).toEqual([[], []])
})

test('--apply writes users with their ids, passwords and providers, and remembers every row', async () => {
  const created = '2020-05-01T12:00:00.123Z'
  const rows = [
    { id: '9007199254740993', email: 'Ann@Example.com', name: 'Ann', hash: HASH, created, admin: true },
    { id: 'b', email: 'bob@example.com', name: 'Bob', verified: false, banned: true, until: '2999-01-01T00:00:00Z' },
    { id: 'c', email: '' },
  ]
  const identities = [{ user: 'b', provider: 'google', account: '117' }]
  const { code } = await runImport(database, '--apply --id-prefix shop-', exportOf(rows, { identities }))

  expect(code).toBe(0)
  expect(await users()).toEqual([
    {
      id: 'shop-9007199254740993',
      email: 'ann@example.com',
      name: 'Ann',
      emailVerified: true,
      role: 'user',
      banned: false,
    },
    { id: 'shop-b', email: 'bob@example.com', name: 'Bob', emailVerified: false, role: 'user', banned: true },
  ])
  expect(
    await database.sql('SELECT "accountId", "providerId", "userId", password FROM account ORDER BY "userId"'),
  ).toEqual([
    { accountId: 'shop-9007199254740993', providerId: 'credential', userId: 'shop-9007199254740993', password: HASH },
    { accountId: '117', providerId: 'google', userId: 'shop-b', password: null },
  ])
  expect(await ledger()).toEqual([
    { oldId: '9007199254740993', userId: 'shop-9007199254740993', status: 'import', reason: 'was-admin', run: 1 },
    { oldId: 'b', userId: 'shop-b', status: 'import-banned', reason: 'no-password', run: 1 },
    { oldId: 'c', userId: null, status: 'skip', reason: 'no-email', run: 1 },
  ])
  const [times] = await database.sql(`SELECT "createdAt", "banExpires" FROM "user" WHERE email LIKE 'ann%'`)
  expect(times).toEqual({ createdAt: new Date(created), banExpires: null })
  const events = await database.sql('SELECT type, "userId", "actorId" FROM audit_event ORDER BY "userId" LIMIT 1')
  expect(events).toEqual([{ type: 'user-created', userId: 'shop-9007199254740993', actorId: null }])
})

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

test('--duplicates skip leaves all of them out', async () => {
  const rows = [
    { id: 1, email: 'Dora@example.com' },
    { id: 2, email: 'dora@example.com' },
    { id: 3, email: 'e@example.com' },
  ]
  const { code } = await runImport(database, '--apply --duplicates skip', exportOf(rows))

  expect([code, (await users()).map(({ id }) => id)]).toEqual([0, ['3']])
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

test('a bare digest is wrapped, and a weak hash is taken only when that is said', async () => {
  const digest = 'aa5f0fa7fa2a5de4cf2c8a6b3ba1b4c5'
  const rows = [
    { id: 'a', email: 'a@example.com', digest },
    { id: 'b', email: 'b@example.com', hash: '$1$jTr4U22X$BjZ0guaOQlJsZEMZ7k0..1' },
    { id: 'c', email: 'c@example.com', hash: '$2b$31$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO' },
  ]
  const first = await runImport(database, '--apply', exportOf(rows))
  expect(outcomes(first)).toEqual({ a: 'import', b: 'import-no-password', c: 'import-no-password' })
  expect(first.report.map(({ reasons }) => (reasons as string[])[0])).toEqual([
    'digest-wrapped',
    'weak-hash',
    'hash-limits',
  ])
  const [wrapped] = await database.sql('SELECT password FROM account')
  expect(wrapped?.password).toMatch(/^old:wrapped:md5\$argon2id\$v=19\$m=19456,t=2,p=1\$/)

  expect(outcomes(await runImport(database, '--apply --allow-weak', exportOf(rows)))).toEqual({
    ...{ a: 'known', b: 'updated', c: 'known' },
  })
  expect(await database.sql(`SELECT password FROM account WHERE "userId" = 'b'`)).toEqual([{ password: rows[1]?.hash }])
  const [kept] = await database.sql<{ all: string }>(`SELECT json_agg(i)::text AS all FROM auth_import i`)
  expect(kept?.all).not.toContain(digest)
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
    'auth0|2': 'conflict',
    'google|2': 'conflict',
  })

  const { code } = await runImport(database, '--link --apply --duplicates skip', exportOf(rows, { identities }))
  expect([code, (await users()).map(({ id }) => id)]).toEqual([0, ['auth0|1']])
  expect(await database.sql('SELECT "providerId", "userId" FROM account ORDER BY 1')).toEqual([
    { providerId: 'credential', userId: 'auth0|1' },
    { providerId: 'google', userId: 'auth0|1' },
  ])
  expect((await ledger()).filter(({ oldId }) => oldId === 'google|1')).toMatchObject([
    { userId: 'auth0|1', status: 'linked' },
  ])
  const again = await runImport(database, '--link --apply --duplicates skip', exportOf(rows, { identities }))
  expect(outcomes(again)).toMatchObject({ 'auth0|1': 'known', 'google|1': 'known' })
})

test('a report and a ledger hold no address and no hash', async () => {
  const rows = [
    { id: 1, email: 'canary@example.com', name: 'canary', hash: HASH },
    { id: 2, email: 'not canary' },
  ]
  const { text, report } = await runImport(database, '--apply', exportOf(rows))

  const [kept] = await database.sql<{ all: string }>('SELECT json_agg(i)::text AS all FROM auth_import i')
  for (const said of [text, JSON.stringify(report), kept?.all]) expect(said).not.toMatch(/canary|\$2b/)
})

test('--admins makes administrators of administrators', async () => {
  const rows = [
    { id: 1, email: 'a@example.com', admin: true },
    { id: 2, email: 'b@example.com' },
  ]
  await runImport(database, '--apply --admins', exportOf(rows))

  expect((await users()).map(({ role }) => role)).toEqual(['admin', 'user'])
})

test('an export without users is another system’s, and says what is in it', async () => {
  const empty = (given: Parameters<ReturnType<typeof exportOf>>[0]) => ({
    ...exportOf([], { other: [{ id: 1 }] })({ ...given, system: { ...given.system, role: () => null } }),
    seen: () => ({ tables: [{ name: 'wp_posts', rows: 1, isRead: false, unreadColumns: [] }], references: [] }),
  })
  await expect(runImport(database, '', empty)).rejects.toThrow('Its tables: wp_posts. Is --from right?')
})

test('of two imports at once one refuses', async () => {
  const started = signal()
  const go = signal()
  async function* slow() {
    yield { id: 1, email: 'a@example.com' }
    started.resolve()
    await go.promise
  }
  const first = runImport(database, '', exportOf(slow()))
  await started.promise
  await expect(runImport(database, '', exportOf([]))).rejects.toThrow('Another import is running')
  go.resolve()
  await expect(first).resolves.toMatchObject({ code: 0 })
})

function signal() {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}
