import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { VARIABLE_NAMES } from '../env-inspect.ts'
import { CHECKS } from './checks.ts'
import { COMMON } from './examine.ts'
import { OTHER_NAMES } from './subjects/other-names.ts'
import { TRY } from './try/kinds.ts'

const page = readFileSync(new URL('../../../docs/doctor.md', import.meta.url), 'utf8')

test('docs/doctor.md lists every finding, as the table has it, and no other', () => {
  const kinds = [Object.entries(COMMON), ...[...CHECKS, TRY].map(({ kinds: of }) => Object.entries(of))].flat()
  const rows = kinds.map(([id, { severity, why }]) => `| \`${id}\` | ${severity} | ${why} |`)
  expect(page.split('\n').filter((line) => /^\| `[a-z-]+` \| (?:error|warning|info) \|/.test(line))).toEqual(rows)
})

test('it has a part for each subject', () => {
  const parts = page.split('\n').flatMap((line) => /^### (.*)$/.exec(line)?.[1] ?? [])
  expect(parts).toEqual(['Anywhere', ...[...CHECKS, TRY].map(({ title }) => title)])
})

/** Each needs what no unit test has: a pooler, or billions of transactions. */
const TRIED_BY_HAND = ['pooler-statements', 'pooler-undeclared', 'listen-unheard', 'wraparound-near']

test('every finding is brought about by a test', () => {
  const folders = ['.', 'subjects', 'try'].map((name) => new URL(`./${name}/`, import.meta.url))
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => new URL(name, folder)))
  const tests = files.filter(({ pathname }) => pathname.endsWith('.test.ts') && !pathname.endsWith('/page.test.ts'))
  const text = tests.map((file) => readFileSync(file, 'utf8')).join()
  const all = [...CHECKS, TRY].flatMap(({ kinds }) => Object.keys(kinds))
  expect(all.filter((id) => !TRIED_BY_HAND.includes(id) && !new RegExp(`\\b${id}\\b`).test(text))).toEqual([])
})

test('every name of .env.example is known, so that none is taken for a slip', () => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')
  const names = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name)
  expect(names.filter((name) => ![...VARIABLE_NAMES, ...OTHER_NAMES].includes(name))).toEqual([])
})
