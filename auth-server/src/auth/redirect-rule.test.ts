import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { leadsTo } from './redirect-rule.ts'

type Contract = { elsewhere: string[]; local: [string, string][] }

const OWN = 'http://localhost:3000'
const { elsewhere, local }: Contract = JSON.parse(
  readFileSync(new URL('../../../contract/redirects.json', import.meta.url), 'utf8'),
)

test.each(elsewhere)('%j leads elsewhere', (address) => {
  expect(leadsTo([OWN], OWN, address)).toBe(false)
})

test.each(local)('%j leads to %j', (address) => {
  expect(leadsTo([OWN], OWN, address)).toBe(true)
})

test('another configured origin is one to be sent to, and its neighbours are not', () => {
  const allowed = [OWN, 'https://app.example']
  expect(leadsTo(allowed, OWN, 'https://app.example/x?y')).toBe(true)
  expect(leadsTo(allowed, OWN, 'https://app.example:443/x')).toBe(true)
  for (const other of [
    'http://app.example/',
    'https://app.example:444/',
    'https://app.example.evil/',
    'https:app.example',
  ]) {
    expect([other, leadsTo(allowed, OWN, other)]).toEqual([other, false])
  }
})

test('under https, `https:evil.example` is no path of our own', () => {
  expect(leadsTo(['https://own.example'], 'https://own.example', 'https:evil.example')).toBe(false)
})

test('an address as long as a body may be is refused without being searched', () => {
  expect(leadsTo([OWN], OWN, `/${'a'.repeat(64 * 1024)}`)).toBe(false)
})
