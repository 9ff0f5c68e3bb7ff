import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { createLog } from '../log.ts'
import { migrate } from '../migrations/migrate.ts'
import { openReferences, writeReferences } from './references.ts'
import type { Reference } from './system.ts'
import { createTerminal } from './terminal.ts'
import { showReferences, showUnread } from './view.ts'

let database: TestDatabase
const folder = mkdtempSync(join(tmpdir(), 'references-'))
beforeAll(async () => {
  database = await createTestDatabase()
  await migrate(database.env(), createLog({ LOG_LEVEL: 'silent' }))
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

const reference = (table: string, changes: Partial<Reference> = {}): Reference => ({
  ...{ schema: 'shop', table, column: 'owner_id', constraint: `${table}_fk`, onDelete: 'CASCADE' },
  ...changes,
})

test('the SQL makes foreign keys of numbers and uuids point at "user", and rows stay', async () => {
  await database.sql(`
    CREATE SCHEMA shop;
    CREATE TABLE shop.users (id int PRIMARY KEY); INSERT INTO shop.users VALUES (17);
    CREATE TABLE shop.item (owner_id int CONSTRAINT item_fk REFERENCES shop.users); INSERT INTO shop.item VALUES (17);
    CREATE TABLE shop."Odd Name" ("owner""Id" int CONSTRAINT "odd fk" REFERENCES shop.users ON DELETE SET NULL);
    INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES ('old-17', 'x', 'x@example.com', true, now(), now())`)
  const path = join(folder, 'a.sql')
  const odd = reference('Odd Name', { column: 'owner"Id', constraint: 'odd fk', onDelete: 'SET NULL' })
  const references = [reference('item', { onDelete: null }), odd, reference('log', { constraint: null })]
  await writeReferences(path, references, { user: 'public."user"', idPrefix: 'old-' })
  const sql = readFileSync(path, 'utf8')
  await database.sql(sql)

  expect(sql).toMatch(/-- was NO ACTION.*\n[\s\S]*-- {3}"shop"."log"."owner_id"\n$/)
  expect(await database.sql('SELECT owner_id FROM shop.item')).toEqual([{ owner_id: 'old-17' }])
  expect(
    await database.sql(`SELECT conname, confdeltype::text FROM pg_constraint WHERE confrelid = 'public."user"'::regclass
      AND connamespace = 'shop'::regnamespace ORDER BY 1`),
  ).toEqual([
    { conname: 'item_fk', confdeltype: 'c' },
    { conname: 'odd fk', confdeltype: 'n' },
  ])
})

test('no name of the export leaves its comment', async () => {
  const path = join(folder, 'b.sql')
  const attack = 'x\n; CREATE TABLE shop.attacked ();\r; CREATE TABLE shop.attacked (); --'
  await database.sql(
    'CREATE SCHEMA IF NOT EXISTS shop; CREATE TABLE shop.bill (owner_id text CONSTRAINT bill_fk CHECK (true))',
  )
  const references = [
    reference('bill', { onDelete: attack }),
    ...['schema', 'table', 'column'].map((part) => reference('log', { constraint: null, [part]: attack })),
  ]
  await writeReferences(path, references, { user: 'public."user"', idPrefix: '' })
  await database.sql(readFileSync(path, 'utf8'))

  expect(await database.sql(`SELECT to_regclass('shop.attacked') AS attacked`)).toEqual([{ attacked: null }])
})

test('no name of the export commands the terminal', () => {
  let text = ''
  const write = (part: string | Uint8Array) => {
    text += String(part)
    return true
  }
  const terminal = createTerminal({ write })
  showReferences(terminal, [reference('a\u001b[2Jb')])
  const table = { name: 'c\u001b[2Jd', rows: 1, isRead: false, columns: [] }
  showUnread(terminal, { tables: [table], references: [] }, ['e\rf'])

  expect([text.includes('\u001b'), text.includes('\r')]).toEqual([false, false])
})

test('tables that the import read are the old system’s own, and are left alone', () => {
  const table = { rows: 1, isRead: true, columns: [] }
  const tables = [
    { ...table, name: 'shop.identities' },
    { ...table, name: 'shop.item', isRead: false },
  ]
  expect(openReferences({ references: [reference('identities'), reference('item')], tables })).toEqual([
    reference('item'),
  ])
})
