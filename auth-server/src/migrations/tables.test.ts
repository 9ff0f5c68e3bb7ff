import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { expect, test } from 'vitest'
import { authOptions } from '../auth/better-auth.ts'
import { MIGRATION_TABLE, TABLES } from '../database/naming/tables.ts'
import { neededTables } from '../database/schema/needed.ts'
import { readEnv } from '../env.ts'

const env = readEnv({
  NODE_ENV: 'development',
  DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none',
  BETTER_AUTH_SECRET: 'only-for-tests-6b3a1f0c9d8e7f2a4b5c',
  INTERNAL_TOKEN: 'only-for-tests-internal-77f0a1',
})
const tables = neededTables(authOptions({ env, pool: new pg.Pool() }), env).filter(
  ({ name }) => name !== MIGRATION_TABLE,
)
const schema = Object.fromEntries(
  tables.map(({ name, columns }) => [name, columns.map((column) => column.name).filter((column) => column !== 'id')]),
)
const sorted = (named: Record<string, readonly string[]>) =>
  Object.fromEntries(Object.entries(named).map(([table, columns]) => [table, columns.toSorted()]))

test('naming/tables.ts has every table and column, so that the settings can name it', () => {
  expect(sorted(TABLES)).toEqual(sorted(schema))
})

/** What connects without them asks about no table of ours, or connects to nothing. */
const UNNAMED = [
  'commands/schema.ts',
  'database/schema/timestamps.ts',
  'database/setup.ts',
  'doctor/subjects/pooler.ts',
  'doctor/subjects/schema.ts',
  'importer/reading/postgres.ts',
  'rehearsal/copy.ts',
  'revocation/listening.ts',
]

test('every connection that is asked about our tables has the names of the settings', () => {
  const sources = readdirSync(new URL('..', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({ file, text: readFileSync(new URL(file, new URL('..', import.meta.url)), 'utf8') }))
  const plain = sources.filter(({ text }) => /new (?:pg\.)?(?:Client|Pool)\(/.test(text) && !/clientClass\(/.test(text))
  expect(plain.map(({ file }) => file).filter((file) => !UNNAMED.includes(file))).toEqual([])
})
