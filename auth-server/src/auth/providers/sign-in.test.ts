import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signUpWithApp } from '../../../test/authenticator.ts'
import { PASSWORD, signUp } from '../../../test/client.ts'
import { beginAt, comeBack, leadsTo, signInAt } from '../../../test/provider.ts'
import { isSignedIn, somebody, startProviderStack, userOf } from '../../../test/provider-stack.ts'

type Started = Awaited<ReturnType<typeof startProviderStack>>
let { stack, provider, other, newClient, users, stop } = {} as Started

beforeAll(async () => {
  ;({ stack, provider, other, newClient, users, stop } = await startProviderStack())
})
afterAll(() => stop())

const verify = (email: string) => stack.sql('UPDATE "user" SET "emailVerified" = true WHERE email = $1', [email])

describe('a sign-in at a provider', () => {
  test('makes a user with what the provider says, and signs them in', async () => {
    const [client, user] = [newClient(), somebody()]
    expect(await signInAt(client, provider, { ...user, picture: 'https://example.com/a.png' })).toBe('/welcome')
    expect(await userOf(client)).toMatchObject({
      ...{ email: user.email, emailVerified: true, name: 'Ada Example', image: 'https://example.com/a.png' },
    })
    expect((await client.check()).status).toBe(200)
  })

  test('asks for what it needs, with PKCE, state and nonce', async () => {
    const { origin, pathname, searchParams } = await beginAt(newClient(), { provider: provider.id })
    expect(origin + pathname).toBe(`${provider.issuer}/authorize`)
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client',
      redirect_uri: `http://localhost:3000/api/auth/callback/${provider.id}`,
      scope: 'openid email profile',
      state: expect.stringMatching(/^.{32}$/),
      nonce: expect.stringMatching(/^.{32}$/),
      code_challenge: expect.stringMatching(/^.{43}$/),
      code_challenge_method: 'S256',
    })
  })

  test('shows its secret in the way that RFC 6749 says', async () => {
    await signInAt(newClient(), provider, somebody())
    const shown = provider.requests.findLast(({ place }) => place === 'token')?.authorization?.replace('Basic ', '')
    expect(Buffer.from(shown ?? '', 'base64').toString()).toBe('client:a+secret%3A+with%2Fodd+characters')
  })

  test('finds the same user again by the subject, whatever address the provider now says', async () => {
    const user = somebody()
    const taken = await signUp(stack)
    await signInAt(newClient(), provider, user)
    const client = newClient()
    expect(await signInAt(client, provider, { ...user, email: taken.email })).toBe('/welcome')
    expect(await userOf(client)).toMatchObject({ email: user.email })
  })

  test('takes an address in any case for the same', async () => {
    const user = somebody()
    await signInAt(newClient(), provider, { ...user, email: user.email.toUpperCase() })
    expect(await users(user.email)).toHaveLength(1)
  })

  test('asks for the profile where the ID token does not say the address', async () => {
    const [client, user] = [newClient(), somebody()]
    const authorize = await beginAt(client, { provider: provider.id })
    const code = provider.grant(authorize, { sub: user.sub }, user)
    expect(leadsTo(await comeBack(client, authorize, { code }))).toBe('/welcome')
    expect(await userOf(client)).toMatchObject({ email: user.email, name: 'Ada Example' })
  })

  test.each([
    ['a name that is not visible', { name: '\u200b' }],
    ['no name', { name: undefined }],
    ['a name that is no text', { name: { first: 'Ada' } }],
  ])('names a user with %s as the address does', async (_what, told) => {
    const [client, user] = [newClient(), somebody()]
    expect(await signInAt(client, provider, { ...user, ...told })).toBe('/welcome')
    expect(await userOf(client)).toMatchObject({ name: user.sub })
  })

  test('keeps no more of a name or a picture than a user may have', async () => {
    const [client, user] = [newClient(), somebody()]
    const told = { name: `Ada\n${'x'.repeat(5000)}`, picture: 'javascript:alert(1)' }
    expect(await signInAt(client, provider, { ...user, ...told })).toBe('/welcome')
    expect(await userOf(client)).toMatchObject({ name: `Ada ${'x'.repeat(251)}`, image: null })
  })

  test('keeps none of the provider’s tokens', async () => {
    const user = somebody()
    for (const _time of [1, 2]) await signInAt(newClient(), provider, user)
    const [account] = await stack.sql('SELECT * FROM account WHERE "accountId" = $1', [user.sub])
    expect(account).toMatchObject({ accessToken: null, refreshToken: null, idToken: null, providerId: provider.id })
  })

  test('that the provider posts back is led on, and signs in', async () => {
    const [client, user] = [newClient(), somebody()]
    const authorize = await beginAt(client, { provider: other.id })
    expect(authorize.searchParams.get('response_mode')).toBe('form_post')
    const code = other.grant(authorize, { ...user, name: undefined })
    const posted = await fetch(`${stack.url}/api/auth/callback/${other.id}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: other.issuer, 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({
        code,
        state: authorize.searchParams.get('state') ?? '',
        user: JSON.stringify({ name: { firstName: 'Ada', lastName: 'Example' } }),
        id_token: 'not asked for',
      }),
    })
    const location = posted.headers.get('location') ?? ''
    expect([posted.status, location.includes('id_token')]).toEqual([303, false])
    expect(leadsTo(await client.get(location))).toBe('/welcome')
    expect(await userOf(client)).toMatchObject({ name: 'Ada Example' })
  })
})

test('a user with a second factor is asked for it, and has no session before', async () => {
  const { email, userId } = await signUpWithApp(stack)
  await verify(email)
  const sessions = await stack.sql('SELECT FROM session WHERE "userId" = $1', [userId])
  const client = newClient()
  const authorize = await beginAt(client, { provider: provider.id })
  const response = await comeBack(client, authorize, { code: provider.grant(authorize, { ...somebody(), email }) })
  expect(response.headers.get('location')).toBe('http://localhost:3000/sign-in?second-factor&next=%2Fwelcome')
  expect([await isSignedIn(client), (await client.check()).status]).toEqual([false, 401])
  expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [userId])).toHaveLength(sessions.length)
})

describe('an address that somebody has', () => {
  test('unverified is not linked: whoever signed up with it would keep a password for the account', async () => {
    const { email } = await signUp(stack)
    const client = newClient()
    const ended = await signInAt(client, provider, { ...somebody(), email })
    expect([ended, await isSignedIn(client)]).toEqual(['/sign-in?error=account_not_linked', false])
  })

  test('verified at both sides is linked, and the password stays', async () => {
    const { email, userId } = await signUp(stack)
    await verify(email)
    const client = newClient()
    expect(await signInAt(client, provider, { ...somebody(), email: email.toUpperCase() })).toBe('/welcome')
    expect(await userOf(client)).toMatchObject({ id: userId })
    const body = { email, password: PASSWORD }
    expect((await newClient().post('/api/auth/sign-in/email', { body })).status).toBe(200)
  })

  test('verified here and not there is not linked', async () => {
    const { email, userId } = await signUp(stack)
    await verify(email)
    const ended = await signInAt(newClient(), provider, { ...somebody(), email, email_verified: false })
    expect(ended).toBe('/sign-in?error=account_not_linked')
    expect(await stack.sql('SELECT FROM account WHERE "userId" = $1', [userId])).toHaveLength(1)
  })
})
