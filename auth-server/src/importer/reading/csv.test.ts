import { expect, test } from 'vitest'
import { readRows } from '../../../test/export.ts'

test('quotes may hold commas, quotes and lines', async () => {
  const { users, lines } = await readRows('id,name\n1,"O""Plus, Jr.\nof Bonn"\n\n2,\n')
  expect(users).toEqual([
    { id: '1', name: 'O"Plus, Jr.\nof Bonn' },
    { id: '2', name: '' },
  ])
  expect(lines).toEqual([3, 5])
})

test.each([
  ['semicolons', 'id;name\n1;"Ada; b"\n'],
  ['tabs', 'id\tname\n1\tAda; b\n'],
  ['bars', '"id"|name\n1|Ada; b\n'],
  ['what Excel names in the first line', 'sep=;\r\nid;name\r\n1;"Ada; b"\r\n'],
])('%s may stand between columns', async (_what, content) => {
  const { users } = await readRows(content)
  expect(users).toEqual([{ id: '1', name: 'Ada; b' }])
})

test('an id of MongoDB is its digits', async () => {
  const { users } = await readRows('_id,name\nObjectId(65a1b2c3d4e5f60718293a4b),ObjectId(x)\n')
  expect(users).toEqual([{ _id: '65a1b2c3d4e5f60718293a4b', name: 'ObjectId(x)' }])
})

test('what `mysql --batch` writes is read with its escapes, and a quote is a quote', async () => {
  const { users } = await readRows('id\tname\n1\tO"Plus \\\\ a\\tb\\n\n2\tNULL\n')
  expect(users.map(({ name }) => name)).toEqual(['O"Plus \\ a\tb\n', ''])
})

test('a name that begins with a quote swallows no rows of `mysql --batch`, and a header in quotes brings quotes', async () => {
  const batch = await readRows('id\tname\n1\t"Ada\n2\t"Bo"\n3\tCy\n')
  expect(batch.users.map(({ name }) => name)).toEqual(['"Ada', '"Bo"', 'Cy'])
  const quoted = await readRows('"id"\t"name"\n"1"\t"A\tda\n""x"" \\n"\n')
  expect(quoted.users).toEqual([{ id: '1', name: 'A\tda\n"x" \\n' }])
})

test.each([
  ['a row with too few columns', 'id,name\n1,Ada\n2\n', 'old, line 3: this row has 1 columns, and the header has 2'],
  ['a file that ends inside of quotes', 'id,name\n1,"Ada\n2,Bo\n', 'the file ends inside of a quoted value'],
  ['a quote in the middle', 'id,name\n1,A"da"\n', 'old, line 2: a quote stands in the middle of a value'],
  ['a last line without its end', 'id,name\n1,Ada\n2,Bo', 'old, line 3: the file ends in the middle of this line'],
  ['a first line with an address', '1,secret@example.com\n', 'old, line 1: this line has values where the names'],
  ['a first line of mysqldump --tab', 'secret\t\\N\n', 'old, line 1: this line has values where the names'],
  ['two columns of one name', 'id,mail,mail\n1,a,b\n', 'old, line 1: two columns are called mail'],
])('%s is refused, without a word of the row', async (_what, content, error) => {
  const failure = await readRows(content).catch((reason: unknown) => reason)
  expect(String(failure)).toContain(error)
  expect(String(failure)).not.toContain('secret')
})
