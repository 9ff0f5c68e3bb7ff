import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { adminUrl, asAdmin, createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { setupDatabase } from '../database/setup.ts'
import { readOptions } from '../importer/options.ts'
import { SYSTEMS } from '../importer/systems/systems.ts'
import { createTerminal } from '../importer/terminal.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'
import { copyName } from './copy.ts'
import { rehearse } from './rehearse.ts'

let database: TestDatabase
let folder: string
afterEach(() => vi.unstubAllEnvs())
beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-'))
  writeFileSync(join(folder, 'users.csv'), 'id,email,email_verified\n1,ann@example.com,true\n2,bob@example.com,true\n')
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

function rehearsed(
  args: string[] = [],
  onSay: (text: string) => void = () => undefined,
  signal = new AbortController().signal,
  { variables = {}, endsConnections = true } = {},
) {
  let text = ''
  const write = (part: string | Uint8Array) => {
    text += String(part)
    onSay(text)
    return true
  }
  const wanted = args.length === 0 ? undefined : readOptions([...args, '--relative-to', folder], SYSTEMS)
  const options = wanted?.act === 'import' ? wanted.options : undefined
  const code = rehearse({
    env: database.env(variables),
    terminal: createTerminal({ write }),
    signal,
    endsConnections,
    options,
  })
  return code.then((value) => ({ code: value, text }))
}

const copies = async () => {
  const [row] = await database.sql<{ copies: string[] }>(
    `SELECT coalesce(array_agg(datname::text), '{}') AS copies FROM pg_database
      WHERE datname LIKE (SELECT current_database() || '_rehearsal_%')`,
  )
  return row?.copies
}

test('it tells of locks, time and differences, and the database is as it was', async () => {
  await database.sql(
    'DROP INDEX "session_expiresAt_idx"; ALTER TABLE "user" DROP COLUMN "banReason"; DROP TABLE passkey',
  )
  const { code, text } = await rehearsed(['--from', 'csv', 'users.csv'])

  expect(code).toBe(0)
  for (const line of [
    /Copied +(?:as a template|by pg_dump [\d.]+), in [\d.]+ s/,
    /public\.session +[\d.]+ s {2}writes wait \(ShareLock\)\n +an index on "session" \("expiresAt"\) is missing/,
    /public\."user" +[\d.]+ s {2}reads and writes wait \(AccessExclusiveLock\)/,
    /\+ column public\."user"\."banReason" text/,
    /\+ index CREATE INDEX "session_expiresAt_idx"/,
    /rows of public\."user" +0 → 2/,
  ]) {
    expect(text).toMatch(line)
  }
  // Nobody waits for a table that is new.
  expect(text).toContain('+ table public.passkey')
  expect(text).not.toMatch(/public\.passkey +[\d.]+ s/)
  expect(
    await database.sql(`SELECT FROM pg_attribute WHERE attrelid = '"user"'::regclass AND attname = 'banReason'`),
  ).toEqual([])
  expect([await database.sql('SELECT FROM "user"'), await copies()]).toEqual([[], []])
})

test('where nothing is to be done, nobody waits', async () => {
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
  const { text } = await rehearsed()

  for (const line of ['none that anybody would wait for', 'none in the schema', 'none in the number of rows']) {
    expect(text).toContain(line)
  }
})

test('what is known to fail is said before there is a copy, and so is a role that may not make one', async () => {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  await expect(rehearsed(['--from', 'csv', 'none.csv'], say)).rejects.toThrow('none.csv: there is no such file')
  const variables = { DATABASE_ADMIN_URL: database.ownerUrl }
  await expect(rehearsed([], say, undefined, { variables })).rejects.toThrow('may not make the copy')

  expect([said, await copies()]).toEqual([[], []])
})

test('a migration or an import that fails leaves no copy', async () => {
  writeFileSync(join(folder, 'broken.csv'), 'id,email,email_verified\n1,"ann@example.com,true\n')
  await expect(rehearsed(['--from', 'csv', 'broken.csv'])).rejects.toThrow('broken.csv, line 2')

  await database.sql(
    'CREATE TABLE kept (id text); ALTER TABLE verification RENAME TO moved; CREATE VIEW verification AS SELECT * FROM moved',
  )
  try {
    await expect(rehearsed()).rejects.toThrow('verification')
  } finally {
    await database.sql('DROP VIEW verification; ALTER TABLE moved RENAME TO verification; DROP TABLE kept')
  }
  expect(await copies()).toEqual([])
})

test('an interruption in the middle leaves no copy', async () => {
  const interruption = new AbortController()
  const onSay = (text: string) => {
    if (text.includes('Migrated')) interruption.abort(new Error('interrupted'))
  }
  await expect(rehearsed(['--from', 'csv', 'users.csv'], onSay, interruption.signal)).rejects.toThrow()

  expect(await copies()).toEqual([])
})

const urlTo = (name: string) => database.ownerUrl.replace(/[^/]+$/, encodeURIComponent(name))

test('it copies what DATABASE_URL_DIRECT names: a pooler may have another name for it', async () => {
  const variables = { DATABASE_URL: urlTo('alias') }

  expect(await rehearsed([], undefined, undefined, { variables })).toMatchObject({ code: 0 })
})

test('DATABASE_ADMIN_URL may name the database that is copied', async () => {
  vi.stubEnv('PATH', '') // as a template, which PostgreSQL makes only of a database that nobody is connected to
  const variables = { DATABASE_ADMIN_URL: database.superuserUrl }

  expect(await rehearsed([], undefined, undefined, { variables })).toMatchObject({ code: 0 })
})

test('a database whose name is as long as a name can be is copied, and stays', async () => {
  const name = `${'数'.repeat(19)}${database.ownerUrl.slice(-6)}`
  expect(Buffer.byteLength(name)).toBe(63)
  const variables = { DATABASE_URL: urlTo(name), DATABASE_URL_DIRECT: urlTo(name) }
  await setupDatabase(database.env(variables), createLog({ LOG_LEVEL: 'silent' }))
  try {
    expect(await rehearsed([], undefined, undefined, { variables })).toMatchObject({ code: 0 })
    const there = await database.sql('SELECT datname FROM pg_database WHERE datname LIKE $1', [`${name.slice(0, 13)}%`])
    expect(there).toEqual([{ datname: name }])
  } finally {
    await asAdmin(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
  }
})

test('the name of a copy is cut between characters, and never that of the database', () => {
  expect(copyName('shop', 'ab12')).toBe('shop_rehearsal_ab12')
  expect(copyName('🦉'.repeat(15), 'ab12')).toBe(`${'🦉'.repeat(10)}_rehearsal_ab12`)
  expect(copyName(`a${'数'.repeat(20)}`, 'ab12')).toBe(`a${'数'.repeat(13)}_rehearsal_ab12`)
  expect(() => copyName(`${'x'.repeat(40)}_rehearsal_ab12`, 'ab12')).toThrow('name of the database')
})

test('an interruption while PostgreSQL makes the copy ends it, and leaves no copy', async () => {
  // Where pg_dump is installed, a template would not be used.
  vi.stubEnv('PATH', '')
  const [guest, admin] = [new pg.Client(database.superuserUrl), new pg.Client(adminUrl())]
  await Promise.all([guest.connect(), admin.connect()])
  guest.on('error', () => undefined)
  try {
    const interruption = new AbortController()
    const outcome = rehearsed([], undefined, interruption.signal, { endsConnections: false }).catch(String)
    // PostgreSQL waits for the guest to leave.
    const isCopying = `SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE DATABASE "' || $1 || '%' AND state = 'active'`
    const name = new URL(database.ownerUrl).pathname.slice(1)
    await vi.waitFor(async () => expect((await admin.query(isCopying, [name])).rowCount).toBe(1), 10_000)
    interruption.abort(new Error('interrupted'))
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])

    expect(await outcome).toContain('interrupted')
    expect(await copies()).toEqual([])
  } finally {
    await Promise.all([guest.end(), admin.end()])
  }
})
