import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Client } from './client.ts'

type Claims = Record<string, unknown>
type Grant = { challenge: string; claims: Claims; userInfo: Claims }
type Place = 'discovery' | 'token' | 'keys' | 'userinfo'

const CLIENT = { clientId: 'client', clientSecret: 'a secret: with/odd characters' }

/**
 * A provider of OpenID Connect that can be told to lie, to fail and to hang. Its page is left out: a test says who signs in.
 * The honest one, which the tests of the whole stack sign in at, is dev/src/provider.
 */
export async function startTestProvider(id = `test-${randomUUID().slice(0, 8)}`) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const keys = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] }
  const grants = new Map<string, Grant>()
  const behaviour = {
    /** Of these: does not respond, or responds with this status. */
    hangs: new Set<Place>(),
    fails: new Map<Place, number>(),
    /** Over what it would say of itself. */
    discovery: {} as Claims,
    /** What stands in place of its ID token. */
    idToken: (claims: Claims) => sign(claims),
    /** A liar takes a code as often as it is shown. */
    takesCodesOnce: true,
  }
  const requests: { place: Place; authorization: string | undefined; body: URLSearchParams }[] = []
  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const sign = (claims: Claims) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const place = PLACES[new URL(request.url ?? '/', issuer).pathname]
    if (!place) return send(response, 404, {})
    const body = new URLSearchParams(await textOf(request))
    requests.push({ place, authorization: request.headers.authorization, body })
    if (behaviour.hangs.has(place)) return
    const failure = behaviour.fails.get(place)
    if (failure !== undefined) return send(response, failure, {})
    if (place === 'discovery') return send(response, 200, { ...described(issuer), ...behaviour.discovery })
    if (place === 'keys') return send(response, 200, keys)
    if (place === 'token') return exchange(body, response)
    const grant = grants.get(request.headers.authorization?.replace('Bearer ', '') ?? '')
    return send(response, grant ? 200 : 401, grant?.userInfo ?? { error: 'invalid_token' })
  }

  async function exchange(body: URLSearchParams, response: ServerResponse): Promise<void> {
    const code = body.get('code') ?? ''
    const grant = grants.get(code)
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || grant.challenge !== challenge) return send(response, 400, { error: 'invalid_grant' })
    if (behaviour.takesCodesOnce) grants.delete(code)
    const accessToken = randomUUID()
    grants.set(accessToken, grant)
    send(response, 200, {
      access_token: accessToken,
      id_token: await behaviour.idToken(grant.claims),
      token_type: 'Bearer',
    })
  }

  return {
    id,
    issuer,
    behaviour,
    requests,
    sign,
    keys,
    settings: { id, name: 'Test provider', issuer, ...CLIENT },
    /** What the user's click on the provider's page does: a code for whoever it is. */
    grant(authorize: URL, user: Claims, userInfo: Claims = {}): string {
      const code = randomUUID()
      const now = Math.floor(Date.now() / 1000)
      const about = { iss: issuer, aud: CLIENT.clientId, iat: now, exp: now + 300 }
      const nonce = authorize.searchParams.get('nonce')
      const challenge = authorize.searchParams.get('code_challenge') ?? ''
      grants.set(code, { challenge, claims: { ...about, nonce, ...user }, userInfo })
      return code
    },
    async stop(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type TestProvider = Awaited<ReturnType<typeof startTestProvider>>

const PLACES: Record<string, Place> = {
  '/.well-known/openid-configuration': 'discovery',
  '/token': 'token',
  '/keys': 'keys',
  '/userinfo': 'userinfo',
}

const described = (issuer: string): Claims => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  userinfo_endpoint: `${issuer}/userinfo`,
  id_token_signing_alg_values_supported: ['ES256', 'none', 'HS256'],
})

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

type Asked = { provider: string; path?: string; body?: object }

/** Begins a sign-in, or the linking of an account, and gives the address of the provider's page. */
export async function beginAt(client: Client, { provider, path = '/sign-in/social', body = {} }: Asked): Promise<URL> {
  const urls = { callbackURL: '/welcome', errorCallbackURL: '/sign-in', newUserCallbackURL: '/welcome' }
  const response = await client.post(`/api/auth${path}`, {
    body: { provider, disableRedirect: true, ...urls, ...body },
  })
  if (response.status !== 200) throw new Error(`${path} returned ${response.status}: ${await response.text()}`)
  return new URL(((await response.json()) as { url: string }).url)
}

/** The provider's page sends the browser back. */
export function comeBack(client: Client, authorize: URL, query: Record<string, string>): Promise<Response> {
  const { pathname } = new URL(authorize.searchParams.get('redirect_uri') ?? '')
  const parameters = new URLSearchParams({ state: authorize.searchParams.get('state') ?? '', ...query })
  return client.get(`${pathname}?${parameters}`, { headers: { accept: 'text/html' } })
}

/** From the button to the page that the browser ends at: its path and query. */
export async function signInAt(client: Client, provider: TestProvider, user: Claims, more: Partial<Asked> = {}) {
  const authorize = await beginAt(client, { provider: provider.id, ...more })
  return leadsTo(await comeBack(client, authorize, { code: provider.grant(authorize, user) }))
}

export function leadsTo(response: Response): string {
  const location = response.headers.get('location')
  if (location === null) return String(response.status)
  const { pathname, searchParams } = new URL(location, 'http://localhost:3000')
  const error = searchParams.get('error')
  return error === null ? pathname : `${pathname}?error=${error}`
}
