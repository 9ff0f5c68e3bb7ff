import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, startTestStack } from '../../test/harness.ts'

const BUILT_SHEET = '/assets/index-1a2b3c4d.css'
const PAGE = `<head><!-- brand --><!-- /brand --><link rel="stylesheet" href="${BUILT_SHEET}"></head>`
const BRAND = { name: 'Hafen & Söhne', accent: { light: '#b25a00', dark: '#ffd400' } }

let folder: string
let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'served-brand-'))
  for (const path of ['built/assets', 'own', 'brand']) mkdirSync(join(folder, path), { recursive: true })
  writeFileSync(join(folder, 'brand', 'brand.json'), JSON.stringify(BRAND))
  writeFileSync(join(folder, 'built', 'index.html'), PAGE)
  writeFileSync(join(folder, 'built', BUILT_SHEET), '@layer brand{:root{--accent-light:red;--accent-dark:red}}')
  writeFileSync(join(folder, 'own', 'index.html'), '<title>mine</title>')
  stack = await startTestStack(pagesOf('built'))
})
afterAll(async () => {
  await stack.stop()
  rmSync(folder, { recursive: true })
})

const pagesOf = (name: string) => ({
  ...{ SERVE_PAGES: 'true', PAGES_FOLDER: join(folder, name), BRAND_FOLDER: join(folder, 'brand') },
})

const get = (path: string, headers: Record<string, string> = {}) => fetch(stack.url + path, { headers })
const hrefs = (page: string) =>
  [...page.matchAll(/<link rel="(?:icon|stylesheet)" href="([^"]+)"/g)].map(([, href]) => href)

test('a page has the brand of BRAND_FOLDER, and its colours and icon', async () => {
  const page = await (await get('/sign-in')).text()
  const [icon = '', sheet = ''] = hrefs(page)

  expect(page).toContain('<title>Hafen &amp; Söhne</title>')
  expect(page).toContain('<script type="application/json" id="brand">{"name":"Hafen & Söhne","logo":null,"links":{}}')
  expect(await (await get(sheet)).text()).toContain('--accent-dark: #ffd400;')
  expect(await (await get(icon)).text()).toContain('>H</text>')
})

test('its files are served as those of the build, which is not', async () => {
  for (const path of hrefs(await (await get('/')).text())) {
    const { status, headers } = await get(path ?? '')
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    expect(headers.get('content-type')).toMatch(/^(?:image\/svg\+xml|text\/css; charset=utf-8)$/)
    expect((await get(path ?? '', { 'if-none-match': headers.get('etag') ?? '' })).status).toBe(304)
  }
  expect((await get(BUILT_SHEET)).status).toBe(404)
})

test('pages without a place for a brand are served as they are, and the log says so', async () => {
  const server = await startTestServer({ ...stack.variables, ...pagesOf('own') })
  const page = await (await fetch(server.url)).text()
  await server.stop()

  expect(page).toBe('<title>mine</title>')
  expect(server.lines.join('')).toContain('no place for a brand')
  expect(stack.lines.join('')).not.toContain('no place for a brand')
})
