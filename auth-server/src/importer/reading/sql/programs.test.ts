import { expect, test } from 'vitest'
import { readRows } from '../../../../test/export.ts'

test('sqlite3: a name has its capitals with and without quotes', async () => {
  const { users } = await readRows(
    'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE IF NOT EXISTS "Users" ("userId" text);\nINSERT INTO Users VALUES(\'1\');\nCOMMIT;\n',
    'Users',
  )
  expect(users).toEqual([{ userId: '1' }])
})

test('sqlite3: text with line breaks is in calls of functions', async () => {
  const { users } = await readRows(`PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE users (id integer primary key, name text, bio text);
INSERT INTO users VALUES(1,replace(replace('Ada\\r\\nPlain, it''s','\\r',char(13)),'\\n',char(10)),NULL);
INSERT INTO users VALUES(2,unistr('a\\u000ab\\\\c\\+01f600'),replace('$&x','x','$'));
COMMIT;
`)
  expect(users).toEqual([
    { id: '1', name: "Ada\r\nPlain, it's", bio: null },
    { id: '2', name: 'a\nb\\c😀', bio: '$&$' },
  ])
})

test('a UUID in bytes is the text that apps show', async () => {
  const { users } = await readRows(
    'INSERT INTO `users` (`id`,`name`) VALUES (0x0A773AD4AEF94738901ACBBA4748A14A,0xC3BC),(0x61,0xFF00);\n',
  )
  expect(users).toEqual([
    { id: '0a773ad4-aef9-4738-901a-cbba4748a14a', name: 'ü' },
    { id: 'a', name: '\\xFF00' },
  ])
})

test('a quote behind a backslash is of MySQL where no string could end', async () => {
  const { users } = await readRows(`insert into shop.users (id, name)
values (1, 'a'),
       (2, 'O\\'Plus; "x" \\\\');
`)
  expect(users.map(({ name }) => name)).toEqual(['a', 'O\'Plus; "x" \\'])
  const path = await readRows("insert into users (id, name) values (1, 'C:\\'), (2, E'O\\'Plus');\n")
  expect(path.users.map(({ name }) => name)).toEqual(['C:\\', "O'Plus"])
})

test('comments of MySQL and what programs say are passed over, with their apostrophes', async () => {
  const { users } = await readRows(`mysqldump: [Warning] Using a password can't be secure.
# WordPress's backup
#
CREATE TABLE \`users\` (\`id\` bigint, \`name\` text);
# it's rows
INSERT INTO \`users\` VALUES (1,'O\\'Plus');
`)
  expect(users).toEqual([{ id: '1', name: "O'Plus" }])
})

test('rows of partitions are rows of their table', async () => {
  const { users } = await readRows(`CREATE TABLE public.users (id int, name text) PARTITION BY RANGE (id);
CREATE TABLE public.u1 (name text, id int);
ALTER TABLE ONLY public.users ATTACH PARTITION public.u1 FOR VALUES FROM (0) TO (9);
ALTER TABLE ONLY public.u1 ATTACH PARTITION public.u2 DEFAULT;
COPY public.u1 (name, id) FROM stdin;
Ada\t1
\\.
COPY public.u2 (id, name) FROM stdin;
2\tBo
\\.
`)
  expect(users).toEqual([
    { id: '1', name: 'Ada' },
    { id: '2', name: 'Bo' },
  ])
})

test.each([
  ['pg_dumpall', '\\connect a\n', '\\connect b\n'],
  ['mysqldump --all-databases', 'USE `a`;\n', 'USE `b`;\n'],
])('users of two databases, as %s writes them, are not mixed', async (_program, first, second) => {
  const rows = "INSERT INTO users (id, name) VALUES (1, 'Ada');\n"
  expect((await readRows(first + rows + first + rows + second)).users).toHaveLength(2)
  await expect(readRows(first + rows + second + rows)).rejects.toThrow('old, line 4: this dump has users of more than')
})
