import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.stop())

test('where a session is optional, a user is the same and nobody is a 200 without one', async () => {
  const { client, bearer, userId } = await signUp(stack)
  const optional = (headers: Record<string, string>) =>
    fetch(`${stack.url}/api/auth/session?optional=true`, { headers })
  const [own, same] = await Promise.all([client.get('/api/auth/session'), optional({ cookie: client.cookieHeader() })])
  expect([same.status, await same.json()]).toEqual([200, await own.json()])

  await stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [userId])

  const nobody = [{}, { authorization: 'Bearer a.b' }, { authorization: `Bearer ${bearer}` }]
  for (const headers of [...nobody, { cookie: client.cookieHeader() }] as Record<string, string>[]) {
    const response = await optional(headers)
    expect([response.status, await response.json()]).toEqual([200, { session: null, user: null }])
    expect(response.headers.get('content-type')).toBe('application/json')
  }
})

test.each(['', '?optional', '?optional=1', '?optional=false'])(
  'GET /api/auth/session%s refuses nobody',
  async (query) => {
    const response = await fetch(`${stack.url}/api/auth/session${query}`)
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'SESSION_REQUIRED' }])
  },
)
