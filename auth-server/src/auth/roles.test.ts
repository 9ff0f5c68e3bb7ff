import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

type SignedUp = Awaited<ReturnType<typeof signUp>>

let stack: Awaited<ReturnType<typeof startTestStack>>
let admin: SignedUp
beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' })
  admin = await signUp(stack)
  await stack.sql(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [admin.userId])
})
afterAll(() => stack.stop())

const address = () => `user-${randomUUID()}@example.com`

/** Every endpoint that writes a role. */
const WRITES_ROLE: Record<string, (userId: string, role: unknown) => Promise<Response>> = {
  'admin/set-role': (userId, role) => admin.client.post('/api/auth/admin/set-role', { body: { userId, role } }),
  'admin/update-user': (userId, role) =>
    admin.client.post('/api/auth/admin/update-user', { body: { userId, data: { role } } }),
  'admin/create-user': (_userId, role) =>
    admin.client.post('/api/auth/admin/create-user', {
      body: { email: address(), password: PASSWORD, name: 'R', role },
    }),
  'admin/create-user, in its data': (_userId, role) =>
    admin.client.post('/api/auth/admin/create-user', {
      body: { email: address(), password: PASSWORD, name: 'R', data: { role } },
    }),
}
const NO_ROLES = [
  ...[
    'owner',
    'Admin',
    'ADMIN',
    ' admin',
    'admin ',
    'admin, user',
    'admin,',
    ',',
    '',
    ' ',
    'user,owner',
    'toString',
    'valueOf',
    'admin\u200b',
  ],
  ...[[], [''], ['owner'], ['admin', 'owner'], ['admin,owner'], ['constructor'], 1, true, {}, [1], [null]],
]

test.each(Object.entries(WRITES_ROLE))(
  '%s takes known roles only',
  async (_path, write) => {
    const { userId } = await signUp(stack)
    for (const role of NO_ROLES) {
      const response = await write(userId, role)
      expect([JSON.stringify(role), response.status]).toEqual([JSON.stringify(role), 400])
    }
    const roles = await stack.sql<{ role: string }>('SELECT DISTINCT role FROM "user"')
    expect(roles.map(({ role }) => role).toSorted()).toEqual(['admin', 'user'])
  },
  30_000,
)

test.each(Object.entries(WRITES_ROLE))('%s accepts one known role, or several in either form', async (_path, write) => {
  for (const role of ['user', 'admin', ['user'], ['admin', 'user'], 'user,admin']) {
    const { userId } = await signUp(stack)
    expect([role, (await write(userId, role)).status]).toEqual([role, 200])
  }
  await stack.sql(`UPDATE "user" SET role = 'user' WHERE id <> $1`, [admin.userId])
})
