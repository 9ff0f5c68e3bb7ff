import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestServer, startTestStack, UNLIMITED } from '../../test/harness.ts'
import { signInAt, startTestProvider, type TestProvider } from '../../test/provider.ts'
import { somebody } from '../../test/provider-stack.ts'

let provider: TestProvider
let stack: Awaited<ReturnType<typeof startTestStack>>
let closed: Awaited<ReturnType<typeof startTestServer>>
beforeAll(async () => {
  provider = await startTestProvider()
  stack = await startTestStack({ ...UNLIMITED, OIDC_PROVIDERS: JSON.stringify([provider.settings]) })
  closed = await startTestServer({ ...stack.variables, SIGN_UP: 'closed' })
})
afterAll(async () => {
  await closed.stop()
  await stack.stop()
  await provider.stop()
})

const usersWith = (email: string) => stack.sql('SELECT FROM "user" WHERE email = $1', [email])
const result = async (response: Response) => [response.status, ((await response.json()) as { code?: string }).code]

describe('where SIGN_UP is closed', () => {
  test('nobody signs up with an address, and the refusal does not tell who has an account', async () => {
    const { email } = await signUp(stack)
    const [free, taken] = [`${randomUUID()}@example.com`, email]
    for (const address of [free, taken]) {
      const body = { email: address, password: PASSWORD, name: 'Ada' }
      const response = await createClient(closed).post('/api/auth/sign-up/email', { body })
      expect(await result(response)).toEqual([403, 'SIGN_UP_CLOSED'])
    }
    expect(await usersWith(free)).toEqual([])
  })

  test('nobody signs up at a provider; who has an account signs in there', async () => {
    const [known, stranger] = [somebody(), somebody()]
    await signInAt(createClient(stack), provider, known)
    const client = createClient(closed)
    expect(await signInAt(client, provider, stranger)).toBe('/sign-in?error=sign_up_closed')
    expect((await client.get('/api/auth/session')).status).toBe(401)
    expect(await usersWith(stranger.email)).toEqual([])
    expect(await signInAt(client, provider, known)).toBe('/welcome')
    expect((await client.get('/api/auth/session')).status).toBe(200)
  })

  test('who has an account signs in and connects a provider', async () => {
    const { email } = await signUp(stack)
    const client = createClient(closed)
    await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
    expect(await signInAt(client, provider, somebody(), { path: '/link-social' })).toBe('/welcome')
  })

  test('an administrator makes users all the same', async () => {
    const { email, userId } = await signUp(stack)
    await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [userId])
    const client = createClient(closed)
    await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD } })
    const made = { email: `${randomUUID()}@example.com`, password: PASSWORD, name: 'Bea' }
    expect((await client.post('/api/auth/admin/create-user', { body: made })).status).toBe(200)
    expect((await createClient(closed).post('/api/auth/sign-in/email', { body: made })).status).toBe(200)
  })

  test('the pages are told', async () => {
    const features = async ({ url }: { url: string }) => (await fetch(`${url}/api/auth/features`)).json()
    expect(await features(closed)).toMatchObject({ signUp: false })
    expect(await features(stack)).toMatchObject({ signUp: true })
  })
})
