import { afterAll, beforeAll, expect, test } from 'vitest'
import { confirmApp, setUp } from '../../../test/authenticator.ts'
import { beginAt, comeBack, signInAt } from '../../../test/provider.ts'
import { somebody, startProviderStack, userOf } from '../../../test/provider-stack.ts'

type Started = Awaited<ReturnType<typeof startProviderStack>>
let { stack, provider, newClient, stop } = {} as Started

beforeAll(async () => {
  ;({ stack, provider, newClient, stop } = await startProviderStack())
})
afterAll(() => stop())

const VERIFY = '/api/auth/two-factor/verify-totp'

/** Of a user who signs in at the provider alone, and has an authenticator app. */
async function withApp() {
  const [owner, person] = [newClient(), somebody()]
  await signInAt(owner, provider, person)
  const { app } = await setUp(owner)
  await confirmApp(owner, app)
  const { id } = (await userOf(owner)) as { id: string }
  return { person, app, id }
}

test('a sign-in at a provider is led to the page that asks for the code, and has no session before it', async () => {
  const { person, app, id } = await withApp()
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

test.each([
  ['/notes?id=1#last', '/sign-in?second-factor&next=%2Fnotes%3Fid%3D1%23last'],
  ['http://localhost:3000/account', '/sign-in?second-factor&next=%2Faccount'],
  ['/', '/sign-in?second-factor'],
  ['https://other.example/account', '/sign-in?second-factor'],
])('begun to get to %s, it goes on there after the code', async (callbackURL, expected) => {
  const { person } = await withApp()
  const client = newClient()
  const authorize = await beginAt(client, { provider: provider.id, body: { callbackURL } })
  const response = await comeBack(client, authorize, { code: provider.grant(authorize, person) })
  expect(response.headers.get('location')).toBe(`http://localhost:3000${expected}`)
})
