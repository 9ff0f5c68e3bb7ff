import { expect, test } from 'vitest'
import { render } from './page.ts'
import type { Rule } from './readers.ts'

const rule = (given: Partial<Rule>): Rule => ({ isRequired: false, default: '', choices: [], range: '', ...given })
const group = (name: string, value: string, meaning: string) => [
  { title: 'Group', introduction: [], settings: [{ name, value, meaning }] },
]

test('a row says what the readers accept, and where the example differs from their default', () => {
  const readers = [
    { name: 'auth-server', rules: { LEVEL: rule({ default: 'low', choices: ['low', 'high'] }) } },
    { name: 'backend', rules: { LEVEL: rule({ default: 'low', choices: ['low', 'high'] }), OTHER: rule({}) } },
  ]

  expect(render(group('LEVEL', 'high', 'high | low. How much (docs/database.md).'), readers)).toContain(
    '| `LEVEL` | `low`; `.env.example`: `high` | `low`, `high` | auth-server, backend | How much ([database.md](database.md)). |',
  )
})

test('defaults that differ are shown with their readers', () => {
  const readers = [
    { name: 'auth-server', rules: { URL: rule({}) } },
    { name: 'backend', rules: { URL: rule({ isRequired: true }) } },
  ]

  expect(render(group('URL', '', 'Where.'), readers)).toContain(
    '| `URL` | backend: required |  | auth-server, backend |',
  )
})

test('a comment that lists other values than the reader accepts is refused', () => {
  const readers = [{ name: 'backend', rules: { LEVEL: rule({ choices: ['low', 'high', 'none'] }) } }]

  expect(() => render(group('LEVEL', '', 'high | low. How much.'), readers)).toThrow('LEVEL')
})
