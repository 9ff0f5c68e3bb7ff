import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CHECKS } from './checks.ts'
import { COMMON } from './examine.ts'

const page = readFileSync(new URL('../../../docs/doctor.md', import.meta.url), 'utf8')

test('docs/doctor.md lists every finding, as the table has it, and no other', () => {
  const kinds = [Object.entries(COMMON), ...CHECKS.map(({ kinds: of }) => Object.entries(of))].flat()
  const rows = kinds.map(([id, { severity, why }]) => `| \`${id}\` | ${severity} | ${why} |`)
  expect(page.split('\n').filter((line) => /^\| `[a-z-]+` \| (?:error|warning|info) \|/.test(line))).toEqual(rows)
})

test('it has a part for each subject', () => {
  const parts = page.split('\n').flatMap((line) => /^### (.*)$/.exec(line)?.[1] ?? [])
  expect(parts).toEqual(['Anywhere', ...CHECKS.map(({ title }) => title)])
})
