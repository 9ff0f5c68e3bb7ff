import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { readOptions } from '../importer/options.ts'
import { SYSTEMS } from '../importer/systems/systems.ts'
import { createTerminal } from '../importer/terminal.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'
import { rehearse } from './rehearse.ts'

let database: TestDatabase
let folder: string
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
    env: database.env(),
    terminal: createTerminal({ write }),
    signal,
    endsConnections: true,
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
