import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack } from '../../test/harness.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>

beforeAll(async () => {
  stack = await startTestStack({ RATE_LIMIT_DEFAULT: '100000/10' })
})
afterAll(() => stack.stop())

const error = (code: unknown) => ({ code, message: expect.any(String) })

test('sign-ups of one address, ten at once, make one account and nine clean refusals', async () => {
  const body = { email: 'racing@example.com', name: 'Racer', password: PASSWORD }
  const race = async (): Promise<Response> => {
    const response = await createClient(stack).post('/api/auth/sign-up/email', { body })
    // On a slow machine the tenth waits for its turn to hash longer than the queue lets it.
    return (await response.clone().text()).includes('"TOO_BUSY"') ? race() : response
  }
  const responses = await Promise.all(Array.from({ length: 10 }, race))

  const refused = responses.filter(({ status }) => status !== 200)
  expect(refused).toHaveLength(9)
  for (const response of refused) {
    expect([response.status, await response.json()]).toEqual([422, error('USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL')])
  }
})

test('an address in capitals is the same account', async () => {
  const { email } = await signUp(stack)
  const body = { email: email.toUpperCase(), name: 'Twin', password: PASSWORD }
  expect((await createClient(stack).post('/api/auth/sign-up/email', { body })).status).toBe(422)
})

const GOOD = { name: 'Somebody', password: PASSWORD }
test.each([
  ['a full-width @', { ...GOOD, email: 'a\uff20example.com' }],
  ['a homoglyph', { ...GOOD, email: 'a@\uff45xample.com' }],
  ['a zero-width space', { ...GOOD, email: 'a\u200b@example.com' }],
  ['a direction override', { ...GOOD, email: '\u202ea@example.com' }],
  ['a quoted local part', { ...GOOD, email: '"a b"@example.com' }],
  ['a header injection', { ...GOOD, email: 'a@example.com\r\nBcc: b@example.com' }],
  ['a dot at the end', { ...GOOD, email: 'a@example.com.' }],
  ['255 characters', { ...GOOD, email: `a@${'b.'.repeat(125)}com` }],
  ['a name of 256 characters', { ...GOOD, email: 'n1@example.com', name: 'n'.repeat(256) }],
  ['a name of 256 emoji', { ...GOOD, email: 'n2@example.com', name: '😀'.repeat(256) }],
  ['a name with a line break', { ...GOOD, email: 'n3@example.com', name: 'a\nb' }],
  ['a script for an image', { ...GOOD, email: 'i1@example.com', image: 'javascript:alert(1)' }],
  ['a data URL for an image', { ...GOOD, email: 'i2@example.com', image: 'data:image/png;base64,AA' }],
])('a sign-up with %s is refused', async (_what, body) => {
  const response = await createClient(stack).post('/api/auth/sign-up/email', { body })
  expect([response.status, await response.json()]).toEqual([400, error(expect.any(String))])
  expect(await stack.sql('SELECT FROM "user" WHERE email = $1', [body.email])).toHaveLength(0)
})

test.each(['role', 'banned', 'emailVerified', 'id', 'createdAt', 'banReason', 'userId'])(
  'a sign-up cannot set %s',
  async (field) => {
    const email = `mass-${field.toLowerCase()}@example.com`
    const value = { role: 'admin', banned: true, emailVerified: true }[field] ?? 'chosen'
    await createClient(stack).post('/api/auth/sign-up/email', { body: { ...GOOD, email, [field]: value } })
    const rows = await stack.sql<Record<string, unknown>>('SELECT * FROM "user" WHERE email = $1', [email])
    for (const row of rows) expect(row[field]).not.toEqual(value)
  },
)
