import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUpWithApp } from '../../../test/authenticator.ts'
import { createClient } from '../../../test/client.ts'
import { startTestStack } from '../../../test/harness.ts'
import { challengeHalfSignIns } from './challenge.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.stop())

const GIVEN = new Response(null, { status: 302, headers: { location: 'https://app.example/welcome' } })

test('a browser that followed a link is led to the page that asks for the code, which then signs in', async () => {
  const { userId, app } = await signUpWithApp(stack)
  const challenge = challengeHalfSignIns({ env: stack.env, pool: stack.pools.auth })
  const response = await challenge(GIVEN, 'GET', { halfSignIn: { userId, isRemembered: true } })
  expect([response.status, response.headers.get('location')]).toEqual([
    302,
    `${stack.env.PUBLIC_URL}/sign-in?second-factor`,
  ])
  const [cookie = '', ...attributes] = response.headers.getSetCookie()[0]?.split('; ') ?? []
  expect(attributes).toEqual(['Max-Age=600', 'Path=/', 'HttpOnly', 'SameSite=Lax'])

  const client = createClient(stack)
  const body = { code: app.code() }
  expect((await client.post('/api/auth/two-factor/verify-totp', { body, headers: { cookie } })).status).toBe(200)
  expect((await client.check()).status).toBe(200)
})

test('a sign-in that is whole, or was refused, stays as it is', async () => {
  const challenge = challengeHalfSignIns({ env: stack.env, pool: stack.pools.auth })
  expect(await challenge(GIVEN, 'GET', {})).toBe(GIVEN)
})
