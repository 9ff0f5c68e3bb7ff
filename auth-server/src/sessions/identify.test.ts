import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSession, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack()
})
afterAll(() => stack.stop())

test('a signed-in person is named, by cookie and by bearer alike', async () => {
  const { client, bearer, email } = await signUp(stack)

  const byCookie = await client.check()
  const byBearer = await checkSession(stack.internalUrl, { authorization: `Bearer ${bearer}` })

  expect(byCookie.status).toBe(200)
  const body = await byCookie.json()
  expect(body).toMatchObject({ user: { email } })
  expect(await byBearer.json()).toEqual(body)
})
