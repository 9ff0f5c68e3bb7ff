import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { REASONS } from './reasons.ts'

test('docs/moving-in.md has every reason, with its words', () => {
  const page = readFileSync(new URL('../../../docs/moving-in.md', import.meta.url), 'utf8')
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, code, words]) => [code, words])

  expect(listed.filter(([code = '']) => code in REASONS)).toEqual(Object.entries(REASONS))
})
