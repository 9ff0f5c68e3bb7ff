import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type PreviewServer, preview } from 'vite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { boundedServer } from './limits.ts'
import { serviceProxy } from './proxy.ts'

let served: PreviewServer
let service: Server
let seen: { line: string; body: string; headers: NodeJS.Dict<string | string[]>; port: number | undefined }[] = []

beforeAll(async () => {
  service = createServer(async (request, response) => {
    const body = await text(request)
    seen.push({
      line: `${request.method} ${request.url}`,
      body,
      headers: request.headers,
      port: request.socket.remotePort,
    })
    response.setHeader('connection', 'x-hop, keep-alive').setHeader('x-hop', '1')
    response.end(`[${request.url}]`)
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const backendUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  const plugins = [boundedServer(), serviceProxy({ authUrl: backendUrl, backendUrl })]
  served = await preview({ configFile: false, logLevel: 'silent', plugins, preview: { port: 0, host: '127.0.0.1' } })
})
afterAll(async () => {
  await served.close()
  service.closeAllConnections()
  service.close()
})
beforeEach(() => {
  seen = []
})

const open = (): Socket => connect((served.httpServer.address() as AddressInfo).port, '127.0.0.1').setNoDelay()

/** Everything that comes until the server closes. */
async function exchange(...pieces: string[]): Promise<string> {
  const socket = open().on('error', () => undefined)
  const received = text(socket).catch(() => '')
  for (const piece of pieces) {
    socket.write(piece)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return received
}

const bodies = (received: string) =>
  [...received.matchAll(/\[(\/[^\]]*)\]|"code":"(\w+)"/g)].map(([, path, code]) => path ?? code)

const SMUGGLED = 'GET /api/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'
const LAST = 'GET /api/last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
const LENGTH = `Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`
const CHUNKED = `Transfer-Encoding: chunked\r\n\r\n${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`

test.each([
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n',
  'connection: upgrade\r\nupgrade: h2c\r\n',
  'Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n',
  'Connection: Upgrade\r\nConnection: close\r\nUpgrade: foo, h2c\r\n',
  'Upgrade: h2c\r\n',
])('a request for another protocol is passed on as an ordinary one: %j', async (asking) => {
  const isLast = asking.includes('close')
  for (const body of [LENGTH, CHUNKED]) {
    const [head, rest] = [`POST /api/first HTTP/1.1\r\nHost: localhost\r\n${asking}`, body + (isLast ? '' : LAST)]
    for (const pieces of [
      [head + rest],
      [head + rest.slice(0, rest.indexOf('\r\n\r\n') + 4), rest.slice(rest.indexOf('\r\n\r\n') + 4)],
    ]) {
      seen = []
      expect(bodies(await exchange(...pieces))).toEqual(isLast ? ['/api/first'] : ['/api/first', '/api/last'])
      expect(seen[0]).toMatchObject({ line: 'POST /api/first', body: SMUGGLED })
      expect(seen[0]?.headers).not.toHaveProperty('upgrade')
      expect(seen[0]?.headers).not.toHaveProperty('http2-settings')
    }
  }
})

test('what is said about one connection is not passed on', async () => {
  const lines = 'Connection: x-mine, close\r\nX-Mine: 1\r\nTE: trailers\r\nKeep-Alive: timeout=1\r\nX-Other: 2\r\n'
  const response = await exchange(`GET /api/a HTTP/1.1\r\nHost: localhost\r\n${lines}\r\n`)

  expect(seen[0]?.headers).toMatchObject({ 'x-other': '2', host: 'localhost', connection: 'keep-alive' })
  for (const name of ['x-mine', 'te', 'keep-alive']) expect(seen[0]?.headers).not.toHaveProperty(name)
  expect(response.toLowerCase()).not.toContain('x-hop')
})

test.each([
  ['GET /x/../api/me HTTP/1.1', 404, 'NOT_FOUND'],
  ['GET /api/auth/../notes HTTP/1.1', 404, 'NOT_FOUND'],
  ['GET /api/auth/%2e%2e/notes HTTP/1.1', 404, 'NOT_FOUND'],
  ['GET /api/auth/.%2E/notes HTTP/1.1', 404, 'NOT_FOUND'],
  ['GET /api/./me HTTP/1.1', 404, 'NOT_FOUND'],
  ['GET /api%2Fme HTTP/1.1', 404, 'NOT_FOUND'],
  ['GET /api/me%00 HTTP/1.1', 404, 'NOT_FOUND'],
  ['GET http://localhost/x/../api/me HTTP/1.1', 404, 'NOT_FOUND'],
  ['GET /api\\me HTTP/1.1', 400, 'BAD_REQUEST'],
  ['GET /api/me#x HTTP/1.1', 400, 'BAD_REQUEST'],
  ['GET api/me HTTP/1.1', 400, 'BAD_REQUEST'],
  ['GET http://a@localhost/api/me HTTP/1.1', 400, 'BAD_REQUEST'],
  ['GET /api/me HTTP/2.0', 505, 'HTTP_VERSION_NOT_SUPPORTED'],
  ['GET /api/me HTTP/1.2', 505, 'HTTP_VERSION_NOT_SUPPORTED'],
  ['GARBAGE', 400, 'BAD_REQUEST'],
  ['TRACE /api/me HTTP/1.1', 405, 'METHOD_NOT_ALLOWED'],
  ['CONNECT api:443 HTTP/1.1', 405, 'METHOD_NOT_ALLOWED'],
  [`GET /api/me HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, 431, 'HEADERS_TOO_LARGE'],
])('%.40s is refused before a service hears of it', async (line, status, code) => {
  const response = await exchange(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} .*x-request-id: .*"code":"${code}"`, 's'))
  expect(seen).toEqual([])
})

test.each(['/api/me', 'http://localhost/api/me', '//api/me', '/api//me', '/api/..;/me'])(
  '%s is one path',
  async (target) => {
    await exchange(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    expect(seen.map(({ line }) => line)).toEqual(
      target.startsWith('//') ? [] : [`GET ${target.replace('http://localhost', '')}`],
    )
  },
)

test('an old client without a Host is served', async () => {
  expect(bodies(await exchange('GET /api/me HTTP/1.0\r\n\r\n'))).toEqual(['/api/me'])
})

test.each([
  `Content-Length: ${64 * 1024 + 1}\r\n\r\n${'x'.repeat(64 * 1024 + 1)}`,
  'Content-Length: 1000000000\r\n\r\n',
  `Transfer-Encoding: chunked\r\n\r\n${`2000\r\n${'x'.repeat(0x2000)}\r\n`.repeat(9)}0\r\n\r\n`,
])('a body above 64 KiB is refused: %.30s', async (body) => {
  const socket = open()
  socket.write(`POST /api/notes HTTP/1.1\r\nHost: localhost\r\n${body}`)
  const [first] = await new Promise<string[]>((resolve) => socket.on('data', (data) => resolve([String(data)])))
  socket.destroy()
  expect(first).toMatch(/^HTTP\/1.1 413 .*"code":"PAYLOAD_TOO_LARGE"/s)
  expect(seen).toEqual([])
})

test('connections are reused: those of clients, and those to a service until it closes them', async () => {
  const origin = `http://127.0.0.1:${(served.httpServer.address() as AddressInfo).port}`
  const first = await fetch(`${origin}/api/a`)
  await first.text()
  expect(first.headers.get('keep-alive')).toBe('timeout=75')
  await (await fetch(`${origin}/api/b`, { method: 'POST', body: 'x' })).text()
  expect(seen[1]?.port).toBe(seen[0]?.port)

  service.closeIdleConnections()
  // The GET may meet the connection that is just closing, and is sent again then; a POST would not be.
  for (const method of ['GET', 'POST']) expect((await fetch(`${origin}/api/c`, { method })).status).toBe(200)
  expect(seen[2]?.port).not.toBe(seen[0]?.port)
})
