import { expect, test } from 'vitest'
import { table } from './sql-prompt.ts'

test('rows are shown in columns, NULL as nothing and JSON as JSON', () => {
  expect(
    table([
      { id: 1, email: 'ann@example.com', more: { a: 1 } },
      { id: 23, email: null, more: [] },
    ]),
  ).toBe('id  email            more\n1   ann@example.com  {"a":1}\n23                   []\n(2 rows)\n')
})

test('no rows are said to be none', () => {
  expect(table([])).toBe('(0 rows)\n')
})
