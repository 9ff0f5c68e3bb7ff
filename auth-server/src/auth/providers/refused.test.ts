import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../../test/client.ts'
import { beginAt, comeBack, leadsTo, signInAt } from '../../../test/provider.ts'
import { isSignedIn, somebody, startProviderStack } from '../../../test/provider-stack.ts'

type Started = Awaited<ReturnType<typeof startProviderStack>>
let { stack, provider, other, newClient, users, makeHonest, stop } = {} as Started

beforeAll(async () => {
  ;({ stack, provider, other, newClient, users, makeHonest, stop } = await startProviderStack())
})
afterEach(() => makeHonest())
afterAll(() => stop())

describe('nobody is signed in, and no user is made, by', () => {
  async function refused(user: Record<string, unknown>) {
    const client = newClient()
    const before = await stack.sql('SELECT FROM "user"')
    const ended = await signInAt(client, provider, user)
    expect(await isSignedIn(client)).toBe(false)
    expect(await stack.sql('SELECT FROM "user"')).toHaveLength(before.length)
    return ended
  }

  test.each([
    ['an address that is not verified', { email_verified: false }, 'email_not_verified'],
    ['an address of which nothing is said', { email_verified: undefined }, 'email_not_verified'],
    ['no address', { email: undefined }, 'email_not_found'],
    ['an address that is none', { email: 'nobody' }, 'email_not_found'],
    ['no subject', { sub: undefined }, 'unable_to_get_user_info'],
    ['an empty subject', { sub: ' ' }, 'unable_to_get_user_info'],
    ['another issuer', { iss: 'https://elsewhere.example' }, 'unable_to_get_user_info'],
    ['another audience', { aud: 'another-client' }, 'unable_to_get_user_info'],
    ['two audiences without saying for whom', { aud: ['client', 'another'] }, 'unable_to_get_user_info'],
    ['an ID token that has expired', { exp: 1 }, 'unable_to_get_user_info'],
    ['an ID token without an end', { exp: undefined }, 'unable_to_get_user_info'],
    ['an ID token of yesterday', { iat: Math.floor(Date.now() / 1000) - 86_400 }, 'unable_to_get_user_info'],
    ['another nonce', { nonce: 'n'.repeat(32) }, 'unable_to_get_user_info'],
    ['no nonce', { nonce: undefined }, 'unable_to_get_user_info'],
  ])('%s', async (_what, claims, error) => {
    expect(await refused({ ...somebody(), ...claims })).toBe(`/sign-in?error=${error}`)
  })

  const unsigned = (claims: object, header: object, signature = '') =>
    `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.${signature}`

  test.each([
    ['alg none', async (claims: object) => unsigned(claims, { alg: 'none' })],
    ['alg nOnE', async (claims: object) => unsigned(claims, { alg: 'nOnE' })],
    ['HS256 with a made-up signature', async (claims: object) => unsigned(claims, { alg: 'HS256' }, 'c2ln')],
    ['a key of another provider', (claims: Record<string, unknown>) => other.sign(claims)],
    ['no JWT', async () => 'nothing'],
  ])('an ID token with %s', async (_what, idToken) => {
    provider.behaviour.idToken = idToken
    expect(await refused(somebody())).toBe('/sign-in?error=unable_to_get_user_info')
  })

  test('a profile of another subject', async () => {
    const [client, user] = [newClient(), somebody()]
    const authorize = await beginAt(client, { provider: provider.id })
    const code = provider.grant(authorize, { sub: user.sub }, { ...user, sub: 'somebody else' })
    expect(leadsTo(await comeBack(client, authorize, { code }))).toBe('/sign-in?error=unable_to_get_user_info')
  })

  test('an ID token that a page sends: it belongs to no sign-in that began here', async () => {
    const user = somebody()
    const token = await provider.sign({ ...user, iss: provider.issuer, aud: 'client', exp: 9e9, iat: 1 })
    const response = await newClient().post('/api/auth/sign-in/social', {
      body: { provider: provider.id, idToken: { token } },
    })
    expect([response.status, await users(user.email)]).toEqual([404, []])
  })
})

describe('a callback', () => {
  test('after the user said no comes back with that', async () => {
    const client = newClient()
    const authorize = await beginAt(client, { provider: provider.id })
    expect(leadsTo(await comeBack(client, authorize, { error: 'access_denied' }))).toBe('/sign-in?error=access_denied')
  })

  test('of another browser signs nobody in (login CSRF)', async () => {
    const [attacker, victim] = [newClient(), newClient()]
    const authorize = await beginAt(attacker, { provider: provider.id })
    const code = provider.grant(authorize, somebody())
    expect(leadsTo(await comeBack(victim, authorize, { code }))).toBe('/sign-in?error=state_mismatch')
    expect(await isSignedIn(victim)).toBe(false)
  })

  test.each([
    ['with a state that nobody made', { state: 'x'.repeat(32) }, 'state_mismatch'],
    ['without a code', { code: undefined }, 'no_code'],
    ['with a code that nobody made', { code: 'guess' }, 'invalid_code'],
    ['that names another issuer (RFC 9207)', { iss: 'https://elsewhere.example' }, 'issuer_mismatch'],
  ])('%s signs nobody in', async (_what, wrong, error) => {
    const client = newClient()
    const authorize = await beginAt(client, { provider: provider.id })
    const query = { code: provider.grant(authorize, somebody()), ...wrong }
    const sent = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
    expect(leadsTo(await comeBack(client, authorize, sent as Record<string, string>))).toBe(`/sign-in?error=${error}`)
    expect(await isSignedIn(client)).toBe(false)
  })

  test('without a state signs nobody in', async () => {
    const response = await newClient().get(`/api/auth/callback/${provider.id}?code=x`, {
      headers: { accept: 'text/html' },
    })
    expect(leadsTo(response)).toBe('/sign-in?error=state_not_found')
  })

  test('at another provider than the sign-in began at signs nobody in (mix-up)', async () => {
    const client = newClient()
    const authorize = await beginAt(client, { provider: provider.id })
    const swapped = new URL(authorize)
    swapped.searchParams.set('redirect_uri', `http://localhost:3000/api/auth/callback/${other.id}`)
    const response = await comeBack(client, swapped, { code: other.grant(authorize, somebody()) })
    expect([leadsTo(response), await isSignedIn(client)]).toEqual(['/sign-in?error=invalid_code', false])
    expect(other.requests.filter(({ body }) => body.get('code_verifier') !== null)).toEqual(
      other.requests.filter(({ body }) => body.get('redirect_uri')?.endsWith(other.id)),
    )
  })

  test('is good once: of 50 at the same time, one signs in, though the provider takes its code each time', async () => {
    provider.behaviour.takesCodesOnce = false
    const [client, user] = [newClient(), somebody()]
    const authorize = await beginAt(client, { provider: provider.id })
    const code = provider.grant(authorize, user)
    const cookie = client.cookieHeader()
    const browsers = Array.from({ length: 50 }, () => createClient(stack))
    const ends = await Promise.all(
      browsers.map(async (browser) => {
        const query = new URLSearchParams({ state: authorize.searchParams.get('state') ?? '', code })
        return leadsTo(await browser.get(`/api/auth/callback/${provider.id}?${query}`, { headers: { cookie } }))
      }),
    )
    expect(ends.filter((end) => end === '/welcome')).toHaveLength(1)
    expect(ends.filter((end) => end === '/sign-in?error=state_mismatch')).toHaveLength(49)
    const [{ id = '' } = {}] = await users(user.email)
    expect(await stack.sql('SELECT FROM session WHERE "userId" = $1', [id])).toHaveLength(1)
  })

  test('of two people who are one at the provider, at the same time, makes one user', async () => {
    const user = somebody()
    const begun = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const client = newClient()
        return { client, authorize: await beginAt(client, { provider: provider.id }) }
      }),
    )
    await Promise.all(
      begun.map(({ client, authorize }) => comeBack(client, authorize, { code: provider.grant(authorize, user) })),
    )
    expect(await users(user.email)).toHaveLength(1)
    expect(await stack.sql('SELECT FROM account WHERE "accountId" = $1', [user.sub])).toHaveLength(1)
  })

  test.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'never leads to %s',
    async (callbackURL) => {
      const body = { provider: provider.id, callbackURL }
      expect((await newClient().post('/api/auth/sign-in/social', { body })).status).toBe(403)
    },
  )

  test('while the database is unavailable leads a browser back to the app, and tells a program the code', async () => {
    const client = newClient()
    const authorize = await beginAt(client, { provider: provider.id })
    const code = provider.grant(authorize, somebody())
    await stack.proxy.refuse()
    try {
      expect(leadsTo(await comeBack(client, authorize, { code }))).toBe('/sign-in?error=DATABASE_UNAVAILABLE')
      const program = await client.get(`/api/auth/callback/${provider.id}?code=x&state=y`)
      expect([program.status, ((await program.json()) as { code: string }).code]).toEqual([503, 'DATABASE_UNAVAILABLE'])
    } finally {
      await stack.proxy.pass()
    }
  })
})

describe('a provider that', () => {
  const OUTAGES = [
    { outage: 'hangs', begin: (place: 'token' | 'userinfo') => provider.behaviour.hangs.add(place) },
    { outage: 'fails', begin: (place: 'token' | 'userinfo') => provider.behaviour.fails.set(place, 502) },
    { outage: 'is busy', begin: (place: 'token' | 'userinfo') => provider.behaviour.fails.set(place, 429) },
  ]
  test.each(OUTAGES.flatMap((outage) => (['token', 'userinfo'] as const).map((place) => ({ ...outage, place }))))(
    '$outage at the $place endpoint signs nobody in, and the app can say why',
    async ({ begin, place }) => {
      const client = newClient()
      const authorize = await beginAt(client, { provider: provider.id })
      const code = provider.grant(authorize, { sub: randomUUID() }, somebody())
      begin(place)
      expect(leadsTo(await comeBack(client, authorize, { code }))).toBe('/sign-in?error=provider_unavailable')
      expect(await isSignedIn(client)).toBe(false)
      expect(stack.lines.some((line) => line.includes('a sign-in at a provider failed'))).toBe(true)
    },
  )
})
