import { describe, expect, test } from 'vitest'
import { readRows } from '../../../../test/export.ts'

const COPY = 'COPY public.users (id, name) FROM stdin;\n'

describe('pg_dump', () => {
  test('of COPY all escapes are read, and NULL is none of them', async () => {
    const { users, lines } = await readRows(`${COPY}1\ta\\tb\\nc\\\\N\\x41\\303\\274\n2\t\\N\n3\t\n4\t\\\\N\n\\.\n`)

    expect(users.map(({ name }) => name)).toEqual(['a\tb\nc\\NAü', null, '', '\\N'])
    expect(lines).toEqual([2, 3, 4, 5])
  })

  test('what stands between tables is passed over: settings, functions, comments, commands of psql', async () => {
    const { users } = await readRows(`\\restrict abc
SET client_encoding = 'UTF8'; -- INSERT INTO users VALUES (0, 'no')
/* COPY users (id, name) FROM stdin;
*/
CREATE FUNCTION f() RETURNS text AS $body$ BEGIN; RETURN 'it''s; $$ '; END $body$ LANGUAGE plpgsql;
COMMENT ON TABLE users IS 'a; b
c';
COPY public.other (id, name) FROM stdin;
7\tCOPY public.users (id, name) FROM stdin;
\\.
${COPY}1\tAda
\\.
\\unrestrict abc
`)
    expect(users).toEqual([{ id: '1', name: 'Ada' }])
  })

  test('rows of INSERT are those of COPY', async () => {
    const { users, lines } = await readRows(`CREATE TABLE public.users (
    id bigint NOT NULL, "Name" text DEFAULT 'x, y', ok boolean, CONSTRAINT c CHECK ((ok AND (id > 0))));
INSERT INTO public.users VALUES (9007199254740993, 'O''Plus; -- "no"', true), (-2, NULL, false);
INSERT INTO public.users (ok, id, "Name") OVERRIDING SYSTEM VALUE VALUES (false, 3, E'tab\\t\\u00fc
second line') ON CONFLICT (id) DO NOTHING;
INSERT INTO public.users VALUES (4, '\\x2432'::bytea, DEFAULT);
`)
    expect(users).toEqual([
      { id: '9007199254740993', Name: `O'Plus; -- "no"`, ok: 't' },
      { id: '-2', Name: null, ok: 'f' },
      { id: '3', Name: 'tab\tü\nsecond line', ok: 'f' },
      { id: '4', Name: '\\x2432', ok: null },
    ])
    expect(lines).toEqual([3, 3, 5, 6])
  })

  test('names are as PostgreSQL has them: in quotes, in a schema, in the search path, in capitals', async () => {
    const { seen } = await readRows(
      'SET search_path = app, pg_catalog;\nCOPY USERS (ID) FROM stdin;\n1\n\\.\nCOPY "Users" (id) FROM stdin;\n2\n\\.\n',
    )
    expect(seen.tables.map(({ name, isRead }) => [name, isRead])).toEqual([
      ['app.users', true],
      ['app.Users', false],
    ])
  })

  test.each([
    ['a name', "INSERT INTO users VALUES (2, 'bo`b');\n"],
    ['a comment', "COMMENT ON COLUMN users.name IS 'the `handle`';\n"],
    ['a comment of the file', '-- made from `old`\n'],
    ['a comment like one of MySQL', "SET client_encoding = 'UTF8';\n/*! `x` */;\n"],
  ])('a backtick in %s makes no MySQL of it', async (_where, odd) => {
    const dump = `CREATE TABLE users (id text, name text);\n${odd}INSERT INTO "users" VALUES (3, 'a\\');
COPY "users" (id, name) FROM stdin;\n4\tDi\n\\.\n`
    const { users } = await readRows(dump)
    expect(users.slice(-2)).toEqual([
      { id: '3', name: 'a\\' },
      { id: '4', name: 'Di' },
    ])
  })

  test('columns that point at the users are found by their keys, and by their names', async () => {
    const { seen } = await readRows(`CREATE TABLE public.users (id integer);
CREATE TABLE public.posts (id integer, author_id integer REFERENCES public.users(id) ON DELETE SET NULL);
CREATE TABLE public."Notes" (id integer, "ownerId" integer, user_agent text, editor integer);
CREATE TABLE public.teams (id integer, owner_id integer);
ALTER TABLE ONLY public.teams ADD CONSTRAINT to_team FOREIGN KEY (owner_id) REFERENCES public.teams(id);
ALTER TABLE ONLY public."Notes"
    ADD CONSTRAINT to_editor FOREIGN KEY (editor) REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE CASCADE;
${COPY}\\.\n`)
    expect(
      seen.references.map(({ table, column, constraint, onDelete }) => [table, column, constraint, onDelete]),
    ).toEqual([
      ['posts', 'author_id', null, 'SET NULL'],
      ['Notes', 'editor', 'to_editor', 'CASCADE'],
      ['Notes', 'ownerId', null, null],
    ])
  })

  test.each([
    ['among the rows of a table', `${COPY}1\tAda\n`, 'line 2: the file ends here, among the rows of public.users'],
    ['inside of a row', `${COPY}1\tAda\n2`, 'line 3: this row has 1 columns, and public.users has 2'],
    [
      'inside of a string',
      "INSERT INTO users (id, name) VALUES\n(1, 'Ad\n\n",
      'line 3: the file ends here, inside of a string that begins in line 2',
    ],
    ['inside of a statement', 'CREATE TABLE users (\n id', 'line 2: the file ends here, inside of a statement'],
    [
      'before its last line',
      `-- PostgreSQL database dump\n${COPY}1\tAda\n\\.\n`,
      'before its last line: it is only a part',
    ],
    ['before \\unrestrict', `\\restrict a\n${COPY}1\tAda\n\\.\n`, 'before its \\unrestrict line: it is only a part'],
  ])('a dump that ends %s is refused', async (_where, dump, error) => {
    await expect(readRows(dump)).rejects.toThrow(error)
  })

  test.each([
    ['too many columns', `${COPY}1\tAda\tx\n\\.\n`, 'old, line 2: this row has 3 columns, and public.users has 2'],
    ['an encoding that is not ours', "SET client_encoding = 'LATIN1';\n", 'old, line 1: the dump is in LATIN1'],
    ['an expression', 'INSERT INTO users (id, name) VALUES (1, now());', 'old, line 1: the value of name'],
    ...[
      "'a' || '@x'",
      "'a'::text || '@x'",
      "'a' 'b'",
      "CAST('a' || 'b' AS text)",
      '1 + 1',
      '-1 - 1',
      "lower('A')",
      "replace('a', 'a', 'bb')",
    ].map((value) => [
      `the expression ${value}`,
      `INSERT INTO users (id, name) VALUES\n(1, ${value});`,
      'old, line 2: the value of name in users is an expression',
    ]),
    [
      'rows of a query',
      'INSERT INTO users (id)\nSELECT 1;',
      'old, line 2: the rows of this INSERT into users are no values',
    ],
    [
      'an INSERT into a table without a readable name',
      "INSERT INTO 'users' VALUES (1);",
      'old, line 1: these rows are of a table whose name cannot be read',
    ],
    [
      'an INSERT in quotes of MySQL',
      '-- MySQL dump 10.13\nINSERT INTO "users" (id) VALUES (1);',
      'old, line 2: these rows are of a table whose name cannot be read',
    ],
    [
      'a COPY into a table without a readable name',
      "COPY 'users' (id) FROM stdin;\n1\n\\.\n",
      'old, line 1: these rows are of a table whose name cannot be read',
    ],
    [
      'columns that are named nowhere',
      'INSERT INTO users VALUES (1);',
      'old, line 1: the columns of users are named nowhere',
    ],
    [
      'two tables of users',
      'COPY a.users (id) FROM stdin;\n\\.\nCOPY b.users (id) FROM stdin;\n\\.\n',
      'a.users and b.users both look like the table of users: say which with --table',
    ],
  ])('%s: refused, with the line', async (_what, dump, error) => {
    await expect(readRows(dump)).rejects.toThrow(error)
  })
})

describe('mysqldump', () => {
  test('its strings, names and literals are read', async () => {
    const { users } = await readRows(`-- MySQL dump 10.13
/*!40101 SET NAMES utf8mb4 */;
CREATE TABLE \`users\` (
  \`id\` bigint unsigned NOT NULL AUTO_INCREMENT,
  \`name\` varchar(250) DEFAULT '' COMMENT 'a, b',
  \`flag\` bit(1), \`hash\` varbinary(60),
  PRIMARY KEY (\`id\`), KEY \`k\` (\`name\`(191))
) ENGINE=InnoDB;
LOCK TABLES \`users\` WRITE;
INSERT INTO \`users\` VALUES (1,'O\\'Plus \\"x\\" \\\\ \\n','\\0',0x243262),(2,"it's",b'1',_binary '$2y');
UNLOCK TABLES;
DELIMITER ;;
/*!50003 CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW BEGIN SET @a = 1; END */;;
DELIMITER ;
-- Dump completed on 2026-01-01
`)
    expect(users).toEqual([
      { id: '1', name: 'O\'Plus "x" \\ \n', flag: '\u001a', hash: '$2b' },
      { id: '2', name: "it's", flag: '1', hash: '$2y' },
    ])
  })

  test.each([
    'INSERT INTO `users` (id, name) VALUES',
    'INSERT IGNORE INTO shop.`users` (id, name) VALUES',
    'INSERT INTO users (`id`, `name`) VALUES',
    'CREATE TABLE `posts` (id int);\nINSERT INTO users (id, name) VALUES',
    '/*!40101 SET NAMES utf8mb4 */;\nINSERT INTO users (id, name) VALUES',
    '-- MariaDB dump 10\n-- Dump completed\nINSERT INTO users (id, name) VALUES',
  ])('it is known by %j', async (begin) => {
    const { users } = await readRows(`${begin} (1,'O\\'Plus "a\` b" \\\\');\n`)
    expect(users).toEqual([{ id: '1', name: 'O\'Plus "a` b" \\' }])
  })

  test('one that was cut off is refused', async () => {
    await expect(readRows('-- MySQL dump 10.13\nINSERT INTO `users` (`id`) VALUES (1);\n')).rejects.toThrow(
      'before its last line',
    )
  })
})

test('rows whose columns are named nowhere are passed over where others are the users', async () => {
  const odd = 'INSERT INTO other VALUES (1);\n'
  expect((await readRows(`${odd}INSERT INTO users (id) VALUES (1);\n`)).users).toEqual([{ id: '1' }])
  await expect(readRows(odd)).rejects.toThrow('old, line 1: the columns of other are named nowhere')
})

test('a dump of sqlite3 is read too', async () => {
  const { users } = await readRows(
    `PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE IF NOT EXISTS "users" (id integer, name text);\nINSERT INTO users VALUES(1,'Ada');\nCOMMIT;\n`,
  )
  expect(users).toEqual([{ id: '1', name: 'Ada' }])
})
