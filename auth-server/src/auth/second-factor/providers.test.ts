import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUp } from '../../../test/authenticator.ts'
import { signInAt } from '../../../test/provider.ts'
import { somebody, startProviderStack, userOf } from '../../../test/provider-stack.ts'

type Started = Awaited<ReturnType<typeof startProviderStack>>
let { stack, provider, newClient, stop } = {} as Started

beforeAll(async () => {
  ;({ stack, provider, newClient, stop } = await startProviderStack())
})
afterAll(() => stop())

const VERIFY = '/api/auth/two-factor/verify-totp'

test('a sign-in at a provider is led to the page that asks for the code, and has no session before it', async () => {
  const [owner, person] = [newClient(), somebody()]
  await signInAt(owner, provider, person)
  const { app } = await setUp(owner)
  expect((await owner.post(VERIFY, { body: { code: app.code(-1) } })).status).toBe(200)
  const { id } = (await userOf(owner)) as { id: string }
  await stack.sql('DELETE FROM session WHERE "userId" = $1', [id])

  const client = newClient()
  expect(await signInAt(client, provider, person)).toBe('/sign-in')
  expect([...client.jar.keys()]).toContain('better-auth.two_factor')
  expect([...client.jar.keys()]).not.toContain('better-auth.session_token')
  expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [id])).toEqual([])
  expect((await client.check()).status).toBe(401)

  expect((await client.post(VERIFY, { body: { code: app.code() } })).status).toBe(200)
  expect((await client.check()).status).toBe(200)
})
