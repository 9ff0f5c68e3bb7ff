import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import contract from '../../contract/pages.json' with { type: 'json' }
import { paths } from '../src/paths.ts'
import { cacheControl, securityHeaders } from './headers.ts'
import { pagePattern } from './pages.ts'
import { redirects } from './static-server.ts'

test('Caddy knows the pages that the app has', () => {
  const caddyfile = readFileSync(new URL('../Caddyfile', import.meta.url), 'utf8')

  // A new path in src/paths.ts: copy the pattern that is expected here into the Caddyfile.
  expect(caddyfile).toContain(`\t\t@page path_regexp (?i)${pagePattern(Object.values(paths))}\n`)
})

test.each([
  ['/', true],
  ['/notes', true],
  ['/Notes/', true],
  ['/notes/7', true],
  ['/notes/7/', true],
  ['/notes/7/edit', false],
  ['/note', false],
  ['/notes.html', false],
  ['/x/notes', false],
])('%s is a page: %s', (path, isPage) => {
  const pattern = new RegExp(pagePattern(['/', '/notes', '/notes/:id']), 'i')

  expect(pattern.test(path)).toBe(isPage)
})

// Which the auth server serves the pages by (SERVE_PAGES).
test('these servers keep to contract/pages.json', () => {
  expect(Object.values(paths)).toEqual(contract.paths)
  expect(securityHeaders([])).toEqual(contract.headers)
  expect(redirects).toEqual(contract.redirects)
  expect(cacheControl('/assets/app-1a2b3c4d.js')).toBe(contract.cacheControl.assets)
  expect(cacheControl('/sign-in')).toBe(contract.cacheControl.others)
})
