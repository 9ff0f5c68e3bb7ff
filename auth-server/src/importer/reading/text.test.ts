import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readRows } from '../../../test/export.ts'
import { MAX_PIECE_CHARACTERS, MAX_VALUE_CHARACTERS } from './bounds.ts'
import { sizeOf } from './bytes.ts'

const CSV = 'id,name\n1,Ada\n2,Zoë\n'

test.each([
  ['a mark of byte order', `\ufeff${CSV}`],
  ['the line ends of Windows', CSV.replaceAll('\n', '\r\n')],
  ['gzip', gzipSync(CSV)],
])('%s changes nothing', async (_what, content) => {
  const { users } = await readRows(content)
  expect(users).toEqual([
    { id: '1', name: 'Ada' },
    { id: '2', name: 'Zoë' },
  ])
})

test.each([
  ['nothing', '', 'old: is empty'],
  ['only blank lines', '\n \n', 'old: is empty'],
  ['bytes that are no UTF-8', Buffer.from('id,name\n1,Ada\n2,Zo\xeb\n', 'latin1'), 'old, line 3: this is not UTF-8'],
  [
    'half a character',
    Buffer.from(`${CSV}3,ü`).subarray(0, -1),
    'old, line 4: the file ends in the middle of a character',
  ],
  ['a NUL', 'id,name\n1,A\0da\n', 'old, line 2: this line has a NUL byte'],
  ['half of a gzip file', gzipSync(CSV.repeat(100)).subarray(0, 40), 'old: is a gzip file that is cut off or damaged'],
  ['the custom format of pg_dump', 'PGDMP\x01\x0e', 'Convert it: pg_restore --no-owner -f dump.sql FILE'],
  ['XML', '<?xml version="1.0"?>\n<users/>\n', 'old, line 1: this is XML. Write JSON, SQL or CSV'],
  ['YAML', '- model: auth.user\n  pk: 1\n', 'old, line 1: this is YAML. Write JSON'],
  ['a table for people', '+----+------+\n| id | name |\n+----+------+\n', 'old, line 1: this is a table for people'],
  ['a web page', '<!DOCTYPE html>\n<html>\n', 'old, line 1: this is a web page'],
  ['a message alone', 'pg_dump: error: no\n', 'old, line 1: this is a message of the program'],
  ['UTF-16', Buffer.from(`\ufeff${CSV}`, 'utf16le'), 'old: is UTF-16'],
  ['a spreadsheet', 'PK\x03\x04xl', 'old: is a zip archive or a spreadsheet'],
  ['SQLite itself', 'SQLite format 3\0', 'sqlite3 FILE .dump > dump.sql'],
])('%s is refused, and what to do is said', async (_what, content, error) => {
  await expect(readRows(content)).rejects.toThrow(error)
})

test('what is no file is refused: nobody waits for who writes into a pipe', async () => {
  await expect(sizeOf('/dev/null', 'old')).rejects.toThrow('old: is a pipe or a device. Write the export into a file')
})

test('of a value that is longer than any that is taken only the beginning is kept', async () => {
  const name = 'x'.repeat(10_000_000)
  for (const content of [
    `id,name\n1,${name}\n`,
    `INSERT INTO users (id, name) VALUES (1, '${name}');`,
    JSON.stringify([{ name }]),
  ]) {
    const { users } = await readRows(content)
    expect(String(users[0]?.name)).toHaveLength(MAX_VALUE_CHARACTERS)
  }
})

test('a line without an end is refused before memory is full', async () => {
  const long = 'x'.repeat(MAX_PIECE_CHARACTERS + 300_000)
  await expect(readRows(`COPY users (id, name) FROM stdin;\n1\t${long}`)).rejects.toThrow(
    'old, line 2: this line has more than',
  )
  await expect(readRows(`[\n{"name":"${long}`)).rejects.toThrow('old, line 2: an entry has more than')
  await expect(readRows(`id,name\n1,"${long}`)).rejects.toThrow('line 2: this row has more than')
})
