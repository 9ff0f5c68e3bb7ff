import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'
import * as recorded from '../../test/recorded.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
})
afterAll(() => stack.stop())

type SignedUp = Awaited<ReturnType<typeof signUp>>
const eventsOf = (userId: string) => recorded.eventsOf(stack, userId)
const told = (userId: string) => recorded.recordedOf(stack, userId)
const signIn = (user: Pick<SignedUp, 'email'>, password?: string) => recorded.signIn(stack, user, password)

async function administrator() {
  const admin = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
  return admin
}

const post = async ({ client }: Pick<SignedUp, 'client'>, path: string, body: unknown = {}) => {
  const response = await client.post(`/api/auth/${path}`, { body })
  expect(response.status, await response.clone().text()).toBe(200)
  return response
}

describe('an administrator', () => {
  test.each<[path: string, body: object, types: string[]]>([
    ['admin/ban-user', { banReason: 'secret reason' }, ['banned', 'session-revoked']],
    ['admin/set-role', { role: 'admin' }, ['role-changed']],
    ['admin/revoke-user-sessions', {}, ['session-revoked']],
    ['admin/set-user-password', { newPassword: `${PASSWORD}!` }, ['password-changed', 'session-revoked']],
    ['admin/update-user', { data: { name: 'New Name', role: 'admin' } }, ['role-changed']],
    ['admin/remove-user', {}, ['user-deleted']],
  ])('%s', async (path, body, types) => {
    const [admin, signedUp] = [await administrator(), await signUp(stack)]
    await post(admin, path, { userId: signedUp.userId, ...body })

    const events = await told(signedUp.userId)
    expect(events.toSorted()).toEqual(types.map((type) => [type, admin.userId]))
    expect(JSON.stringify(await eventsOf(signedUp.userId))).not.toMatch(/secret reason|battery!/)
  })

  test('unbans, and says who was what before', async () => {
    const [admin, signedUp] = [await administrator(), await signUp(stack)]
    await post(admin, 'admin/ban-user', { userId: signedUp.userId, banExpiresIn: 3600 })
    await post(admin, 'admin/unban-user', { userId: signedUp.userId })
    await post(admin, 'admin/set-role', { userId: signedUp.userId, role: 'admin' })

    const events = await eventsOf(signedUp.userId)
    expect(events.find(({ type }) => type === 'banned')?.details).toEqual({ until: expect.stringMatching(/Z$/) })
    expect(events.map(({ type }) => type)).toContain('unbanned')
    expect(events.at(-1)?.details).toEqual({ from: 'user', to: 'admin' })
  })

  test("changes a user whom SQL has banned until 'infinity'", async () => {
    const [admin, signedUp] = [await administrator(), await signUp(stack)]
    await stack.sql(`UPDATE "user" SET banned = true, "banExpires" = 'infinity' WHERE id = $1`, [signedUp.userId])
    await post(admin, 'admin/set-role', { userId: signedUp.userId, role: 'admin' })
    await post(admin, 'admin/unban-user', { userId: signedUp.userId })

    expect((await told(signedUp.userId)).map(([type]) => type)).toEqual(['role-changed', 'unbanned'])
  })

  test('creates a user', async () => {
    const admin = await administrator()
    const email = `${crypto.randomUUID()}@example.com`
    const response = await post(admin, 'admin/create-user', { email, password: PASSWORD, name: 'Ada' })
    const { user } = (await response.json()) as { user: { id: string } }

    expect(await eventsOf(user.id)).toEqual([expect.objectContaining({ type: 'user-created', actorId: admin.userId })])
  })

  test('signs in as a user, and what they do there is theirs', async () => {
    const [admin, signedUp] = [await administrator(), await signUp(stack)]
    const elsewhere = await signIn(signedUp)
    await post(admin, 'admin/impersonate-user', { userId: signedUp.userId })
    const { token } = (await elsewhere.response.json()) as { token: string }
    await post(admin, 'revoke-session', { token })
    await post(admin, 'admin/stop-impersonating')

    expect(await told(signedUp.userId)).toEqual([
      ['signed-in'],
      ['impersonation-started', admin.userId],
      ['session-revoked', admin.userId],
      ['impersonation-stopped', admin.userId],
    ])
    const { events } = (await (await signedUp.client.get('/api/auth/activity')).json()) as { events: object[] }
    expect(events[0]).toMatchObject({ byAdministrator: true, ipAddress: null, browser: null })
  })

  test('leaves what they did when the user is gone', async () => {
    const [admin, signedUp] = [await administrator(), await signUp(stack)]
    await post(admin, 'admin/remove-user', { userId: signedUp.userId })

    const response = await admin.client.get(`/api/auth/admin/activity?userId=${signedUp.userId}`)
    const { events } = (await response.json()) as { events: { type: string }[] }
    expect(events.map(({ type }) => type)).toEqual(['user-deleted', 'signed-up'])
  })
})
