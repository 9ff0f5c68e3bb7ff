import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
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
const signUpWith = (body: object) =>
  createClient(stack).post('/api/auth/sign-up/email', { body: { password: PASSWORD, ...body } })

/** Every endpoint that writes a name. */
const WRITES_NAME: Record<string, (signedUp: SignedUp, name: string) => Promise<Response>> = {
  'sign-up': (_person, name) => signUpWith({ email: address(), name }),
  'update-user': ({ client }, name) => client.post('/api/auth/update-user', { body: { name } }),
  'admin/create-user': (_person, name) =>
    admin.client.post('/api/auth/admin/create-user', { body: { email: address(), password: PASSWORD, name } }),
  'admin/update-user': ({ userId }, name) =>
    admin.client.post('/api/auth/admin/update-user', { body: { userId, data: { name } } }),
}

const INVISIBLE = [
  ...[
    '\u200b',
    '\u00ad',
    '\u2060',
    '\ufeff',
    '\u180e',
    '\u3164',
    '\u115f\u1160',
    '\uffa0',
    '\u2800',
    '\u0301',
    '\u034f',
  ],
  ...[
    '\ufe0f',
    '\u{e0100}',
    '\u{e0041}\u{e007f}',
    '\u202e',
    '\u2066\u2069',
    '\u061c',
    '\u200d',
    '\u2063',
    '\u3000\u200b',
    '\u00a0\u200c',
  ],
  ...['\ue000', '\u{f0000}', '\u{1d159}', '\u{13441}', '\ufffc', '\u17b4', '\u{e0000}', '\u0378', '\u20dd', '\ufff9'],
]
const UNREADABLE = ['a\nb', 'a\u0000b', 'a\u007f', 'a\u0085b', 'a\u2028b', 'a\u2029b', 'n'.repeat(256)]
const VISIBLE = [
  ...[
    'Ada',
    'X',
    '张',
    'محمد',
    'שרה',
    'Đặng Thị',
    'नेहा',
    'ვანო',
    '김철수',
    'Ωmega',
    'ᏣᎳᎩ',
    '👩‍👩‍👧‍👦',
    '🏳️‍🌈',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '❤️',
    '!',
    '…',
    '42',
    '٣',
  ],
  ...['n'.repeat(255), '😀'.repeat(255), 'a\u200bb', 'می\u200cخواهم', "O'Brien-Smith, Jr.", 'e\u0301', ' Ada '],
]

test.each(Object.entries(WRITES_NAME))(
  '%s refuses a name that nobody can see or read',
  async (_path, write) => {
    const signedUp = await signUp(stack)
    for (const name of [...INVISIBLE, ...UNREADABLE]) {
      const response = await write(signedUp, name)
      expect([JSON.stringify(name), response.status]).toEqual([JSON.stringify(name), 400])
    }
    expect(await stack.sql('SELECT name FROM "user" WHERE id = $1', [signedUp.userId])).toEqual([
      { name: 'Test Person' },
    ])
  },
  60_000,
)

test.each(Object.entries(WRITES_NAME))(
  '%s takes names in every script, as they were sent',
  async (_path, write) => {
    const signedUp = await signUp(stack)
    for (const name of VISIBLE) {
      const response = await write(signedUp, name)
      expect([name, response.status]).toEqual([name, 200])
      expect((await stack.sql('SELECT FROM "user" WHERE name = $1', [name])).length).toBeGreaterThan(0)
      await stack.sql('UPDATE "user" SET name = $1 WHERE name = $2', ['Seen', name])
    }
  },
  60_000,
)

test.each([undefined, '', ' ', '\t\u00a0'])('a sign-up with the name %j is named by its address', async (name) => {
  const email = `local.part+${randomUUID()}@example.com`
  const response = await signUpWith({ email, ...(name !== undefined && { name }) })
  const { user } = (await response.json()) as { user?: { name: string } }
  expect([response.status, user?.name]).toEqual([200, email.replace('@example.com', '')])
})

test.each([[1], [true], [null], [{}]])('a sign-up with %j for a name is refused', async (name) => {
  expect((await signUpWith({ email: address(), name })).status).toBe(400)
})

const ban = (userId: string, banExpiresIn: number) =>
  admin.client.post('/api/auth/admin/ban-user', { body: { userId, banExpiresIn } })
const createWith = (data: object) =>
  admin.client.post('/api/auth/admin/create-user', { body: { email: address(), password: PASSWORD, name: 'N', data } })

test.each([
  ['so late that no date can say when', (userId: string) => ban(userId, 8.64e12)],
  ['at no number that a date can have', (userId: string) => ban(userId, -1e308)],
  ['at a text that is no time', () => createWith({ banned: true, banExpires: 'tomorrow' })],
  ['at a number', () => createWith({ banned: true, banExpires: 7 })],
])('a ban that would end %s is refused', async (_when, write) => {
  const { client, userId } = await signUp(stack)
  const response = await write(userId)
  const error = { code: 'VALIDATION_ERROR', message: 'The end of a ban must be a time.' }
  expect([response.status, await response.json()]).toMatchObject([400, error])
  expect((await client.check()).status).toBe(200)
})

test('a ban may last for thousands of years', async () => {
  const { client, userId } = await signUp(stack)
  expect((await ban(userId, 1e11)).status).toBe(200)
  expect((await client.check()).status).toBe(401)
})
