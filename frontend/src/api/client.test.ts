import { expect, test } from 'vitest'
import { clientOf, reasonFrom, refusing, responding } from '../../test/service.ts'
import { type Client, createClient } from './client.ts'
import { readField, readText } from './read.ts'
import { isSessionEnd } from './request-error.ts'

const get = (client: Client) => client('GET', '/api/thing', (body) => readText(readField(body, 'user'), 'id'))

test('a request with a body sends it as JSON', async () => {
  const received: string[] = []
  const client = await clientOf((request, response) => {
    received.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
    request.on('data', (chunk) => received.push(String(chunk)))
    request.on('end', () => response.end('{}'))
  })

  await client('POST', '/api/thing?x=1', () => null, { password: '  päss wörd ' })

  expect(received).toEqual(['POST /api/thing?x=1 application/json', JSON.stringify({ password: '  päss wörd ' })])
})

test('a refusal keeps status, code and request id', async () => {
  const client = await clientOf(refusing(401, 'INVALID_EMAIL_OR_PASSWORD'))

  expect(await reasonFrom(get(client))).toEqual({
    kind: 'refused',
    status: 401,
    code: 'INVALID_EMAIL_OR_PASSWORD',
    requestId: 'request-0001',
  })
})

test.each([500, 502, 503, 504])('a %i is "unavailable", whatever its code', async (status) => {
  const client = await clientOf(refusing(status, 'SESSION_REQUIRED'))

  expect(await reasonFrom(get(client))).toEqual({
    kind: 'unavailable',
    requestId: 'request-0001',
    retryAfterSeconds: null,
  })
})

test('a 401 of a proxy, which is none of the services, does not read as signed out', async () => {
  const client = await clientOf(responding(401, { 'content-type': 'text/html' }, '<h1>Proxy sign-in</h1>'))

  expect(await reasonFrom(get(client))).toEqual({ kind: 'unavailable', requestId: null, retryAfterSeconds: null })
})

test.each(['<html>', '', 'null', '[]', '{"user":{}}', '{"user":{"id":1}}'])(
  'a 200 with %j, which is not what the contract says, is "unavailable"',
  async (body) => {
    const client = await clientOf(responding(200, {}, body))

    expect((await reasonFrom(get(client))).kind).toBe('unavailable')
  },
)

test('a service that nobody can reach is "unavailable", or "offline" if the browser says so', async () => {
  const online = createClient('http://127.0.0.1:1', () => true)
  const offline = createClient('http://127.0.0.1:1', () => false)

  expect(await reasonFrom(get(online))).toEqual({ kind: 'unavailable', requestId: null, retryAfterSeconds: null })
  expect(await reasonFrom(get(offline))).toEqual({ kind: 'offline' })
})

test('a response that breaks off is "unavailable"', async () => {
  const client = await clientOf((_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"user":', () => response.destroy())
  })

  expect((await reasonFrom(get(client))).kind).toBe('unavailable')
})

test.each([
  ['7', 7],
  ['0', 1],
  ['999999999', 3600],
  ['soon', 10],
  ['-5', 1],
  ['', 10],
])('a 429 with Retry-After %j asks to wait %i seconds', async (header, seconds) => {
  const client = await clientOf(refusing(429, 'TOO_MANY_REQUESTS', { 'retry-after': header }))

  expect(await reasonFrom(get(client))).toMatchObject({ kind: 'tooMany', retryAfterSeconds: seconds })
})

test.each([
  ['7', 7],
  ['999999999', 3600],
  ['soon', null],
  ['', null],
])('a 503 with Retry-After %j asks to wait %j seconds', async (header, seconds) => {
  const client = await clientOf(refusing(503, 'DATABASE_UNAVAILABLE', { 'retry-after': header }))

  expect(await reasonFrom(get(client))).toMatchObject({ kind: 'unavailable', retryAfterSeconds: seconds })
})

test.each([429, 503])('a Retry-After of a %i can be a date', async (status) => {
  const date = new Date(Date.now() + 30_000).toUTCString()
  const client = await clientOf(refusing(status, 'TOO_BUSY', { 'retry-after': date }))

  const reason = await reasonFrom(get(client))

  if (!('retryAfterSeconds' in reason)) throw new Error(reason.kind)
  expect(reason.retryAfterSeconds).toBeGreaterThan(27)
  expect(reason.retryAfterSeconds).toBeLessThan(32)
})

test.each(['SESSION_REQUIRED', 'SESSION_EXPIRED', 'INVALID_TOKEN', 'BANNED_USER'])(
  'a 401 %s ends the session',
  async (code) => {
    const client = await clientOf(refusing(401, code))

    expect(isSessionEnd(await reasonFrom(get(client)))).toBe(true)
  },
)

test('a wrong password does not end the session', async () => {
  const client = await clientOf(refusing(401, 'INVALID_EMAIL_OR_PASSWORD'))

  expect(isSessionEnd(await reasonFrom(get(client)))).toBe(false)
})
