import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD } from '../../../test/client.ts'
import { type MailedStack, startMailedStack } from '../../../test/mailed.ts'

let stack: MailedStack

beforeAll(async () => {
  stack = await startMailedStack({ REQUIRE_EMAIL_VERIFICATION: 'true' })
})
afterAll(() => stack.stop())

const newAddress = () => `${randomUUID()}@example.com`
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code

function signUp(email: string, more: Record<string, unknown> = {}) {
  return stack.somebody().post('/sign-up/email', { email, password: PASSWORD, name: 'Ada', ...more })
}

function confirm(token: string, password?: string) {
  return stack.somebody().post('/verify-email/confirm', { token, ...(password !== undefined && { password }) })
}

async function verifiedUser(): Promise<string> {
  const email = newAddress()
  await signUp(email)
  expect((await confirm((await stack.link(email)).token, PASSWORD)).status).toBe(200)
  return email
}

test('an account is of no use before its address is confirmed', async () => {
  const email = newAddress()
  const response = await signUp(email)
  expect([response.status, response.headers.getSetCookie(), response.headers.get('set-auth-token')]).toEqual([
    200,
    [],
    null,
  ])
  const refused = await stack.signIn(email)
  expect([refused.status, await codeOf(refused)]).toEqual([403, 'EMAIL_NOT_VERIFIED'])
  expect(await codeOf(await stack.signIn(email, 'a wrong password'))).toBe('INVALID_EMAIL_OR_PASSWORD')
})

test('the link and the password confirm the address and sign in', async () => {
  const email = newAddress()
  await signUp(email)
  const { token, page } = await stack.link(email)
  expect(page).toBe('/verify-email')
  const response = await confirm(token, PASSWORD)
  expect(response.status).toBe(200)
  const authorization = `Bearer ${response.headers.get('set-auth-token')}`
  const session = await fetch(`${stack.url}/api/auth/session`, { headers: { authorization } })
  expect(await session.json()).toMatchObject({ user: { email, emailVerified: true } })
})

test('of fifty requests with one link, one confirms', async () => {
  const email = newAddress()
  await signUp(email)
  const { token } = await stack.link(email)
  const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await confirm(token, PASSWORD)).status))
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  expect((await stack.signIn(email)).status).toBe(200)
}, 60_000)

describe('who signed up with the address of somebody else', () => {
  const STOLEN = "the attacker's password"

  async function preRegistered() {
    const email = newAddress()
    await signUp(email, { password: STOLEN })
    return { email, token: (await stack.link(email)).token }
  }

  test('gets nothing by a click of its owner: the link asks for the password', async () => {
    const { email, token } = await preRegistered()
    for (const password of [undefined, '', 'what the owner guesses']) {
      const response = await confirm(token, password)
      expect([response.status, await codeOf(response)]).toEqual([401, 'INVALID_EMAIL_OR_PASSWORD'])
    }
    expect(await codeOf(await stack.signIn(email, STOLEN))).toBe('EMAIL_NOT_VERIFIED')
  })

  test('is locked out when the owner chooses a password', async () => {
    const { email, token } = await preRegistered()
    await stack.somebody().post('/request-password-reset', { email })
    const reset = await stack.link(email, 2)
    const mine = { token: reset.token, newPassword: "the owner's password" }
    expect((await stack.somebody().post('/reset-password', mine)).status).toBe(200)

    expect((await stack.signIn(email, "the owner's password")).status).toBe(200)
    expect((await stack.signIn(email, STOLEN)).status).toBe(401)
    expect((await confirm(token, STOLEN)).status).toBe(400)
  })
})

describe('a sign-up with an address that is taken', () => {
  test('gets the same response as one that is not', async () => {
    const taken = await verifiedUser()
    const [one, other] = [await signUp(taken), await signUp(newAddress())]
    expect(one.status).toBe(other.status)
    const [known, free] = [(await one.json()) as Body, (await other.json()) as Body]
    expect(shapeOf(known)).toEqual(shapeOf(free))
    expect(known.user).toMatchObject({ name: 'Ada', email: taken, emailVerified: false })
  })

  type Body = { user: Record<string, unknown> }
  const shapeOf = ({ user, ...rest }: Body) => ({
    ...rest,
    user: Object.entries(user).map(([name, value]) => [name, typeof value]), // in their order
  })

  test('tells its owner, and changes nothing', async () => {
    const taken = await verifiedUser()
    await signUp(taken, { password: 'another password' })
    expect((await stack.mail.next(taken, 2)).subject).toBe('You already have an account')
    expect((await stack.signIn(taken)).status).toBe(200)
  })

  test('sends the link again where it was never confirmed', async () => {
    const email = newAddress()
    await signUp(email)
    const first = await stack.link(email)
    await signUp(email)
    const second = await stack.link(email, 2)
    expect((await confirm(first.token, PASSWORD)).status).toBe(400)
    expect((await confirm(second.token, PASSWORD)).status).toBe(200)
  })

  test.each([
    ['a name without a visible character', { name: '\u200b' }],
    ['a name that is too long', { name: 'n'.repeat(256) }],
    ['an image that is no address', { image: 'javascript:alert(1)' }],
    ['a password that is too short', { password: 'short' }],
    ['a role', { role: 'admin' }],
  ])('is refused, or not, in the same way: %s', async (_what, more) => {
    const taken = await verifiedUser()
    const [one, other] = [await signUp(taken, more), await signUp(newAddress(), more)]
    expect([one.status, await codeOf(one)]).toEqual([other.status, await codeOf(other)])
  })

  test('eight racing sign-ups for one address all get that response, and one account is made', async () => {
    const email = newAddress()
    const race = async (): Promise<Response> => {
      const response = await signUp(email)
      // On a slow machine the eighth waits for its turn to hash longer than the queue lets it.
      return response.status === 503 && (await codeOf(response)) === 'TOO_BUSY' ? race() : response
    }
    const responses = await Promise.all(Array.from({ length: 8 }, race))
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200))
    const rows = await stack.sql('SELECT FROM "user" WHERE email = $1', [email])
    expect(rows).toHaveLength(1)
  }, 60_000)

  test('leaves no sooner than the step that hides how long it took', async () => {
    const taken = await verifiedUser()
    const timeOf = async (email: string) => {
      const begin = performance.now()
      await signUp(email)
      return performance.now() - begin
    }
    for (let round = 0; round < 3; round += 1) {
      expect(await timeOf(taken)).toBeGreaterThan(240)
      expect(await timeOf(newAddress())).toBeGreaterThan(240)
    }
  })
})

describe('asking for the link again', () => {
  const ask = (email: string) => stack.somebody().post('/send-verification-email', { email })

  test('has one response for everybody', async () => {
    const [known, waiting, unknown] = [await verifiedUser(), newAddress(), newAddress()]
    await signUp(waiting)
    const responses = [await ask(known), await ask(waiting), await ask(unknown)]
    const bodies = await Promise.all(responses.map(async (response) => [response.status, await response.json()]))
    expect(bodies).toEqual([bodies[0], bodies[0], bodies[0]])
  })

  test('sends one, and only to who needs it', async () => {
    const known = await verifiedUser()
    const email = newAddress()
    await signUp(email)
    await stack.link(email)
    await ask(known)
    await ask(email)
    const { token } = await stack.link(email, 2)
    expect(stack.mail.to(known)).toHaveLength(1)
    expect((await confirm(token, PASSWORD)).status).toBe(200)
  })
})

test.each(['', 'x', 'reset-password:x', 'a'.repeat(512)])('the token %j confirms nothing', async (token) => {
  const response = await confirm(token, PASSWORD)
  expect([response.status, await codeOf(response)]).toEqual([400, 'INVALID_TOKEN'])
})

test('a link for one purpose is of no use for another', async () => {
  const email = newAddress()
  await signUp(email)
  const { token } = await stack.link(email)
  const somebody = stack.somebody()
  expect((await somebody.post('/reset-password', { token, newPassword: 'another password' })).status).toBe(400)
  expect((await somebody.post('/change-email/confirm', { token })).status).toBe(400)
  expect((await somebody.get(`/verify-email?token=${token}`)).status).toBe(401)
  expect((await confirm(token, PASSWORD)).status).toBe(200)
})
