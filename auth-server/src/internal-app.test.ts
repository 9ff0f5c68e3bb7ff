import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkSession, signUp } from '../test/client.ts'
import { INTERNAL_TOKEN } from '../test/database.ts'
import { startTestStack } from '../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.stop())

const withToken = { 'x-internal-token': INTERNAL_TOKEN }
const get = (path: string, headers: Record<string, string> = withToken, method = 'GET') =>
  fetch(stack.internalUrl + path, { method, headers })

describe('the internal token', () => {
  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['wrong', 'wrong'],
    ['shorter', INTERNAL_TOKEN.slice(0, -1)],
    ['longer', `${INTERNAL_TOKEN}x`],
    ['in another case', INTERNAL_TOKEN.toUpperCase()],
    ['sent twice', `${INTERNAL_TOKEN}, ${INTERNAL_TOKEN}`],
  ])('%s gets a 403 and never 401, on every path but /health/live', async (_what, token) => {
    const headers: Record<string, string> = token === undefined ? {} : { 'x-internal-token': token }
    for (const path of ['/internal/session', '/metrics', '/no-such-path']) {
      const response = await get(path, headers)
      expect([path, response.status]).toEqual([path, 403])
      expect(await response.json()).toMatchObject({ code: 'INTERNAL_TOKEN_REQUIRED' })
    }
    expect((await get('/health/live', headers)).status).toBe(200)
  })

  test('does not open the private routes on the public port', async () => {
    for (const path of ['/internal/session', '/metrics']) {
      expect((await fetch(stack.url + path, { headers: withToken })).status).toBe(404)
    }
  })
})

test('a bearer that is not ours is refused beside a good cookie', async () => {
  const { client } = await signUp(stack)
  const response = await checkSession(stack.internalUrl, {
    cookie: client.cookieHeader(),
    authorization: 'Bearer a.b.c',
  })
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ code: 'INVALID_TOKEN' })
})

test('several Authorization headers are refused, whichever is good', async () => {
  const { bearer } = await signUp(stack)
  const good = `authorization: Bearer ${bearer}`
  for (const pair of [
    [good, good],
    [good, 'authorization: Bearer x'],
    ['authorization: Bearer x', good],
  ]) {
    expect(await rawCheck(pair)).toMatch(/^HTTP\/1.1 401 .*INVALID_TOKEN/s)
  }
  expect(await rawCheck([good])).toMatch(/^HTTP\/1.1 200 /)
})

test('a cookie split over two headers is put together', async () => {
  const { client } = await signUp(stack)
  expect(await rawCheck(['cookie: theme=dark', `cookie: ${client.cookieHeader()}`])).toMatch(/^HTTP\/1.1 200 /)
})

test('an unknown path and a wrong method have the one error body and a request id', async () => {
  const unknown = await get('/no-such-path', { ...withToken, 'x-request-id': 'my-request-1' })
  expect([unknown.status, unknown.headers.get('x-request-id')]).toEqual([404, 'my-request-1'])
  expect(await unknown.json()).toEqual({ code: 'NOT_FOUND', message: expect.any(String) })
  const wrong = await get('/internal/session', withToken, 'POST')
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  expect(await wrong.json()).toEqual({ code: 'METHOD_NOT_ALLOWED', message: expect.any(String) })
})

test('a response is never cached, and its log line names neither user nor credential', async () => {
  const { client, email, bearer } = await signUp(stack)
  const response = await client.check()
  expect(response.headers.get('cache-control')).toBe('no-store')
  const log = stack.lines.join('\n')
  expect(log).toContain('"route":"/internal/session"')
  for (const secret of [email, bearer, bearer.split('.')[0] ?? '', INTERNAL_TOKEN]) expect(log).not.toContain(secret)
})

test('metrics tell checks by their result, renewals and connections', async () => {
  const { client } = await signUp(stack)
  await client.check()
  await get('/internal/session')
  const metrics = await (await get('/metrics')).text()
  for (const line of [
    /^session_checks_total\{result="user"\} [1-9]/m,
    /^session_checks_total\{result="SESSION_REQUIRED"\} [1-9]/m,
    /^session_renewals_total 0/m,
    /^http_requests_total\{port="internal",method="GET",route="\/internal\/session",status="200"\} [1-9]/m,
    /^database_pool_connections\{pool="sessions",state="idle"\} [1-9]/m,
    /^process_cpu_user_seconds_total /m,
  ]) {
    expect(metrics).toMatch(line)
  }
})

/** Past fetch, which would join or refuse repeated headers by itself. */
function rawCheck(headers: string[]): Promise<string> {
  const { hostname, port } = new URL(stack.internalUrl)
  const head = [
    'GET /internal/session HTTP/1.1',
    `host: ${hostname}`,
    `x-internal-token: ${INTERNAL_TOKEN}`,
    'connection: close',
  ]
  return new Promise((resolve, reject) => {
    let response = ''
    const socket = connect(Number(port), hostname, () => socket.write(`${[...head, ...headers].join('\r\n')}\r\n\r\n`))
    socket.on('data', (chunk) => {
      response += chunk
    })
    socket.on('end', () => resolve(response))
    socket.on('error', reject)
  })
}

test('a check with disableRefresh extends nothing, and the next one without it does', async () => {
  const { client, userId, bearer } = await signUp(stack)
  const expiry = async () => (await stack.sql('SELECT "expiresAt" FROM session WHERE "userId" = $1', [userId]))[0]
  await stack.sql(`UPDATE session SET "expiresAt" = now() + interval '5 days' WHERE "userId" = $1`, [userId])
  const before = await expiry()

  const response = await get('/internal/session?disableRefresh=true', {
    ...withToken,
    authorization: `Bearer ${bearer}`,
  })
  const { session } = (await response.json()) as { session: { refreshAt: string } }

  expect(Date.parse(session.refreshAt)).toBeLessThan(Date.now())
  expect(await expiry()).toEqual(before)
  expect((await client.check()).headers.getSetCookie()).toHaveLength(1)
})
