import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
})
afterAll(() => stack.stop())

const FOREIGN = [
  'https://evil.example',
  'null',
  'http://localhost:3000.evil.example',
  'http://evil-localhost:3000',
  'https://localhost:3000',
  'http://localhost:3001',
]
test.each(FOREIGN)('%s gets no permission to read, and none to act with a cookie', async (origin) => {
  const { client } = await signUp(stack)
  const preflight = await fetch(`${stack.url}/api/auth/sign-in/email`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  })
  const read = await client.get('/api/auth/session', { headers: { origin } })
  const act = await client.post('/api/auth/update-user', { headers: { origin }, body: { name: 'Changed' } })

  expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  expect(read.headers.get('access-control-allow-origin')).toBeNull()
  expect(read.headers.get('vary')).toMatch(/origin/i)
  expect(act.status).toBe(403)
})

test('the configured origin may read what it needs', async () => {
  const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' }
  const preflight = await fetch(`${stack.url}/api/auth/sign-in/email`, { method: 'OPTIONS', headers })
  const read = await fetch(`${stack.url}/api/auth/session`, { headers })

  expect(preflight.status).toBe(204)
  for (const response of [preflight, read]) {
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
  }
  expect(read.headers.get('access-control-expose-headers')).toBe(
    'set-auth-token,x-request-id,retry-after,x-retry-after',
  )
})

test('a callback to another site is refused', async () => {
  const { client, email } = await signUp(stack)
  for (const callbackURL of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    const body = { email, password: PASSWORD, callbackURL }
    const response = await client.post('/api/auth/sign-in/email', { body })
    expect([response.status, response.headers.get('location')]).toEqual([403, null])
  }
})
