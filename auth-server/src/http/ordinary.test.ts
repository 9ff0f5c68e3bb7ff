import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { startServer, stopServer } from './server.ts'
import { acceptUpgrades } from './upgrade.ts'

let seen: [method: string, path: string, body: string][] = []
const held = new Set<() => void>()

async function record(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  seen.push([request.method, pathname, await request.text()])
  if (pathname === '/held') await new Promise<void>((resolve) => void held.add(resolve))
  return new Response(pathname)
}

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
const LAST = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const LENGTH = `Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`
const CHUNKED = `Transfer-Encoding: chunked\r\n\r\n${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`
const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n'

const ASKING = [
  ['curl --http2', H2C],
  ['lower case', 'connection: upgrade\r\nupgrade: h2c\r\n'],
  ['upper case', 'CONNECTION: UPGRADE\r\nUPGRADE: H2C\r\n'],
  ['WebSocket', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n'],
  ['kept alive', 'Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n'],
  ['several Connections', 'Connection: Upgrade\r\nConnection: keep-alive\r\nUpgrade: h2c\r\n'],
  ['several protocols', 'Connection: Upgrade\r\nUpgrade: foo/2, h2c\r\nUpgrade: websocket\r\n'],
  ['no Connection', 'Upgrade: h2c\r\n'],
  ['only Connection', 'Connection: Upgrade\r\n'],
] as const

const post = (asking: string, body: string, version = '1.1') =>
  `POST /first HTTP/${version}\r\nHost: a\r\n${asking}${body}`

/** The same bytes at once, head and rest, and cut in the middle of both. */
function packets(data: string): string[][] {
  const end = data.indexOf('\r\n\r\n') + 4
  return [
    [data],
    [data.slice(0, end), data.slice(end)],
    [data.slice(0, 30), data.slice(30, end + 9), data.slice(end + 9)],
  ]
}

describe.each(['without a handshake', 'with one'])('on a port %s', (kind) => {
  let server: Server

  beforeAll(async () => {
    const log = createLog({ LOG_LEVEL: 'silent' })
    server = await startServer(record, { host: '127.0.0.1', port: 0, variable: 'X' }, log)
    if (kind === 'with one') acceptUpgrades(server, record)
  })
  afterAll(() => stopServer(server, 1000))
  beforeEach(() => {
    seen = []
  })

  async function paths(...pieces: string[]): Promise<string[]> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay()
    const received = text(socket)
    for (const piece of pieces) {
      socket.write(piece)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return [...(await received).matchAll(/HTTP\/1\.1 (?!100)(\d+).*?\r\n\r\n([^H]*)/gs)].map(([, status, body]) =>
      status === '200' ? (/\/\w+/.exec(body ?? '')?.[0] ?? '') : String(status),
    )
  }

  test.each(ASKING)('the body of a request for another protocol is its body: %s', async (_what, asking) => {
    for (const body of [LENGTH, CHUNKED])
      for (const pieces of packets(post(asking, body) + LAST)) {
        seen = []
        expect(await paths(...pieces)).toEqual(['/first', '/last'])
        expect(seen).toEqual([
          ['POST', '/first', SMUGGLED],
          ['GET', '/last', ''],
        ])
      }
  })

  test('requests before and after it get their responses in turn', async () => {
    const [before, plain] = ['GET /before HTTP/1.1\r\nHost: a\r\n\r\n', `GET /plain HTTP/1.1\r\nHost: a\r\n${H2C}\r\n`]
    for (const pieces of packets(before + before + plain + post(H2C, LENGTH) + plain + LAST))
      expect(await paths(...pieces)).toEqual(['/before', '/before', '/plain', '/first', '/plain', '/last'])
  })

  test('it waits for the response before it', async () => {
    const responded = paths(`GET /held HTTP/1.1\r\nHost: a\r\n\r\n${post(H2C, LENGTH)}${LAST}`)
    await expect.poll(() => held.size).toBe(1)
    for (const release of held) release()
    held.clear()
    expect(await responded).toEqual(['/held', '/first', '/last'])
  })

  test('it may come byte by byte, and expect 100 Continue', async () => {
    expect(await paths(...(post(H2C, LENGTH) + LAST))).toEqual(['/first', '/last'])
    for (const pieces of packets(post(`${H2C}Expect: 100-continue\r\n`, LENGTH) + LAST))
      expect(await paths(...pieces)).toEqual(['/first', '/last'])
  })

  test('HTTP/1.0 knows no Upgrade, and a connection that is to close closes', async () => {
    for (const pieces of packets(post(H2C, LENGTH, '1.0'))) expect(await paths(...pieces)).toEqual(['/first'])
    const asking = 'Connection: close, Upgrade\r\nUpgrade: h2c\r\n'
    for (const pieces of packets(post(asking, LENGTH))) expect(await paths(...pieces)).toEqual(['/first'])
  })

  test.each(['a:443', 'a', '127.0.0.1:4001'])('CONNECT %s opens no tunnel', async (target) => {
    const tunnel = `CONNECT ${target} HTTP/1.1\r\nHost: a\r\n\r\n`
    for (const asking of [[tunnel + SMUGGLED], [tunnel, SMUGGLED]]) expect(await paths(...asking)).toEqual(['405'])
    expect(await paths(`GET /before HTTP/1.1\r\nHost: a\r\n\r\n${tunnel}${SMUGGLED}`)).toEqual(['/before', '405'])
    expect(seen.map(([, path]) => path)).toEqual(['/before'])
  })

  test('a client that keeps a refused connection open does not delay the stop', async () => {
    const { port } = server.address() as AddressInfo
    const refused = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    refused.on('error', () => undefined).write('CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n')
    await new Promise((resolve) => refused.once('data', resolve))
    await expect.poll(() => connections(server), { timeout: 10_000 }).toBe(0)
    refused.destroy()
  })
})

const connections = (server: Server) =>
  new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
