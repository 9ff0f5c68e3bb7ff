import { expect, test } from 'vitest'
import { localPath, signInPath } from './paths.ts'

const origin = 'http://localhost:3000'

test.each([
  '//evil.tld',
  '///evil.tld',
  '/\\evil.tld',
  '\\\\evil',
  '/%5Cevil',
  '/%5cevil',
  '%2F%2Fevil',
  '/%2Fevil',
  '/%2f%2fevil',
  '/\t/evil',
  '/\n/evil',
  '\t//evil',
  ' //evil',
  '/ /evil',
  '/%09/evil',
  '/%0a/evil',
  '/..//evil',
  '/.//evil',
  '/a/..//evil',
  '/%2e%2e//evil',
  '/./\\evil',
  'https:evil',
  'https://evil.tld',
  'HTTPS://evil.tld',
  'http:/evil.tld',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,hi',
  'vbscript:x',
  'blob:http://localhost:3000/x',
  '@evil.tld',
  'evil.tld',
  '.evil.tld',
  '/\u0000/evil',
  '/\u2028/evil',
  '/\u200b/evil',
  '?x',
  '#x',
  '',
  'http://localhost:3000@evil.tld/',
  `/${'a'.repeat(3000)}`,
])('%j as next leads home', (next) => {
  expect(localPath(next, origin)).toBe('/')
})

test.each([
  ['/', '/'],
  ['/?from=mail', '/?from=mail'],
  ['/notes/12#top', '/notes/12#top'],
  ['/a/../b', '/b'],
  ['/search?q=a%20b&u=https://x.y', '/search?q=a%20b&u=https://x.y'],
  ['/größe', '/gr%C3%B6%C3%9Fe'],
])('%j as next is a page of the app', (next, path) => {
  expect(localPath(next, origin)).toBe(path)
})

test.each(['/sign-in', '/sign-up', '/sign-in?next=/sign-in'])('%j as next does not lead back to signing in', (next) => {
  expect(localPath(next, origin)).toBe('/')
})

test('no next leads home', () => {
  expect(localPath(null, origin)).toBe('/')
})

test('the page somebody wanted stands in the sign-in address, and comes out of it unchanged', () => {
  const path = signInPath('/?from=mail&x=1#top')
  expect(localPath(new URL(path, origin).searchParams.get('next'), origin)).toBe('/?from=mail&x=1#top')
})
