import { expect, test } from 'vitest'
import { readRows, readWith, tablesCalled } from '../../../test/export.ts'
import type { System } from '../system.ts'

test.each([
  ['a list', '[{"id": 1, "tags": [1, {"a": null}]},\n {"id": 2}]'],
  [
    'an object with lists',
    '{"realm": "x",\n "users": [{"id": 1, "tags": [1, {"a": null}]}, {"id": 2}],\n "clients": [{"id": 9}]}',
  ],
  ['an object in one line', '{"users":[{"id":1,"tags":[1,{"a":null}]},{"id":2}]}'],
  ['pages in lines', '{"Users":[{"id":1,"tags":[1,{"a":null}]}],"PaginationToken":"x"}\n{"Users":[{"id":2}]}\n'],
  ['pages in a list', '[{"data":[{"id":1,"tags":[1,{"a":null}]}],"total_count":2},{"data":[{"id":2}]}]'],
  ['pages of lists', '[{"id":1,"tags":[1,{"a":null}]}]\n[{"id":2}]\n'],
  ['a row in each line', '{"id":1,"tags":[1,{"a":null}]}\r\n\n{"id":2}\n'],
  ['one row in one line', '{"id":1,"tags":[1,{"a":null}]}\n{"id":2}'],
  ['all realms', '[{"realm":"master","users":[{"id":1,"tags":[1,{"a":null}]}]},{"realm":"b","users":[{"id":2}]}]'],
])('%s is read', async (_what, content) => {
  const { users } = await readRows(content)
  expect(users).toEqual([{ id: 1, tags: [1, { a: null }] }, { id: 2 }])
})

test.each([
  ['a list', '[{"id": 1},\n{"id": 2, "email": "bo@example.com"}]'],
  ['lines', '{"id": 1}\n{"id": 2, "email": "bo@example.com"}\n'],
])('the first row of %s may leave out what makes it one of a user', async (_what, content) => {
  const any = tablesCalled('users')
  const role: System['role'] = (table, settings) => (table.columns.includes('email') ? any.role(table, settings) : null)
  const { users } = await readWith({ ...any, role }, { files: [content] })
  expect(users.map(({ id }) => id)).toEqual([1, 2])
})

test('pages one behind the other, as people read them, are one export', async () => {
  const page = (id: number) => `${JSON.stringify({ users: [{ id }], next: 'x' }, null, 2)}\n`
  const { users, lines } = await readRows(page(1) + page(2))
  expect(users).toEqual([{ id: 1 }, { id: 2 }])
  expect(lines).toEqual([3, 11])
  await expect(readRows(page(1) + page(2).slice(0, -3))).rejects.toThrow('the file ends here')
})

test('a list of records in a row is no page', async () => {
  const { users } = await readRows('{"user_id":"1","data":[{"a":1}]}\n{"user_id":"2","data":[]}\n')
  expect(users.map(({ user_id }) => user_id)).toEqual(['1', '2'])
})

test('phpMyAdmin writes a list for each table', async () => {
  const { users, seen } = await readRows(
    `[
{"type":"header","version":"5.2.1"},
{"type":"database","name":"shop"},
{"type":"table","name":"users","database":"shop","data":
[
{"id":"1"}
]
},
{"type":"table","name":"orders","database":"shop","data":[{"id":"9"}]}
]
`,
  )
  expect(users).toEqual([{ id: '1' }])
  expect(seen.tables.map(({ name, isRead }) => [name, isRead])).toContainEqual(['orders', false])
})

test('mongoexport writes types beside values', async () => {
  const { users } = await readRows(
    `{"_id":{"$oid":"65a1"},"at":{"$date":{"$numberLong":"1706933106000"}},"on":{"$date":"2024-02-03T04:05:06Z"},"list":[{"n":{"$numberLong":"9007199254740993"}}]}
{"_id":{"$binary":{"base64":"AAECAwQFBgcICQoLDA0ODw==","subType":"04"}},"meta":{"$set":1,"b":2}}
`,
  )
  expect(users).toEqual([
    { _id: '65a1', at: '1706933106000', on: '2024-02-03T04:05:06Z', list: [{ n: '9007199254740993' }] },
    { _id: '00010203-0405-0607-0809-0a0b0c0d0e0f', meta: { $set: 1, b: 2 } },
  ])
})

test('integers that a double cannot hold stay text', async () => {
  const { users } = await readRows('[{"id": 9007199254740993, "n": -1.5, "m": 9007199254740991}]')
  expect(users).toEqual([{ id: '9007199254740993', n: -1.5, m: 9007199254740991 }])
})

test('a NUL becomes what no rule lets through', async () => {
  const { users } = await readRows('[{"id": "1", "name": "A\\u0000da"}]')
  expect(users[0]?.name).toBe('A\u001ada')
})

test('what dumpdata of Django writes is a table for each model', async () => {
  const dump =
    '[\n{"model": "auth.user", "pk": 1, "fields": {"email": "a@example.com"}},\n{"model": "shop.order", "pk": 2, "fields": {"buyer": 1}}]'
  const { users, seen, lines } = await readRows(dump, 'auth.user')
  expect(users).toEqual([{ pk: 1, email: 'a@example.com' }])
  expect(lines).toEqual([2])
  expect(seen.references).toMatchObject([{ table: 'shop.order', column: 'buyer' }])
})

test.each([
  ['in a list', '[{"id": 1},\n{"id": 2', 'old, line 2: the file ends here, in the middle of an entry'],
  ['between two entries', '[{"id": 1},\n', 'old, line 2: the file ends here'],
  ['in a line of its own', '{"id":1}\n{"id":', 'old, line 2: the file ends here'],
])('a file that ends %s is refused', async (_where, content, error) => {
  await expect(readRows(content)).rejects.toThrow(error)
})

test.each([
  ['no JSON', '[{"id": 1},\n{"id": secret}]', 'old, line 2: this is no JSON'],
  ['nested without end', `[{"id": 1, "a": ${'['.repeat(100_000)}`, 'old, line 1: this is nested deeper than 64 levels'],
])('%s is refused, without a word of it', async (_what, content, error) => {
  const failure = await readRows(content).catch((reason: unknown) => reason)
  expect(String(failure)).toContain(error)
  expect(String(failure)).not.toContain('secret')
})
