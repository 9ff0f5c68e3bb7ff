import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SYSTEMS } from './systems.ts'

const PAGE = readFileSync(new URL('../../../../docs/moving-in/systems.md', import.meta.url), 'utf8')

test('every system is on the page of the systems, once', () => {
  const rows = PAGE.split('\n').filter((line) => line.startsWith('| `') && !line.startsWith('| `--from`'))
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name))

  expect(named.toSorted()).toEqual(SYSTEMS.map(({ name }) => name).toSorted())
})

test('no word after --from means two systems', () => {
  const words = SYSTEMS.flatMap(({ name, aliases = [] }) => [name, ...aliases])

  expect(new Set(words).size).toBe(words.length)
})
