import { expect, test } from 'vitest'
import { chooseEncoding, hasCurrent, wantsPage } from './negotiation.ts'

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['*', 'br'],
  ['br;q=0.1, gzip;q=0.8', 'gzip'],
  ['br;q=0, GZIP', 'gzip'],
  ['gzip;q=0, *', 'br'],
  ['br;q=0, *;q=0', undefined],
  ['gzip;q=none', undefined],
  ['identity', undefined],
  ['brotli, bro', undefined],
  ['', undefined],
  [undefined, undefined],
])('to "Accept-Encoding: %s" the best is %s', (accepted, encoding) => {
  expect(chooseEncoding(accepted)).toBe(encoding)
})

test.each([
  ['"tag"', true],
  ['W/"tag"', true],
  ['"other" , "tag"', true],
  ['*', true],
  ['"other"', false],
  ['tag', false],
  ['"tag', false],
  ['', false],
  [undefined, false],
])('with "If-None-Match: %s" the browser has it: %s', (sent, isCurrent) => {
  expect(hasCurrent(sent, '"tag"')).toBe(isCurrent)
})

test.each([
  ['text/html,application/xhtml+xml,*/*;q=0.8', true],
  ['TEXT/HTML', true],
  ['*/*', false],
  ['application/json', false],
  [undefined, false],
])('"Accept: %s" asks for a page: %s', (accepted, isPage) => {
  expect(wantsPage(accepted)).toBe(isPage)
})
