import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { securityHeaders } from './headers.ts'
import { boundedServer } from './limits.ts'
import { serviceProxy } from './proxy.ts'
import { staticServer } from './static-server.ts'

let folder: string
let served: PreviewServer
let service: Server
let origin: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>The app</title>')
  await writeFile(join(folder, 'assets', 'app-1a2b3c4d.js'), '1')
  await writeFile(join(folder, 'robots.txt'), 'User-agent: *')
  service = createServer((request, response) => {
    if (request.url === '/api/broken') response.writeHead(200, { 'content-length': '9' }).write('half')
    if (request.url === '/api/broken') setTimeout(() => response.destroy(), 50)
    else response.end(JSON.stringify({ url: request.url, headers: request.headers }))
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const backendUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  served = await preview({
    configFile: false,
    logLevel: 'silent',
    build: { outDir: folder },
    plugins: [
      boundedServer(),
      serviceProxy({ authUrl: 'http://127.0.0.1:1', backendUrl }),
      staticServer({ headers: securityHeaders(['https://auth.example.com']), paths: ['/', '/sign-in'] }),
    ],
    // Nobody listens on port 1.
    preview: { port: 0, host: '127.0.0.1', cors: false },
  })
  origin = `http://127.0.0.1:${(served.httpServer.address() as AddressInfo).port}`
})

afterAll(async () => {
  await served.close()
  service.closeAllConnections()
  service.close()
  await rm(folder, { recursive: true })
})

test('every page of the app is index.html, revalidated each time', async () => {
  const response = await fetch(`${origin}/sign-in?next=/`)
  expect(await response.text()).toContain('The app')
  expect(response.headers.get('cache-control')).toBe('no-cache')
})

test('pages carry the security headers, with the origins they may call', async () => {
  const { headers } = await fetch(`${origin}/`)
  expect(headers.get('content-security-policy')).toContain("connect-src 'self' https://auth.example.com;")
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('same-origin')
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
})

test('files named by their content are cached forever', async () => {
  const { headers } = await fetch(`${origin}/assets/app-1a2b3c4d.js`)
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test.each(['/assets/app-00000000.js', '/assets/../../package.json', '/assets/%2e%2e/%2e%2e/package.json'])(
  '%s is 404 and not the page',
  async (path) => {
    const response = await fetch(origin + path)
    const body = await response.text()
    expect(body).not.toContain('"dependencies"')
    if (!new URL(path, origin).pathname.startsWith('/assets/')) return
    expect(response.status).toBe(404)
    expect(JSON.parse(body)).toMatchObject({ code: 'NOT_FOUND' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  },
)

const NOWHERE = [
  '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200',
  '/.well-known/security.txt',
  '/wp-login.php',
  '/favicon.ico',
  '/assets',
  '/assets/',
  '/assets/app-00000000.js',
  '/index',
  '/no/such/page',
  '/sign-in/x',
  '/%ff',
]

test.each(NOWHERE)('%s is 404: the error body for a program, the app for a browser', async (path) => {
  const program = await fetch(origin + path)
  expect(program.status).toBe(404)
  expect(await program.json()).toEqual({ code: 'NOT_FOUND', message: 'There is nothing here.' })

  const browser = await fetch(origin + path, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  expect(browser.status).toBe(404)
  expect(await browser.text()).toContain('The app')
  expect(browser.headers.get('content-type')).toMatch(/^text\/html/)
  for (const { headers } of [program, browser]) {
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('vary')).toBe('accept')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  }
})

test('a 404 to HEAD has no body', async () => {
  const response = await fetch(`${origin}/no/such/page`, { method: 'HEAD', headers: { accept: 'text/html' } })
  expect(response.status).toBe(404)
  expect(await response.text()).toBe('')
})

test('a file that is there is served, and asked for again each time', async () => {
  const response = await fetch(`${origin}/robots.txt`, { headers: { accept: 'text/html' } })
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('User-agent: *')
  expect(response.headers.get('cache-control')).toBe('no-cache')
})

test('the page has one address', async () => {
  const response = await fetch(`${origin}/index.html`, { redirect: 'manual' })
  expect(response.status).toBe(302)
  expect(response.headers.get('location')).toBe('/')
})

test('password managers find where a password is changed', async () => {
  const response = await fetch(`${origin}/.well-known/change-password`, { redirect: 'manual' })
  expect(response.status).toBe(302)
  expect(response.headers.get('location')).toBe('/account#change-password')
})

test('a page cannot be posted to', async () => {
  const response = await fetch(`${origin}/sign-in`, { method: 'POST', body: 'x' })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET, HEAD')
})

test('an unavailable service is a 503 with the error body of all services', async () => {
  const response = await fetch(`${origin}/api/auth/session`, { headers: { 'x-request-id': 'my-request-1' } })
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  expect(response.headers.get('x-retry-after')).toBe('1')
  expect(response.headers.get('x-request-id')).toBe('my-request-1')
  expect(await response.json()).toMatchObject({ code: 'AUTH_SERVER_UNAVAILABLE', message: expect.any(String) })
})

test('a request id that could harm a log is replaced', async () => {
  const response = await fetch(`${origin}/api/auth/session`, { headers: { 'x-request-id': 'a b<script>' } })
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

test.each(['/api/me', '/api/notes?cursor=a%2Fb', '/api/authors', '/api'])(
  '%s goes to the backend as it is',
  async (path) => {
    const response = await fetch(origin + path, { headers: { cookie: 'a=b', 'x-real-ip': '10.1.2.3' } })
    expect(await response.json()).toMatchObject({ url: path, headers: { cookie: 'a=b', 'x-real-ip': '10.1.2.3' } })
  },
)

test('responses of a service get no CORS permission that it did not give', async () => {
  const response = await fetch(`${origin}/api/me`, { headers: { origin: 'http://localhost:9999' } })
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
})

test('a response that a service breaks off is broken off, not completed', async () => {
  const response = await fetch(`${origin}/api/broken`)
  await expect(response.text()).rejects.toThrow()
})
