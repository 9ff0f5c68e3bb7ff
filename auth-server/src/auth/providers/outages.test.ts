import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createClient, signUp } from '../../../test/client.ts'
import { startTestStack } from '../../../test/harness.ts'
import { beginAt, comeBack, leadsTo, signInAt, startTestProvider, type TestProvider } from '../../../test/provider.ts'

const somebody = () => ({ sub: randomUUID(), email: `${randomUUID()}@example.com`, email_verified: true })

/** A server that has not asked the provider yet. */
async function fresh(
  work: (stack: Awaited<ReturnType<typeof startTestStack>>, provider: TestProvider) => Promise<void>,
) {
  const provider = await startTestProvider()
  const limits = { RATE_LIMIT_DEFAULT: '100000/10', RATE_LIMIT_SIGN_IN: '100000/10' }
  const stack = await startTestStack({ ...limits, OIDC_PROVIDERS: JSON.stringify([provider.settings]) })
  try {
    await work(stack, provider)
  } finally {
    await stack.stop()
    await provider.stop()
  }
}

test('a provider that hangs keeps nobody from signing in elsewhere, and is used as soon as it responds', () =>
  fresh(async (stack, provider) => {
    provider.behaviour.hangs.add('discovery')
    const body = { provider: provider.id }
    const begun = createClient(stack).post('/api/auth/sign-in/social', { body })
    const { client } = await signUp(stack)
    expect((await client.get('/api/auth/session')).status).toBe(200)
    const response = await begun
    expect([response.status, await response.json(), response.headers.get('retry-after')]).toEqual([
      503,
      { code: 'PROVIDER_UNAVAILABLE', message: expect.any(String) },
      '1',
    ])

    provider.behaviour.hangs.clear()
    expect(await signInAt(createClient(stack), provider, somebody())).toBe('/welcome')
  }))

test.each([
  ['another issuer', { issuer: 'https://elsewhere.example' }],
  ['no token endpoint', { token_endpoint: undefined }],
  ['a token endpoint in this network', { token_endpoint: 'http://169.254.169.254/token' }],
  ['keys in a file', { jwks_uri: 'file:///etc/passwd' }],
  ['a page that is a script', { authorization_endpoint: 'javascript:alert(1)' }],
])('a provider that says %s of itself is not used', (_what, discovery) =>
  fresh(async (stack, provider) => {
    provider.behaviour.discovery = discovery
    const response = await createClient(stack).post('/api/auth/sign-in/social', { body: { provider: provider.id } })
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, 'PROVIDER_UNAVAILABLE'])
    expect(provider.requests.map(({ place }) => place)).toEqual(['discovery'])
  }),
)

test('keys that cannot be had sign nobody in', () =>
  fresh(async (stack, provider) => {
    provider.behaviour.fails.set('keys', 500)
    const client = createClient(stack)
    const authorize = await beginAt(client, { provider: provider.id })
    const response = await comeBack(client, authorize, { code: provider.grant(authorize, somebody()) })
    expect(leadsTo(response)).toBe('/sign-in?error=provider_unavailable')
    expect((await client.get('/api/auth/session')).status).toBe(401)
  }))
