import { createHash } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createIsBreached } from './breached.ts'

const SEEN = 'correct horse battery staple'
const NEVER_SEEN = 'zebra crossing at 4 in the morning'
const COMMON = 'qwertyuiop'

const stops: (() => Promise<unknown>)[] = []
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())))

/** A small stand-in for the service: only `respond` decides what it says. */
async function service(respond: RequestListener) {
  const requests: { path: string | undefined; padding: unknown }[] = []
  const server = createServer((request, response) => {
    requests.push({ path: request.url, padding: request.headers['add-padding'] })
    respond(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  stops.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`, requests }
}

function check(BREACHED_PASSWORDS: 'local' | 'api' | 'off', BREACHED_PASSWORDS_URL = 'http://127.0.0.1:1/') {
  const warnings: unknown[] = []
  const log = { warn: (...said: unknown[]) => void warnings.push(said) }
  return { isBreached: createIsBreached({ env: { BREACHED_PASSWORDS, BREACHED_PASSWORDS_URL }, log }), warnings }
}

const sha1 = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase()
const line = (password: string, count: number) => `${sha1(password).slice(5)}:${count}`

test.each([COMMON, 'password1', 'Password1', 'P@ssw0rd', '12345678', 'ＰＡＳＳＷＯＲＤ１'])(
  '%s is on the local list',
  async (password) => {
    expect(await check('local').isBreached(password)).toBe(true)
  },
)

test.each([SEEN, NEVER_SEEN, '', 'password1 password1', '😀'.repeat(8)])('"%s" is not', async (password) => {
  expect(await check('local').isBreached(password)).toBe(false)
})

test('nothing is refused where it is off', async () => {
  expect(await check('off').isBreached(COMMON)).toBe(false)
})

test('the service learns five digits of a hash, and decides about what the list does not know', async () => {
  const { url, requests } = await service((_, response) => response.end(`${line('x', 4)}\r\n${line(SEEN, 2)}\r\n`))
  const { isBreached, warnings } = check('api', url)

  expect([await isBreached(SEEN), await isBreached(NEVER_SEEN), await isBreached(COMMON)]).toEqual([true, false, true])

  const path = (password: string) => `/range/${sha1(password).slice(0, 5)}`
  expect(requests).toEqual([SEEN, NEVER_SEEN].map((password) => ({ path: path(password), padding: 'true' })))
  expect(warnings).toEqual([])
})

test('a line of padding is no breach', async () => {
  const { url } = await service((_, response) => response.end(line(SEEN, 0)))
  expect(await check('api', url).isBreached(SEEN)).toBe(false)
})

test.each<[what: string, RequestListener]>([
  ['is broken', (_, response) => response.writeHead(500).end(line(SEEN, 2))],
  ['leads elsewhere', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['hangs', () => {}],
  ['hangs in the middle', (_, response) => response.write(`${line('x', 4)}\r\n`)],
  ['hangs up', (request) => request.socket.destroy()],
  ['sends too much', (_, response) => response.end(`${line('x', 4)}\r\n`.repeat(40_000) + line(SEEN, 2))],
])('a service that %s leaves the decision to the list, and is not asked again at once', async (_what, respond) => {
  const { url, requests } = await service(respond)
  const { isBreached, warnings } = check('api', url)

  expect([await isBreached(SEEN), await isBreached(SEEN), await isBreached(COMMON)]).toEqual([false, false, true])

  expect(requests.length).toBe(1)
  expect(warnings).toHaveLength(1)
  expect(JSON.stringify(warnings)).not.toContain(sha1(SEEN).slice(0, 5))
})
