import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'
import * as recorded from '../../test/recorded.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack(UNLIMITED)
})
afterAll(() => stack.stop())

type SignedUp = Awaited<ReturnType<typeof signUp>>
const eventsOf = (userId: string) => recorded.eventsOf(stack, userId)
const told = (userId: string) => recorded.recordedOf(stack, userId)
const signIn = (user: Pick<SignedUp, 'email'>, password?: string) => recorded.signIn(stack, user, password)

const post = async ({ client }: Pick<SignedUp, 'client'>, path: string, body: unknown = {}) => {
  const response = await client.post(`/api/auth/${path}`, { body })
  expect(response.status, await response.clone().text()).toBe(200)
  return response
}

describe('a user', () => {
  test('signs up: with the address, the device and the id of the request', async () => {
    const headers = { 'user-agent': 'x'.repeat(2000), 'x-request-id': 'request-of-ada' }
    const email = `${crypto.randomUUID()}@example.com`
    const body = { email, password: PASSWORD, name: 'Ada' }
    const response = await createClient(stack).post('/api/auth/sign-up/email', { body, headers })
    const { user } = (await response.json()) as { user: { id: string } }

    expect(await eventsOf(user.id)).toEqual([
      expect.objectContaining({
        ...{ type: 'signed-up', userId: user.id, actorId: null, ipAddress: '127.0.0.1' },
        ...{ userAgent: 'x'.repeat(512), requestId: 'request-of-ada' },
      }),
    ])
  })

  test('signs in and out', async () => {
    const signedUp = await signUp(stack)
    const { client } = await signIn(signedUp)
    await post({ client }, 'sign-out')
    await client.post('/api/auth/sign-out')

    const [, signedIn, signedOut, ...more] = await eventsOf(signedUp.userId)
    expect([signedIn?.type, signedIn?.details, signedOut?.type, more]).toEqual([
      ...['signed-in', { method: 'password' }, 'signed-out', []],
    ])
    expect(signedOut?.sessionId).toBe(signedIn?.sessionId)
  })

  test('fails to sign in', async () => {
    const signedUp = await signUp(stack)
    expect((await signIn(signedUp, 'not the password')).response.status).toBe(401)

    const [, failed] = await eventsOf(signedUp.userId)
    expect(failed).toMatchObject({ type: 'sign-in-failed', details: { code: 'INVALID_EMAIL_OR_PASSWORD' } })
    expect(JSON.stringify(failed)).not.toContain('not the password')
  })

  test('is refused while banned', async () => {
    const signedUp = await signUp(stack)
    await stack.sql('UPDATE "user" SET banned = true WHERE id = $1', [signedUp.userId])
    expect((await signIn(signedUp)).response.status).toBe(403)

    const [, failed] = await eventsOf(signedUp.userId)
    expect(failed).toMatchObject({ type: 'sign-in-failed', details: { code: 'BANNED_USER' } })
  })

  test('changes the password, which ends the other sessions', async () => {
    const signedUp = await signUp(stack)
    await signIn(signedUp)
    await signIn(signedUp)
    await post(signedUp, 'change-password', { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` })

    const events = await eventsOf(signedUp.userId)
    const types = events.slice(3).map(({ type }) => type)
    expect(types.toSorted()).toEqual(['password-changed', 'session-revoked'])
    expect(events.find(({ type }) => type === 'session-revoked')?.details).toEqual({ count: 2 })
    expect(JSON.stringify(events)).not.toContain(PASSWORD)
  })

  test('changes the only session’s password, which ends nothing', async () => {
    const signedUp = await signUp(stack)
    await post(signedUp, 'change-password', { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` })

    expect(await told(signedUp.userId)).toEqual([['password-changed']])
  })

  test('resets the password', async () => {
    const signedUp = await signUp(stack)
    const token = await addResetToken(signedUp.userId)
    await post({ client: createClient(stack) }, 'reset-password', { newPassword: `${PASSWORD}!`, token })

    const types = (await told(signedUp.userId)).flat()
    expect(types.toSorted()).toEqual(['password-reset', 'session-revoked'])
  })

  test.each(['revoke-sessions', 'revoke-other-sessions'])('ends several sessions at once: %s', async (path) => {
    const signedUp = await signUp(stack)
    for (let sessions = 0; sessions < 3; sessions += 1) await signIn(signedUp)
    await post(signedUp, path)

    const events = (await eventsOf(signedUp.userId)).filter(({ type }) => type === 'session-revoked')
    expect(events.map(({ details }) => details)).toEqual([{ count: path === 'revoke-sessions' ? 4 : 3 }])
  })

  test('ends one session, by its token and by its id', async () => {
    const signedUp = await signUp(stack)
    const [one, other] = [await signIn(signedUp), await signIn(signedUp)]
    const { session } = (await (await other.client.get('/api/auth/session')).json()) as { session: { id: string } }
    const { token } = (await one.response.json()) as { token: string }
    await post(signedUp, 'revoke-session', { token })
    const response = await signedUp.client.call('DELETE', `/api/auth/devices/${session.id}`)
    expect(response.status).toBe(200)

    const revoked = (await eventsOf(signedUp.userId)).filter(({ type }) => type === 'session-revoked')
    expect(revoked.map(({ details }) => details)).toEqual([
      { count: 1, userAgent: 'node' },
      { count: 1, userAgent: 'node' },
    ])
    expect(revoked[1]?.sessionId).toBe(session.id)
    await signIn(signedUp)
    await post(signedUp, 'devices/revoke-others')
    expect((await eventsOf(signedUp.userId)).at(-1)).toMatchObject({ type: 'session-revoked', details: { count: 1 } })
  })

  test('changes only the name, which is not recorded', async () => {
    const signedUp = await signUp(stack)
    await post(signedUp, 'update-user', { name: 'Another Name' })

    expect(await told(signedUp.userId)).toEqual([])
  })

  test('whose session has expired has done nothing', async () => {
    const signedUp = await signUp(stack)
    await stack.sql(`UPDATE session SET "expiresAt" = now() - interval '1 second' WHERE "userId" = $1`, [
      signedUp.userId,
    ])
    await signedUp.client.get('/api/auth/get-session')

    expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [signedUp.userId])).toEqual([])
    expect(await told(signedUp.userId)).toEqual([])
  })
})

test('a sign-in with an address that nobody has is recorded of nobody, and without the address', async () => {
  const email = `${crypto.randomUUID()}@example.com`
  const headers = { 'x-request-id': `unknown-${crypto.randomUUID()}` }
  await createClient(stack).post('/api/auth/sign-in/email', { body: { email, password: PASSWORD }, headers })

  const [event, ...more] = await stack.sql<Event>('SELECT * FROM audit_event WHERE "requestId" = $1', [
    headers['x-request-id'],
  ])
  expect(event).toMatchObject({ type: 'sign-in-failed', userId: null, details: { code: 'INVALID_EMAIL_OR_PASSWORD' } })
  expect(JSON.stringify([event, more])).not.toContain(email)
  expect(more).toEqual([])
})

test('of two requests that end the same session, one is recorded', async () => {
  const signedUp = await signUp(stack)
  const headers = { cookie: signedUp.client.cookieHeader() }
  await Promise.all(Array.from({ length: 50 }, () => createClient(stack).post('/api/auth/sign-out', { headers })))

  expect(await told(signedUp.userId)).toEqual([['signed-out']])
})

async function addResetToken(userId: string): Promise<string> {
  const token = crypto.randomUUID().replaceAll('-', '').slice(0, 24)
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`reset-password:${token}`))
  await stack.sql(
    `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
     VALUES (gen_random_uuid(), $1, $2, now() + interval '1 hour', now(), now())`,
    [Buffer.from(hash).toString('base64url'), userId],
  )
  return token
}
