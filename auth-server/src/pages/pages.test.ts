import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack } from '../../test/harness.ts'
import { until } from '../../test/until.ts'
import { PAGE_HEADERS } from './rules.ts'

const SCRIPT = `export const text = '${'compressible '.repeat(200)}'\n`
const PAGE = `<!doctype html>\n<html>\n  <head>\n    <title>The app</title>\n  </head>\n</html>\n<!-- ${'x'.repeat(1000)} -->\n`
const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8'
const NOTHING = { code: 'NOT_FOUND', message: 'There is nothing here.' }

let folder: string
let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'))
  const site = join(folder, 'site')
  for (const path of ['assets', '.well-known', '.git']) mkdirSync(join(site, path), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'nobody may read this')
  writeFileSync(join(site, 'index.html'), PAGE)
  writeFileSync(join(site, 'assets', 'app-1a2b3c4d.js'), SCRIPT)
  writeFileSync(join(site, 'assets', 'dot-1a2b3c4d.png'), 'png')
  writeFileSync(join(site, 'robots.txt'), 'User-agent: *')
  writeFileSync(join(site, 'a name.txt'), 'with a blank')
  writeFileSync(join(site, '.git', 'config'), 'hidden')
  writeFileSync(join(site, '.well-known', 'security.txt'), 'Contact: mailto:security@example.com')
  symlinkSync('assets', join(site, 'linked'))
  stack = await startTestStack({
    SERVE_PAGES: 'true',
    PAGES_FOLDER: site,
    APP_URL: 'https://app.example/home?a=1&b=2',
  })
  await until(() => stack.feed.isListening())
})

afterAll(async () => {
  await stack.stop()
  rmSync(folder, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(stack.url + path, {
    headers: { accept: BROWSER, 'accept-encoding': 'identity', ...headers },
    redirect: 'manual',
  })

/** As it is written: fetch would resolve dot segments and undo the compression. */
async function raw(request: string): Promise<{ head: string; body: Buffer }> {
  const socket = connect(Number(new URL(stack.url).port), '127.0.0.1')
  socket.write(`${request}\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const end = bytes.indexOf('\r\n\r\n')
  return { head: bytes.subarray(0, end).toString().toLowerCase(), body: bytes.subarray(end + 4) }
}

test.each(['/', '/account', '/sign-in', '/SIGN-IN/', '/sign-in?next=/'])(
  '%s is the app, asked for each time',
  async (path) => {
    const response = await get(path)

    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<title>The app</title>')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache')
  },
)

test('the page says where the app of its users is', async () => {
  expect(await (await get('/')).text()).toContain(
    '<meta name="app-url" content="https://app.example/home?a=1&amp;b=2">',
  )
})

test.each(['/', '/robots.txt', '/no/such/page', '/assets/app-1a2b3c4d.js', '/index.html'])(
  '%s has the security headers of the pages, a request id, and allows no other origin',
  async (path) => {
    const { headers } = await get(path, { origin: 'http://localhost:3000', 'x-request-id': 'my-request-1' })

    expect(Object.fromEntries(headers)).toMatchObject({ ...PAGE_HEADERS, 'x-request-id': 'my-request-1' })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  },
)

test('what has a hash in its name is kept for ever, other files are asked for again', async () => {
  const asset = await get('/assets/app-1a2b3c4d.js')
  const file = await get('/robots.txt')

  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await file.text()).toBe('User-agent: *')
  expect(file.headers.get('cache-control')).toBe('no-cache')
  expect(await (await get('/a%20name.txt')).text()).toBe('with a blank')
  expect((await get('/.well-known/security.txt')).status).toBe(200)
})

test.each([
  ...['/.well-known/assetlinks.json', '/wp-login.php', '/assets', '/assets/', '/assets/app-00000000.js', '/index'],
  ...[
    '/sign-in/x',
    '/sign-in.html',
    '/api-docs',
    '/healthy',
    '/.git/config',
    '/%ff',
    '/%',
    '/linked/',
    '//',
    '/__proto__',
  ],
])('%s is 404: the error body for programs, the app for browsers', async (path) => {
  const [program, browser] = [await get(path, { accept: '*/*' }), await get(path)]

  expect([program.status, await program.json()]).toEqual([404, NOTHING])
  expect([browser.status, await browser.text()]).toEqual([404, expect.stringContaining('The app')])
  for (const { headers } of [program, browser]) {
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('vary')?.split(', ')).toContain('accept')
    expect(headers.get('etag')).toBeNull()
  }
})

test.each([
  ...[
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/%2e%2e%5c%2e%2e%5csecret.txt',
  ],
  ...[
    '/%252e%252e/secret.txt',
    '/....//secret.txt',
    '/secret.txt%00.html',
    '//secret.txt',
    '/./robots.txt',
    '/assets//app-1a2b3c4d.js',
  ],
])('%s leads to no file', async (path) => {
  const { head, body } = await raw(`GET ${path} HTTP/1.1`)

  expect(head).toMatch(/^http\/1\.1 404 /)
  expect(body.toString()).not.toContain('nobody may read this')
})

test.each(['/api', '/api/', '/api/me', '/api/auth', '/api/auth/nothing', '/health/nothing'])(
  '%s is never a page, also for browsers',
  async (path) => {
    const response = await get(path)

    expect([response.status, await response.json()]).toEqual([404, NOTHING])
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
  },
)

test('the routes of the auth server are what they were', async () => {
  const nobody = await get('/api/auth/session', { origin: 'http://localhost:3000' })

  expect([nobody.status, nobody.headers.get('cache-control')]).toEqual([401, 'no-store'])
  expect(nobody.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
  expect((await get('/health/ready')).status).toBe(200)
})

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('a page does not take %s', async (method) => {
  for (const path of ['/sign-in', '/robots.txt', '/no/such/page']) {
    const response = await fetch(stack.url + path, { method, ...(method === 'POST' && { body: 'x'.repeat(100_000) }) })

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await response.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  }
})

test.each([
  ['/sign-in', '200 ok'],
  ['/assets/app-1a2b3c4d.js', '200 ok'],
  ['/no/such/page', '404 not found'],
])('HEAD %s has the headers of GET and no body', async (path, status) => {
  const head = await raw(`HEAD ${path} HTTP/1.1\r\naccept: text/html`)
  const got = await raw(`GET ${path} HTTP/1.1\r\naccept: text/html`)

  const without = (lines: string) => lines.split('\r\n').filter((line) => !/^(?:x-request-id|date):/.test(line))
  expect(head.head).toContain(`http/1.1 ${status}`)
  expect(without(head.head)).toEqual(without(got.head))
  expect([head.body.length, got.head.includes(`content-length: ${got.body.length}`)]).toEqual([0, true])
})

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['identity', undefined],
])('with "Accept-Encoding: %s" a script comes as %s', async (accepted, encoding) => {
  const { head, body } = await raw(`GET /assets/app-1a2b3c4d.js HTTP/1.1\r\naccept-encoding: ${accepted}`)

  expect(/content-encoding: (.*)/.exec(head)?.[1]).toBe(encoding)
  expect(head).toContain('vary: accept-encoding')
  const decode = { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? ''] ?? ((bytes: Buffer) => bytes)
  expect(decode(body).toString()).toBe(SCRIPT)
  expect(body.length < SCRIPT.length).toBe(encoding !== undefined)
})

test('a picture and a short file are not compressed', async () => {
  for (const path of ['/assets/dot-1a2b3c4d.png', '/robots.txt']) {
    const { head } = await raw(`GET ${path} HTTP/1.1\r\naccept-encoding: br, gzip`)
    expect(head).not.toContain('content-encoding')
  }
})

test('what the browser has is not sent again, in the encoding that it has', async () => {
  const first = await get('/', { 'accept-encoding': 'br' })
  const tag = first.headers.get('etag') ?? ''
  await first.text()

  for (const sent of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const again = await get('/', { 'accept-encoding': 'br', 'if-none-match': sent })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect(again.headers.get('etag')).toBe(tag)
    expect([again.headers.get('cache-control'), again.headers.get('vary')]).toEqual(['no-cache', 'accept-encoding'])
    expect(again.headers.get('content-security-policy')).toBe(PAGE_HEADERS['content-security-policy'])
  }
  expect((await get('/', { 'accept-encoding': 'gzip', 'if-none-match': tag })).status).toBe(200)
})

test('a 404 is sent whole, whatever the browser has', async () => {
  expect((await get('/no/such/page', { 'if-none-match': '*' })).status).toBe(404)
})

test.each([
  ['/.well-known/change-password', '/account#change-password'],
  ['/index.html', '/'],
])('%s redirects', async (path, location) => {
  const response = await get(path)

  expect([response.status, response.headers.get('location')]).toEqual([302, location])
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('paths that callers choose are no labels of metrics and not in the log', async () => {
  await get('/a-path-that-nobody-has')

  const metrics = await stack.registry.metrics()
  expect(metrics).toContain('route="/:page"')
  expect(metrics).not.toContain('a-path-that-nobody-has')
  expect(stack.lines.join('')).not.toContain('a-path-that-nobody-has')
})
