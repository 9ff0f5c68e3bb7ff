import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack } from '../../test/harness.ts'
import { until } from '../../test/until.ts'
import { REQUEST_ID } from './base.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack()
  await until(() => stack.feed.isListening())
})
afterAll(() => stack.stop())

/** Bytes as they are: fetch would not send most of these. */
async function raw(request: string): Promise<string> {
  const { port, hostname } = new URL(stack.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  socket.write(Buffer.from(request, 'latin1'))
  return text(socket)
}

const get = (lines: string, target = '/health/live', method = 'GET') =>
  raw(`${method} ${target} HTTP/1.1\r\n${lines}connection: close\r\n\r\n`)

test.each([
  ['no Host', ''],
  ['two Hosts', 'Host: a\r\nHost: b\r\n'],
  ['an empty Host', 'Host:\r\n'],
  ['a space in Host', 'Host: a b\r\n'],
  ['a bracket for Host', 'Host: [\r\n'],
  ['a Host of 300 characters', `Host: ${'a'.repeat(300)}\r\n`],
  ['a port above 65535', 'Host: a:99999\r\n'],
  ['a path in Host', 'Host: a/admin?x=\r\n'],
  ['a zone in Host', 'Host: [fe80::1%25eth0]\r\n'],
  ['a user in Host', 'Host: user@a\r\n'],
  ['too many numbers in Host', 'Host: 1.2.3.4.5\r\n'],
])('%s gets a 400', async (_what, host) => {
  expect(await get(host)).toMatch(/^HTTP\/1.1 400 .*\{"code":"BAD_REQUEST","message":"[^"]+"\}/s)
})

test.each(['TRACE', 'PROPFIND', 'CONNECT', 'get', 'FOO', 'PURGE'])('%s is no method here', async (method) => {
  const response = await get('Host: a\r\n', method === 'CONNECT' ? 'a:80' : '/health/live', method)
  expect(response).toMatch(method === 'CONNECT' ? /^(|HTTP\/1.1 40[05] .*)$/s : /^HTTP\/1.1 40[05] .*"code":/s)
})

test.each([
  ['an absolute target of a page that needs a session', 'http://evil.example/api/auth/session', 401],
  ['an absolute target with a user', 'http://a@b/health/live', 400],
  ['an absolute target without a host', 'http:///health/live', 400],
  ['another scheme', 'ftp://a/health/live', 400],
  ['a fragment', '/health/live#x', 400],
  ['a target without a slash', '@evil.example/', 400],
  ['an asterisk', '*', 400],
  ['a backslash', '/api\\auth', 400],
  ['raw bytes', '/caf\xe9', 400],
  ['dots that lead elsewhere', '/api/auth/../../etc/passwd', 404],
  ['dots that lead to a health route', '/x/../health/live', 404],
  ['a dot', '/health/./live', 404],
  ['a dot at the end', '/health/live/.', 404],
  ['encoded dots', '/x/%2e%2e/health/live', 404],
  ['half encoded dots', '/x/%2E./health/live', 404],
  ['half encoded dots, the other half', '/x/.%2e/health/live', 404],
  ['an encoded dot', '/health/%2e/live', 404],
  ['dots and a semicolon', '/x/..;/health/live', 404],
  ['an encoded slash', '/health%2Flive', 404],
  ['an encoded backslash', '/health%5clive', 404],
  ['an encoded NUL', '/health/live%00', 404],
  ['dots to another rule', '/api/auth/x/../admin/list-users', 404],
  ['dots in an absolute target', 'http://a/x/../health/live', 404],
  ['two slashes', '//evil.example/api/auth/session', 404],
])('%s in the request line is refused', async (_what, target, status) => {
  const response = await get('Host: a\r\n', target)
  expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} .*"code":`, 's'))
})

test.each([
  ['/health/live', 'Host: a\r\n'],
  ['http://a/health/live', 'Host: a\r\n'],
  ['http://other.example:8080/health/live', 'Host: a\r\n'],
  ['HTTP://[::1]/health/live', 'Host: a\r\n'],
  ['/health/live?next=/../x&a=%2F', 'Host: a\r\n'],
])('%s is served', async (target, lines) => {
  expect(await get(lines, target)).toMatch(/^HTTP\/1.1 200 .*\{"status":"live"\}/s)
})

test.each(['', 'Host: a\r\n'])('an old client is served, with a Host or without: %j', async (lines) => {
  for (const target of ['/health', 'http://a/health']) {
    expect(await raw(`GET ${target} HTTP/1.0\r\n${lines}\r\n`)).toMatch(/^HTTP\/1.1 200 .*\{"status":"ok"\}/s)
  }
})

test.each(['GET / HTTP/2.0', 'GET / HTTP/0.9', 'GET /', 'GET / HTTP/1.2', 'GET / HTTP/1.1x', 'GET / HTTP/3.0'])(
  '%s is another version of HTTP',
  async (line) => {
    const response = await raw(`${line}\r\nHost: a\r\n\r\n`)
    expect(response).toMatch(/^HTTP\/1.1 505 .*\{"code":"HTTP_VERSION_NOT_SUPPORTED","message":"[^"]+"\}$/s)
  },
)

test("HTTP/2's preface is another version of HTTP", async () => {
  expect(await raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toMatch(/^HTTP\/1.1 505 .*HTTP_VERSION_NOT_SUPPORTED/s)
})

test.each(['/health', '/health/live', '/health/ready'])('HEAD %s has the headers of GET and no body', async (path) => {
  const heads = await Promise.all(
    ['GET', 'HEAD'].map(async (method) => {
      const [head = '', body] = (await get('Host: a\r\n', path, method)).split('\r\n\r\n')
      expect(body).toMatch(method === 'GET' ? /^\{"status":/ : /^$/)
      return head.replace(/\r\n(date|x-request-id): [^\r]*/gi, '')
    }),
  )
  expect(heads[0]).toMatch(/^HTTP\/1.1 200 /)
  expect(heads[1]).toBe(heads[0])
})

test.each([
  ['a header of 40 kB', `Host: a\r\nX-Long: ${'x'.repeat(40_000)}\r\n`, 431],
  ['a cookie of 100 kB', `Host: a\r\nCookie: ${'c=1; '.repeat(20_000)}\r\n`, 431],
  ['a NUL in a header', 'Host: a\r\nX-Nul: a\0b\r\n', 400],
  ['a bare line feed in a header', 'Host: a\r\nX: a\nY: b\r\n', 400],
  ['two lengths', 'Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n', 400],
  ['a length and chunks', 'Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n', 400],
  ['a length with a sign', 'Host: a\r\nContent-Length: +5\r\n', 400],
])('%s is refused, in the one error body', async (_what, lines, status) => {
  const response = await get(lines)
  expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} .*x-request-id: .*\\{"code":"[A-Z_]+","message":`, 's'))
})

test.each([
  ['abcdefgh-1', true],
  ['short', false],
  ['x'.repeat(65), false],
  ['bad\u00e9value', false],
  ['{"a":1}xx', false],
])('the request id %s is kept: %s', async (id, isKept) => {
  const response = await fetch(`${stack.url}/health/live`, { headers: { 'x-request-id': id } })
  expect(response.headers.get('x-request-id') === id).toBe(isKept)
  expect(response.headers.get('x-request-id')).toMatch(REQUEST_ID)
})

test('every response forbids caching, framing and sniffing', async () => {
  for (const path of ['/health/live', '/api/auth/session', '/api/auth/get-session', '/nowhere']) {
    const { headers } = await fetch(stack.url + path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-request-id': expect.any(String),
    })
    expect(headers.get('x-powered-by') ?? headers.get('server')).toBeNull()
  }
})
