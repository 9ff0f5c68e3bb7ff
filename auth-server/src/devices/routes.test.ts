import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, sessionIdOf, signInElsewhere, signUp } from '../../test/client.ts'
import { startProxiedStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startProxiedStack>>
beforeAll(async () => {
  stack = await startProxiedStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

const revoke = ({ client }: { client: Client }, id: string) =>
  client.call('DELETE', `/api/auth/devices/${encodeURIComponent(id)}`)

const error = (code: string) => ({ code, message: expect.any(String) })

test.each([
  ['GET', '/api/auth/devices'],
  ['DELETE', '/api/auth/devices/some-id'],
  ['POST', '/api/auth/devices/revoke-others'],
])('%s %s is for a session only', async (method, path) => {
  const response = await createClient(stack).call(method, path)

  expect([response.status, await response.json()]).toEqual([401, error('SESSION_REQUIRED')])
})

test.each([
  ['POST', '/api/auth/devices', 'GET, HEAD'],
  ['GET', '/api/auth/devices/some-id', 'DELETE'],
  ['POST', '/api/auth/devices/some-id', 'DELETE'],
  ['GET', '/api/auth/devices/revoke-others', 'POST'],
])('%s %s is not allowed', async (method, path, allow) => {
  const { client } = await signUp(stack)
  const response = await client.call(method, path)

  expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
})

test.each<Record<string, string>>([
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://localhost:3000.evil.example' },
])('a page of another site signs out no device: %j', async (headers) => {
  const signedUp = await signUp(stack)
  const elsewhere = await signInElsewhere(stack, signedUp.email)
  const id = await sessionIdOf(elsewhere)

  const one = await signedUp.client.call('DELETE', `/api/auth/devices/${id}`, { headers })
  const all = await signedUp.client.post('/api/auth/devices/revoke-others', { headers })

  expect([one.status, all.status, (await elsewhere.check()).status]).toEqual([403, 403, 200])
})

test('a bearer can do all of it, without an origin', async () => {
  const signedUp = await signUp(stack)
  const id = await sessionIdOf(await signInElsewhere(stack, signedUp.email))
  const headers = { authorization: `Bearer ${signedUp.bearer}` }

  const listed = await fetch(`${stack.url}/api/auth/devices`, { headers })
  const revoked = await fetch(`${stack.url}/api/auth/devices/${id}`, { method: 'DELETE', headers })

  expect([listed.status, revoked.status]).toEqual([200, 200])
})

test('without a database it is 503: never nobody, and nothing is said to be done', async () => {
  const signedUp = await signUp(stack)
  const id = await sessionIdOf(await signInElsewhere(stack, signedUp.email))
  await stack.proxy.refuse()

  const responses = [
    await signedUp.client.get('/api/auth/devices'),
    await revoke(signedUp, id),
    await signedUp.client.post('/api/auth/devices/revoke-others'),
  ]
  await stack.proxy.pass()

  expect(responses.map(({ status }) => status)).toEqual([503, 503, 503])
  expect((await stack.sql('SELECT FROM session WHERE "userId" = $1', [signedUp.userId])).length).toBe(2)
})
