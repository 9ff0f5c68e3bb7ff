import { expect, test } from 'vitest'
import { exportOf, importDatabase, runImport } from '../../test/import.ts'
import { showRuns } from './runs.ts'
import { createTerminal } from './terminal.ts'
import { undo } from './undo.ts'

const HASH = '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO'

const database = await importDatabase()

async function said(work: (terminal: ReturnType<typeof createTerminal>) => Promise<number>) {
  let text = ''
  const write = (part: string | Uint8Array) => {
    text += String(part)
    return true
  }
  const code = await work(createTerminal({ write }))
  return { code, text }
}

const undoRun = (run: number, isSure = true) => said((terminal) => undo({ env: database.env(), run, isSure, terminal }))
const ids = async () => (await database.sql<{ id: string }>('SELECT id FROM "user" ORDER BY id')).map(({ id }) => id)
const rows = (...names: string[]) => names.map((id) => ({ id, email: `${id}@example.com`, hash: HASH }))

test('users who have never been here go, and come again with the next import', async () => {
  await runImport(database, '--apply', exportOf([...rows('a', 'b'), { id: 'x', email: null }]))
  await runImport(database, '--apply', exportOf(rows('a', 'b', 'c')))
  const { code, text } = await undoRun(1)

  expect([code, await ids()]).toEqual([0, ['c']])
  expect(text).toContain('Deleted 2 users.')
  expect(await database.sql('SELECT "oldId" FROM auth_import')).toEqual([{ oldId: 'c' }])
  await runImport(database, '--apply', exportOf(rows('a', 'b', 'c')))
  expect(await ids()).toEqual(['a', 'b', 'c'])
})

test('whoever has been here, or has something here, stays', async () => {
  await runImport(
    database,
    '--apply',
    exportOf(rows('event', 'goes', 'name', 'passkey', 'password', 'session', 'provider')),
  )
  await database.sql(`INSERT INTO audit_event (type, "userId", "createdAt") VALUES ('signed-in', 'event', now())`)
  // Anybody can do that to anybody.
  await database.sql(`INSERT INTO audit_event (type, "userId", "createdAt") VALUES ('sign-in-failed', 'goes', now())`)
  await database.sql(`UPDATE "user" SET "updatedAt" = now() WHERE id = 'name'`)
  await database.sql(`UPDATE account SET password = 'another' WHERE "userId" = 'password'`)
  await database.sql(
    `INSERT INTO passkey (id, "publicKey", "userId", "credentialID", counter, "deviceType", "backedUp")
     VALUES ('p', '', 'passkey', 'c', 0, '', false)`,
  )
  await database.sql(
    `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt") VALUES ('s', 't', 'session', now(), now(), now())`,
  )
  await database.sql(
    `INSERT INTO account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt") VALUES ('g', '1', 'google', 'provider', now(), now())`,
  )
  const { text } = await undoRun(1)

  expect(await ids()).toEqual(['event', 'name', 'passkey', 'password', 'provider', 'session'])
  for (const line of ['3  signed in since', '1  another password', '1  changed since', '1  rows of the app']) {
    expect(text).toContain(line)
  }
})

test('whoever signed in at a provider stays, and a password that a later run brought is no visit', async () => {
  const identities = ['back', 'never'].map((user) => ({ user, provider: 'google', account: user }))
  const people = [
    ...rows('changed'),
    { id: 'added', email: 'added@example.com' },
    { id: 'back', email: 'back@example.com' },
  ]
  await runImport(
    database,
    '--apply',
    exportOf([...people, { id: 'never', email: 'never@example.com' }], { identities }),
  )
  const later = ['changed', 'added'].map((id) => ({ id, email: `${id}@example.com`, hash: HASH.replace('a/G', 'b/G') }))
  await runImport(database, '--apply', exportOf(later))
  await database.sql(`UPDATE account SET "updatedAt" = clock_timestamp() WHERE "userId" = 'back'`)
  await undoRun(1)

  expect(await ids()).toEqual(['back'])
})

test('after AUDIT_DAYS nothing tells whether they have been here, and all stay', async () => {
  await runImport(database, '--apply', exportOf(rows('a', 'b')))
  await database.sql(`UPDATE auth_import SET "importedAt" = now() - interval '181 days' WHERE "oldId" = 'a'`)
  await database.sql(
    `UPDATE account SET "createdAt" = now() - interval '181 days', "updatedAt" = now() - interval '181 days'`,
  )
  await database.sql(`UPDATE "user" SET "updatedAt" = now() - interval '182 days'`)
  const { text } = await undoRun(1)

  expect(text).toContain('1  imported longer ago than AUDIT_DAYS')
  expect(await ids()).toEqual(['a'])
})

test.each(['CASCADE', 'SET NULL', 'NO ACTION', 'NO ACTION DEFERRABLE INITIALLY DEFERRED'])(
  'rows of the app keep their user: ON DELETE %s',
  async (rule) => {
    await runImport(database, '--apply', exportOf(rows('a', 'b')))
    await database.sql('CREATE SCHEMA shop')
    await database.sql(`CREATE TABLE shop.item (owner_id text REFERENCES "user" ON DELETE ${rule})`)
    await database.sql(`INSERT INTO shop.item VALUES ('a'), ('a')`)
    try {
      await undoRun(1)
      expect(await ids()).toEqual(['a'])
      expect(await database.sql('SELECT owner_id FROM shop.item')).toEqual([{ owner_id: 'a' }, { owner_id: 'a' }])
    } finally {
      await database.sql('DROP SCHEMA shop CASCADE')
    }
  },
)

test('without --yes it says what it would do, and a run that does not exist is an error', async () => {
  await runImport(database, '--apply', exportOf(rows('a')))

  expect(await undoRun(1, false)).toEqual({ code: 1, text: expect.stringContaining('1 user would be') })
  expect(await ids()).toEqual(['a'])
  await expect(undoRun(7)).rejects.toThrow('There is no run 7')
})

test('runs are listed, with what became of them', async () => {
  expect((await said((terminal) => showRuns({ env: database.env(), terminal }))).text).toBe(
    'Nothing was imported yet.\n',
  )
  await runImport(database, '--apply', exportOf([...rows('a', 'b'), { id: 'c', email: 'c@example.com' }, { id: 'd' }]))
  await database.sql(`DELETE FROM "user" WHERE id = 'a'`)
  const { text } = await said((terminal) => showRuns({ env: database.env(), terminal }))

  expect(text).toMatch(/Run +Source +Begun \(UTC\) +Users +No password +Banned +Left out +Deleted since\n/)
  expect(text).toMatch(/\n +1 +old +20\d\d-\d\d-\d\d \d\d:\d\d +3 +1 +0 +1 +1\n$/)
})
