import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

type SignedUp = Awaited<ReturnType<typeof signUp>>
async function signIn({ email }: Pick<SignedUp, 'email'>, password = PASSWORD) {
  const client = createClient(stack)
  const response = await client.post('/api/auth/sign-in/email', { body: { email, password } })
  return { client, response }
}

async function administrator() {
  const admin = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
  return admin
}

describe('what cannot be recorded does not happen', () => {
  const breakTable = () => stack.sql('ALTER TABLE audit_event ADD CONSTRAINT broken CHECK (false) NOT VALID')
  afterEach(() => stack.sql('ALTER TABLE audit_event DROP CONSTRAINT IF EXISTS broken'))

  test('a sign-in lets nobody in', async () => {
    const signedUp = await signUp(stack)
    await breakTable()
    const { client, response } = await signIn(signedUp)

    expect(response.status).toBe(500)
    expect([...client.jar.keys()]).toEqual([])
    expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [signedUp.userId])).toHaveLength(1)
  })

  test('a sign-up makes nobody', async () => {
    await breakTable()
    const email = `${crypto.randomUUID()}@example.com`
    const body = { email, password: PASSWORD, name: 'Ada' }
    const response = await createClient(stack).post('/api/auth/sign-up/email', { body })

    expect(response.status).toBeGreaterThanOrEqual(422)
    expect(await stack.sql('SELECT FROM "user" WHERE email = $1', [email])).toEqual([])
  })

  test('a wrong password is not said to be wrong', async () => {
    const signedUp = await signUp(stack)
    await breakTable()

    expect((await signIn(signedUp, 'not the password')).response.status).toBe(500)
  })

  test.each(['sign-out', 'revoke-sessions', 'devices/revoke-others', 'change-password'])(
    '%s is not acknowledged, and has done nothing',
    async (path) => {
      const signedUp = await signUp(stack)
      const elsewhere = await signIn(signedUp)
      await breakTable()
      const body = path === 'change-password' ? { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` } : {}
      const response = await signedUp.client.post(`/api/auth/${path}`, { body })

      expect(response.status).toBeGreaterThanOrEqual(500)
      expect((await elsewhere.client.check()).status).toBe(200)
      expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [signedUp.userId])).toHaveLength(2)
    },
  )

  test.each(['ban-user', 'set-role', 'remove-user'])('admin/%s', async (path) => {
    const [admin, signedUp] = [await administrator(), await signUp(stack)]
    await breakTable()
    const body = { userId: signedUp.userId, role: 'admin' }
    const response = await admin.client.post(`/api/auth/admin/${path}`, { body })

    expect(response.status).toBeGreaterThanOrEqual(500)
    expect(await stack.sql('SELECT banned, role FROM "user" WHERE id = $1', [signedUp.userId])).toEqual([
      { banned: false, role: 'user' },
    ])
  })

  test('an outage of the database is "don’t know", for a sign-in with any password', async () => {
    const signedUp = await signUp(stack)
    await stack.sql('ALTER TABLE audit_event RENAME TO audit_event_away')
    const [right, wrong] = [await signIn(signedUp), await signIn(signedUp, 'not the password')]
    await stack.sql('ALTER TABLE audit_event_away RENAME TO audit_event')

    expect([right.response.status, wrong.response.status]).toEqual([503, 503])
    expect([...right.client.jar.keys()]).toEqual([])
  })
})
