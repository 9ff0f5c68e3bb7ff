import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.stop())

const PATH = '/api/auth/sign-in/email'
const JSON_TYPE = 'application/json'

const BODIES: [
  what: string,
  body: string | Uint8Array,
  status: number,
  code: string,
  headers?: Record<string, string>,
][] = [
  ['malformed', '{"email":', 400, 'INVALID_JSON'],
  ['an array', '[]', 400, 'INVALID_JSON'],
  ['a string', '"x"', 400, 'INVALID_JSON'],
  ['null', 'null', 400, 'INVALID_JSON'],
  ['NaN', '{"email":NaN}', 400, 'INVALID_JSON'],
  ['NUL, escaped', '{"email":"a\\u0000b"}', 400, 'INVALID_JSON'],
  ['NUL, raw', '{"email":"a\0b"}', 400, 'INVALID_JSON'],
  ['half a surrogate pair', '{"email":"\\ud800"}', 400, 'INVALID_JSON'],
  ['half a pair in a name', '{"\\udfff":1}', 400, 'INVALID_JSON'],
  ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'INVALID_JSON'],
  ['a name twice', '{"email":"a@b.cd","email":"c@d.ef"}', 400, 'INVALID_JSON'],
  ['a name twice, once escaped', '{"email":"a@b.cd","\\u0065mail":"c@d.ef"}', 400, 'INVALID_JSON'],
  ['__proto__', '{"__proto__":{"role":"admin"}}', 400, 'INVALID_JSON'],
  ['constructor', '{"a":{"constructor":{"prototype":1}}}', 400, 'INVALID_JSON'],
  ['deep', `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 400, 'INVALID_JSON'],
  ['64 KiB and a byte', `{"a":"${'x'.repeat(64 * 1024 - 7)}"}`, 413, 'PAYLOAD_TOO_LARGE'],
  ['a form', 'email=a', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['plain text', '{}', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'text/plain' }],
  ['two types', '{}', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'application/json, text/plain' }],
  ['another charset', '{}', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'application/json; charset=utf-7' }],
  ['a patch', '{}', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'application/merge-patch+json' }],
  [
    'two charsets',
    '{}',
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    { 'content-type': `${JSON_TYPE}; charset=utf8; charset=latin1` },
  ],
  ['half a quote', '{}', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': `${JSON_TYPE}; charset="utf8` }],
  ['more than a double holds', '{"email":1e999}', 400, 'INVALID_JSON'],
  ['gzip', '{}', 415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-encoding': 'gzip' }],
  ['empty', '', 400, 'VALIDATION_ERROR'],
]

test.each(BODIES)('a body that is %s is refused', async (_what, body, status, code, headers = {}) => {
  const response = await fetch(stack.url + PATH, {
    method: 'POST',
    headers: { origin: 'http://localhost:3000', 'content-type': JSON_TYPE, ...headers },
    body,
  })
  expect([response.status, await response.json()]).toEqual([status, { code, message: expect.any(String) }])
})

test.each([
  'charset=utf-8',
  'charset=UTF8',
  'Charset=Utf-8',
  'charset="utf-8"',
  'charset="UTF8" ',
  '',
  ' ',
  'charset=utf-8;',
  ';charset=utf-8',
  'profile=x; charset=utf-8',
])('application/json;%s is JSON', async (parameters) => {
  const headers = { origin: 'http://localhost:3000', 'content-type': `${JSON_TYPE};${parameters}` }
  const response = await fetch(stack.url + PATH, { method: 'POST', headers, body: '{}' })
  expect(await response.json()).toMatchObject({ code: 'VALIDATION_ERROR' })
})

test('a chunked body is cut off at 64 KiB, however much is still to come', async () => {
  const { port, hostname } = new URL(stack.url)
  const socket = connect(Number(port), hostname)
  const response = text(socket)
  socket.on('error', () => undefined)
  const head = ['Host: x', 'Content-Type: application/json', 'Transfer-Encoding: chunked']
  socket.write(`POST ${PATH} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`)
  for (let chunk = 0; chunk < 10; chunk += 1) socket.write(`2000\r\n${'x'.repeat(0x2000)}\r\n`)

  expect(await response).toMatch(/^HTTP\/1.1 413 .*PAYLOAD_TOO_LARGE/s)
})

test('a body of exactly 64 KiB is read', async () => {
  const body = `{"a":"${'x'.repeat(64 * 1024 - 8)}"}`
  const headers = { origin: 'http://localhost:3000', 'content-type': 'application/json; charset=UTF-8' }
  const response = await fetch(stack.url + PATH, { method: 'POST', headers, body })
  expect(await response.json()).toMatchObject({ code: 'VALIDATION_ERROR' })
})
