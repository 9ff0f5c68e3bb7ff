import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEnv } from './env.ts'
import { pageErrors } from './env-pages.ts'

let PAGES_FOLDER: string
const NEEDED = {
  NODE_ENV: 'development',
  BETTER_AUTH_SECRET: 'x'.repeat(32),
  INTERNAL_TOKEN: 'y'.repeat(32),
  DATABASE_URL: 'postgres://auth_server:x@127.0.0.1/auth_sidecar',
}

beforeAll(() => {
  PAGES_FOLDER = mkdtempSync(join(tmpdir(), 'pages-'))
  writeFileSync(join(PAGES_FOLDER, 'index.html'), '<html>')
})
afterAll(() => rmSync(PAGES_FOLDER, { recursive: true }))

test('pages are served where they are asked for, and only then', () => {
  expect(readEnv(NEEDED).SERVE_PAGES).toBe(false)
  expect(readEnv({ ...NEEDED, SERVE_PAGES: 'true', PAGES_FOLDER })).toMatchObject({ SERVE_PAGES: true, PAGES_FOLDER })
  expect(() => readEnv({ ...NEEDED, SERVE_PAGES: 'yes' })).toThrow('SERVE_PAGES must be true or false')
})

test('a server with pages is where browsers find it', () => {
  const env = readEnv({ ...NEEDED, SERVE_PAGES: 'true', PAGES_FOLDER, AUTH_PORT: '4567' })

  expect(env).toMatchObject({ PUBLIC_URL: 'http://localhost:4567', CORS_ORIGIN: ['http://localhost:4567'] })
  expect(readEnv(NEEDED).PUBLIC_URL).toBe('http://localhost:3000')
})

test('in production the address of the pages must still be set, with https', () => {
  const production = { ...NEEDED, NODE_ENV: 'production', SERVE_PAGES: 'true', PAGES_FOLDER }

  expect(() => readEnv(production)).toThrow('PUBLIC_URL must be set to an https URL in production')
  expect(() => readEnv({ ...production, APP_URL: 'http://app.acme.org' })).toThrow('APP_URL must be an https URL')
})

test('pages that are not there are an error before the start', () => {
  expect(pageErrors({ SERVE_PAGES: 'true', PAGES_FOLDER: join(PAGES_FOLDER, 'none') })).toEqual([
    expect.stringContaining('PAGES_FOLDER leads to no built pages'),
  ])
  expect(pageErrors({ PAGES_FOLDER: join(PAGES_FOLDER, 'none') })).toEqual([])
})

test('an address of the app that no page would lead to is an error', () => {
  expect(pageErrors({ APP_URL: 'https://app.acme.org' })).toEqual(['APP_URL needs SERVE_PAGES=true'])
})

test.each([
  'app.acme.org',
  'javascript:alert(1)',
  '//app.acme.org',
  'https://user@app.acme.org/',
  'http://',
  'https://a b',
])('APP_URL=%s is no address', (APP_URL) => {
  expect(() => readEnv({ ...NEEDED, SERVE_PAGES: 'true', PAGES_FOLDER, APP_URL })).toThrow('APP_URL must be an address')
})
