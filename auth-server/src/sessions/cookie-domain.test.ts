import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signInHalf, signUpWithApp } from '../../test/authenticator.ts'
import { PASSWORD, signUp } from '../../test/client.ts'
import { startTestStack, UNLIMITED } from '../../test/harness.ts'
import { otherDomains } from './other-cookies.ts'

const ORIGIN = 'http://app.acme.localhost:3000'
const headers = { origin: ORIGIN }
type Stack = Awaited<ReturnType<typeof startTestStack>>
const start = (changes: Record<string, string>) =>
  startTestStack({ ...UNLIMITED, PUBLIC_URL: ORIGIN, CORS_ORIGIN: `${ORIGIN},http://localhost:3000`, ...changes })

let shared: Stack
let single: Stack
beforeAll(async () => {
  ;[shared, single] = [await start({ COOKIE_DOMAIN: 'acme.localhost' }), await start({})]
})
afterAll(async () => {
  await shared.stop()
  await single.stop()
})

type SetCookie = { name: string; value: string; domain: string; path: string; isEnded: boolean }

function cookiesOf(response: Response): SetCookie[] {
  return response.headers.getSetCookie().map((written) => {
    const [pair = '', ...attributes] = written.split('; ')
    const of = (name: string) => attributes.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    return { name, value, domain: of('Domain'), path: of('Path'), isEnded: of('Max-Age') === '0' }
  })
}

/** What a browser keeps: one for each name, domain and path; and in which order it sends them to a host of the app. */
function createJar() {
  const kept: SetCookie[] = []
  return {
    take(response: Response): void {
      for (const cookie of cookiesOf(response)) {
        const at = kept.findIndex((one) =>
          (['name', 'domain', 'path'] as const).every((part) => one[part] === cookie[part]),
        )
        if (at >= 0) kept.splice(at, 1)
        if (!cookie.isEnded) kept.push(cookie)
      }
    },
    header: () => kept.map(({ name, value }) => `${name}=${value}`).join('; '),
    of: (name: string) => kept.filter((one) => one.name === name),
  }
}

async function signIn({ url }: Stack, jar: ReturnType<typeof createJar>, email: string): Promise<Response> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', cookie: jar.header() },
    body: JSON.stringify({ email, password: PASSWORD }),
  })
  expect(response.status).toBe(200)
  jar.take(response)
  return response
}

const who = async ({ url }: Stack, jar: ReturnType<typeof createJar>) => {
  const response = await fetch(`${url}/api/auth/session`, { headers: { cookie: jar.header() } })
  return response.status === 200 ? ((await response.json()) as { user: { email: string } }).user.email : response.status
}

async function signOut({ url }: Stack, jar: ReturnType<typeof createJar>): Promise<void> {
  const sent = { ...headers, 'content-type': 'application/json', cookie: jar.header() }
  jar.take(await fetch(`${url}/api/auth/sign-out`, { method: 'POST', headers: sent, body: '{}' }))
}

const SESSION = 'better-auth.session_token'

describe('with COOKIE_DOMAIN', () => {
  test('every cookie is for all hosts below it: session, known device, second factor, trusted device', async () => {
    const { email, app } = await signUpWithApp(shared)
    const { client, response } = await signInHalf(shared, email)
    const body = { code: app.code(), trustDevice: true }
    const verified = await client.post('/api/auth/two-factor/verify-totp', { body })
    const set = [...cookiesOf(response), ...cookiesOf(verified)]
    expect(new Set(set.filter(({ isEnded }) => !isEnded).map(({ name }) => name))).toEqual(
      new Set(['better-auth.two_factor', SESSION, 'known_device', 'better-auth.trusted_device']),
    )
    expect(new Set(set.filter(({ isEnded }) => !isEnded).map(({ domain }) => domain))).toEqual(
      new Set(['acme.localhost']),
    )
  })

  test('a renewed cookie is what better-auth would have set, to the letter', async () => {
    const { client, token } = await signUp(shared)
    const age = () =>
      shared.sql(
        `UPDATE session SET "createdAt" = "createdAt" - interval '25 hours',
        "updatedAt" = "updatedAt" - interval '25 hours', "expiresAt" = "expiresAt" - interval '25 hours'
        WHERE token = $1`,
        [token.split('.')[0]],
      )
    await age()
    const [ours] = (await client.check()).headers.getSetCookie()
    await age()
    const [theirs] = (await client.get('/api/auth/get-session')).headers.getSetCookie()
    expect(ours).toContain('Domain=acme.localhost')
    expect(ours).toBe(theirs)
  })

  test('a device that is signed out by its own user takes the cookie back for all hosts', async () => {
    const { client } = await signUp(shared)
    const session = (await (await client.get('/api/auth/session')).json()) as { session: { id: string } }
    const response = await client.call('DELETE', `/api/auth/devices/${session.session.id}`)
    expect(cookiesOf(response)).toContainEqual(
      expect.objectContaining({ name: SESSION, domain: 'acme.localhost', isEnded: true }),
    )
  })
})

test.each([
  ['set', () => [single, shared] as const, 'acme.localhost'],
  ['taken away', () => [shared, single] as const, ''],
])(
  'when it is %s, nobody is kept out, or signed in as somebody else, by a cookie from before',
  async (_what, of, domain) => {
    const [before, after] = of()
    const jar = createJar()
    const { email } = await signUp(before)
    await signIn(before, jar, email)
    const other = await signUp(after)
    await signIn(after, jar, other.email)
    expect(await who(after, jar)).toBe(other.email)
    expect(jar.of(SESSION)).toEqual([expect.objectContaining({ domain })])
    expect(jar.of('known_device')).toEqual([expect.objectContaining({ domain })])

    await signOut(after, jar)
    expect(jar.of(SESSION)).toEqual([])
    expect(await who(after, jar)).toBe(401)
  },
)

test('a browser that has sent no cookie is told of none from before', async () => {
  const { email } = await signUp(shared)
  const response = await signIn(shared, createJar(), email)
  expect(cookiesOf(response).every(({ domain }) => domain === 'acme.localhost')).toBe(true)
})

test('on a single label, and on an address, there is nothing beside the one cookie', async () => {
  const env = { NODE_ENV: 'development', COOKIE_DOMAIN: undefined } as const
  for (const PUBLIC_URL of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000']) {
    expect(otherDomains({ ...env, PUBLIC_URL })).toEqual([])
  }
  expect(otherDomains({ ...env, PUBLIC_URL: 'https://a.acme.org' })).toEqual(['a.acme.org', 'acme.org'])
  expect(otherDomains({ ...env, PUBLIC_URL: 'https://a.acme.org', COOKIE_DOMAIN: 'acme.org' })).toEqual([
    ...[undefined, 'a.acme.org'],
  ])
})
