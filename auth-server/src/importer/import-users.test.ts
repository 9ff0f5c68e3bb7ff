import { expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { exportOf, importDatabase, runImport } from '../../test/import.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'
import { createTerminal } from './terminal.ts'
import { undo } from './undo.ts'

const HASH = '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO'

const database = await importDatabase()

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

test('a required field that no export has a value for is refused before anything is read', async () => {
  const company = { name: 'company', type: 'string', required: true, signUp: true }
  const run = (field: object) =>
    runImport(database, '', exportOf([]), { AUTH_USER_FIELDS: JSON.stringify([{ ...company, ...field }]) })
  await expect(run({})).rejects.toThrow('AUTH_USER_FIELDS company is required, and no export has a value for it')
  expect((await run({ default: '' })).code).toBe(0)
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
    seen: () => ({
      tables: ['wp_posts', 'wp_terms'].map((name) => ({ name, rows: 1, isRead: false, columns: [] })),
      references: [],
    }),
  })
  await expect(runImport(database, '', empty)).rejects.toThrow('Its tables: wp_posts, wp_terms. Is --from right?')
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

test('under other names of tables and columns, users come, come again with a new password, and go', async () => {
  const names = { AUTH_TABLE_NAMES: 'plural', AUTH_COLUMN_NAMES: 'snake_case' }
  const other = await createTestDatabase()
  try {
    const env = other.env(names)
    await migrate(env, createLog({ LOG_LEVEL: 'silent' }))
    const rows = [
      { id: 'a', email: 'a@example.com', hash: HASH },
      { id: 'b', email: 'b@example.com' },
      { id: 'c', email: 'B@example.com' },
    ]
    const others = {
      identities: [
        { user: 'b', provider: 'google', account: '1' },
        { user: 'c', provider: 'github', account: '1' },
      ],
    }
    await runImport(other, '--apply --link', exportOf(rows, others), names)
    const changed = [
      { ...rows[0], hash: HASH.replace('a/G', 'b/G') },
      { id: 'd', email: 'd@example.com' },
    ]
    expect(outcomes(await runImport(other, '--apply', exportOf(changed), names))).toEqual({
      a: 'updated',
      d: 'import-no-password',
    })

    expect(await other.sql('SELECT provider_id, user_id FROM accounts ORDER BY 1')).toEqual([
      { provider_id: 'credential', user_id: 'a' },
      { provider_id: 'github', user_id: 'b' },
      { provider_id: 'google', user_id: 'b' },
    ])
    const write = () => true
    expect(await undo({ env, run: 1, isSure: true, terminal: createTerminal({ write }) })).toBe(0)
    expect(await other.sql('SELECT id FROM users')).toEqual([{ id: 'd' }])
  } finally {
    await other.drop()
  }
})
