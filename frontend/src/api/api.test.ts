import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createApi } from './api.ts'
import { isSessionEnd, type Problem, RequestFailed } from './problem.ts'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function apiOf(answer: RequestListener) {
  const listening = createServer(answer)
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
  return createApi({ authUrl: url, apiUrl: `${url}/`, isOnline: () => true })
}

/** A service that gives the same answer to everything. */
function answering(status: number, headers: Record<string, string>, body: string): RequestListener {
  return (_request, answer) => answer.writeHead(status, headers).end(body)
}

function refusing(status: number, code: string, headers: Record<string, string> = {}): RequestListener {
  return answering(status, { 'x-request-id': 'request-0001', ...headers }, JSON.stringify({ code, message: 'No.' }))
}

async function problemFrom(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => new Error('It did not fail'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof RequestFailed)) throw error
  return error.problem
}

test('a session answers with its user and nothing else of it is kept', async () => {
  const user = { id: 'u1', email: 'ada@example.com', name: 'Ada' }
  const body = JSON.stringify({ session: { id: 's1' }, user: { ...user, role: 'user', token: 'secret' } })
  const api = await apiOf(answering(200, {}, body))

  expect(await api.fetchSession()).toEqual(user)
})

test('a sign-in sends JSON with the password exactly as typed', async () => {
  const received: string[] = []
  const api = await apiOf((request, answer) => {
    received.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
    request.on('data', (chunk) => received.push(String(chunk)))
    request.on('end', () => answer.end(JSON.stringify({ token: 't', user: { id: '1', email: 'a@b.c', name: 'A' } })))
  })

  await api.signIn('a@b.c', '  päss wörd ')

  expect(received).toEqual([
    'POST /api/auth/sign-in/email application/json',
    JSON.stringify({ email: 'a@b.c', password: '  päss wörd ' }),
  ])
})

test('a refusal keeps status, code and request id', async () => {
  const api = await apiOf(refusing(401, 'INVALID_EMAIL_OR_PASSWORD'))

  expect(await problemFrom(api.signIn('a@b.c', 'x'))).toEqual({
    kind: 'refused',
    status: 401,
    code: 'INVALID_EMAIL_OR_PASSWORD',
    requestId: 'request-0001',
  })
})

test.each([500, 502, 503, 504])('a %i is "unavailable", whatever code it carries', async (status) => {
  const api = await apiOf(refusing(status, 'SESSION_REQUIRED'))

  expect(await problemFrom(api.fetchSession())).toEqual({ kind: 'unavailable', requestId: 'request-0001' })
})

test('a 401 from something that is not one of the services does not read as signed out', async () => {
  const api = await apiOf(answering(401, { 'content-type': 'text/html' }, '<h1>Proxy sign-in</h1>'))

  expect(await problemFrom(api.fetchSession())).toEqual({ kind: 'unavailable', requestId: null })
})

test.each(['<html>', '', 'null', '[]', '{"user":{}}', '{"user":{"id":1}}'])(
  'a 200 with %j is "unavailable", not a user',
  async (body) => {
    const api = await apiOf(answering(200, {}, body))

    expect((await problemFrom(api.fetchSession())).kind).toBe('unavailable')
  },
)

test('nobody listening is "unavailable", or "offline" where the browser says so', async () => {
  const unreachable = { authUrl: 'http://127.0.0.1:1', apiUrl: '' }
  const online = createApi({ ...unreachable, isOnline: () => true })
  const offline = createApi({ ...unreachable, isOnline: () => false })

  expect(await problemFrom(online.fetchSession())).toEqual({ kind: 'unavailable', requestId: null })
  expect(await problemFrom(offline.fetchSession())).toEqual({ kind: 'offline' })
})

test('an answer that breaks off is "unavailable"', async () => {
  const api = await apiOf((_request, answer) => {
    answer.writeHead(200, { 'content-length': '100' })
    answer.write('{"user":', () => answer.destroy())
  })

  expect((await problemFrom(api.fetchSession())).kind).toBe('unavailable')
})

test.each([
  ['7', 7],
  ['0', 1],
  ['999999999', 3600],
  ['soon', 10],
  ['-5', 1],
  ['', 10],
])('a 429 with Retry-After %j asks to wait %i seconds', async (header, seconds) => {
  const api = await apiOf(refusing(429, 'TOO_MANY_REQUESTS', { 'retry-after': header }))

  expect(await problemFrom(api.signIn('a@b.c', 'x'))).toMatchObject({ kind: 'tooMany', retryAfterSeconds: seconds })
})

test('a Retry-After can be a date', async () => {
  const date = new Date(Date.now() + 30_000).toUTCString()
  const api = await apiOf(refusing(429, 'TOO_MANY_REQUESTS', { 'retry-after': date }))

  const problem = await problemFrom(api.signIn('a@b.c', 'x'))

  if (problem.kind !== 'tooMany') throw new Error(problem.kind)
  expect(problem.retryAfterSeconds).toBeGreaterThan(27)
  expect(problem.retryAfterSeconds).toBeLessThan(32)
})

test.each(['SESSION_REQUIRED', 'SESSION_EXPIRED', 'INVALID_TOKEN', 'BANNED_USER'])(
  'a 401 %s from the backend ends the session',
  async (code) => {
    const api = await apiOf(refusing(401, code))

    expect(isSessionEnd(await problemFrom(api.fetchProfile()))).toBe(true)
  },
)

test('a wrong password does not end the session', async () => {
  const api = await apiOf(refusing(401, 'INVALID_EMAIL_OR_PASSWORD'))

  expect(isSessionEnd(await problemFrom(api.signIn('a@b.c', 'x')))).toBe(false)
})

test('a cursor and an id reach the backend unharmed', async () => {
  const urls: (string | undefined)[] = []
  const api = await apiOf((request, answer) => {
    urls.push(request.url)
    answer.end(JSON.stringify({ notes: [], nextCursor: null }))
  })

  await api.fetchNotes('a&b=c/?')
  await api.deleteNote('../me')

  expect(urls).toEqual(['/api/notes?cursor=a%26b%3Dc%2F%3F', '/api/notes/..%2Fme'])
})
