import { betterAuth } from 'better-auth'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, signUp } from '../../test/client.ts'
import { adminUrl, INTERNAL_TOKEN, SECRET } from '../../test/database.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'
import { readEnv } from '../env.ts'
import { authOptions, CLIENT_ADDRESS_HEADER } from './better-auth.ts'
import { createHandler } from './handler.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack(UNLIMITED)
})
afterAll(() => stack.stop())

test('requests at the same time do not see the session of each other', async () => {
  const users = await Promise.all([1, 2, 3, 4].map(() => signUp(stack)))
  const clients = users.flatMap(({ client, userId }) => [
    { client, userId: userId as string | undefined },
    { client: createClient(stack), userId: undefined },
  ])

  const rounds = Array.from({ length: 10 }, () => clients).flat()
  const seen = await Promise.all(
    rounds.map(async ({ client }) => {
      const response = await client.get('/api/auth/get-session')
      return ((await response.json()) as { user: { id: string } } | null)?.user.id
    }),
  )

  expect(seen).toEqual(rounds.map(({ userId }) => userId))
})

test('the endpoints are made once for all requests, and respond as those of better-auth do', async () => {
  const variables = { NODE_ENV: 'development', BETTER_AUTH_SECRET: SECRET, INTERNAL_TOKEN, DATABASE_URL: adminUrl() }
  const options = authOptions({ env: readEnv(variables), pool: new pg.Pool() })
  let made = 0
  Object.defineProperty(options.plugins[0], 'endpoints', {
    get: () => {
      made += 1
      return {}
    },
  })
  const auth = betterAuth(options)
  const handle = createHandler(auth)
  const headers = { [CLIENT_ADDRESS_HEADER]: '192.0.2.1' }
  const requests = [
    'get-session',
    'get-session?disableRefresh=true',
    'get-session?disableRefresh=x&disableRefresh=y',
  ].map((path) => () => new Request(`${options.baseURL}/api/auth/${path}`, { headers }))
  const outcome = async (response: Response) => [
    response.status,
    [...response.headers],
    (await response.text()).replaceAll(/\s+/g, ' '),
  ]

  for (const request of requests) {
    expect(await outcome(await handle(request()))).toEqual(await outcome(await auth.handler(request())))
  }
  made = 0
  for (const request of requests) await handle(request())

  expect(made).toBe(0)
})
