import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { readWith, tablesCalled } from '../../../test/export.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('a running PostgreSQL is read as its dump would be', async () => {
  await database.sql(`CREATE TABLE public.users (id bigint PRIMARY KEY, "Name" text, ok boolean, at timestamptz, hash bytea);
    INSERT INTO public.users SELECT 9007199254740993 + n, 'Ada', n > 0, '2021-03-04 05:06:07+02', '\\x24' FROM generate_series(0, 2500) n;
    CREATE TABLE public.posts (id int, author bigint REFERENCES public.users ON DELETE CASCADE, owner_id bigint);
    GRANT SELECT ON public.users TO PUBLIC`)

  const { users, lines, seen } = await readWith(tablesCalled('users'), {
    url: `${database.ownerUrl.replace('postgres:', 'postgresql+asyncpg:')}?schema=public&connection_limit=1&sslmode=disable`,
  })

  expect(users).toHaveLength(2501)
  expect(users[0]).toEqual({
    id: '9007199254740993',
    Name: 'Ada',
    ok: 'f',
    at: '2021-03-04 03:06:07+00',
    hash: '\\x24',
  })
  expect(lines.at(-1)).toBe(2501)
  expect(
    seen.references.map(({ table, column, constraint, onDelete }) => [table, column, constraint, onDelete]),
  ).toEqual([
    ['posts', 'author', 'posts_author_fkey', 'CASCADE'],
    ['posts', 'owner_id', null, null],
  ])
})

test('a table whose policies hide rows from this role is refused, and not read without them', async () => {
  await database.sql(`CREATE SCHEMA hidden; CREATE TABLE hidden.people (id int); INSERT INTO hidden.people VALUES (1);
    ALTER TABLE hidden.people ENABLE ROW LEVEL SECURITY;
    GRANT USAGE ON SCHEMA hidden TO PUBLIC; GRANT SELECT ON hidden.people TO PUBLIC`)
  await expect(readWith(tablesCalled('people'), { url: database.ownerUrl })).rejects.toThrow(
    'the old database: query would be affected by row-level security policy',
  )
})

test('one that cannot be reached is told without its address', async () => {
  const failure = await readWith(tablesCalled('users'), { url: database.ownerUrl.replace('p%40ss', 'wrong') }).catch(
    String,
  )
  expect(failure).toContain('the old database: ')
  expect(failure).not.toContain('wrong')
})

test.each([
  ['mysql://u:p@h/d', 'mysqldump --single-transaction --hex-blob'],
  ['mysql+pymysql://u:p@h/d', 'mysqldump'],
  ['mongodb+srv://u:p@h/d', 'mongoexport'],
  ['redis://h', 'redis: is no database that can be read'],
])('%s: what to do instead is said', async (url, what) => {
  await expect(readWith(tablesCalled('users'), { url })).rejects.toThrow(what)
})
