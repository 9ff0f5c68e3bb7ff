import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Client } from './client.ts'

type Place = 'discovery' | 'token' | 'revoke' | 'me' | 'key'
type Grant = { challenge: string; who: string; isOver: boolean }
type Answer = { status: number; body: unknown }

/**
 * A service with accounts of its own, that can be told to fail and to hang: OAuth 2.0 with refresh tokens that it takes once, and API
 * keys. A refresh token that comes back ends its whole grant, as RFC 9700 §4.14.2 asks for. Its page is left out.
 */
export async function startOAuthService(id = `service-${randomUUID().slice(0, 8)}`) {
  const grants = new Map<string, Grant>()
  /** By token. A refresh token that was used stays known. */
  const refreshTokens = new Map<string, { grant: Grant; isUsed: boolean }>()
  const accessTokens = new Map<string, Grant>()
  const behaviour = {
    hangs: new Set<Place>(),
    fails: new Map<Place, Answer>(),
    expiresIn: 3600 as number | undefined,
    hasRefreshTokens: true,
    discovery: {} as Record<string, unknown>,
    /** Over what it would hand out. */
    tokens: {} as Record<string, unknown>,
    keys: new Map<string, string>(),
  }
  const held = new Map<Place, Promise<void>>()
  const requests: { place: Place; headers: IncomingMessage['headers']; body: URLSearchParams }[] = []
  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const place = PLACES[new URL(request.url ?? '/', url).pathname]
    if (!place) return send(response, { status: 404, body: {} })
    const body = new URLSearchParams(await textOf(request))
    requests.push({ place, headers: request.headers, body })
    if (behaviour.hangs.has(place)) return
    const answer = behaviour.fails.get(place) ?? answers[place](request, body)
    await held.get(place)
    send(response, answer)
  }

  const answers: Record<Place, (request: IncomingMessage, body: URLSearchParams) => Answer> = {
    discovery: () => ({ status: 200, body: { ...described(url), ...behaviour.discovery } }),
    token: (_request, body) => (body.get('grant_type') === 'refresh_token' ? refresh(body) : exchange(body)),
    revoke: (_request, body) => {
      const token = body.get('token') ?? ''
      const grant = refreshTokens.get(token)?.grant ?? accessTokens.get(token)
      if (grant) grant.isOver = true
      return { status: 200, body: undefined }
    },
    me: (request) => {
      const grant = accessTokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '')
      return grant && !grant.isOver ? { status: 200, body: { login: grant.who } } : REFUSED
    },
    key: (request) => {
      const owner = behaviour.keys.get(String(request.headers['x-api-key']))
      return owner === undefined ? REFUSED : { status: 200, body: { username: owner } }
    },
  }

  function exchange(body: URLSearchParams): Answer {
    const grant = grants.get(body.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    if (grant?.challenge !== challenge) return INVALID_GRANT
    grants.delete(body.get('code') ?? '')
    return handOut(grant)
  }

  function refresh(body: URLSearchParams): Answer {
    const known = refreshTokens.get(body.get('refresh_token') ?? '')
    if (known?.isUsed) known.grant.isOver = true
    if (!known || known.grant.isOver) return INVALID_GRANT
    known.isUsed = true
    return handOut(known.grant)
  }

  function handOut(grant: Grant): Answer {
    const [accessToken, refreshToken] = [`access-${randomUUID()}`, `refresh-${randomUUID()}`]
    accessTokens.set(accessToken, grant)
    if (behaviour.hasRefreshTokens) refreshTokens.set(refreshToken, { grant, isUsed: false })
    const tokens = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: behaviour.expiresIn,
      scope: 'read write',
      ...(behaviour.hasRefreshTokens && { refresh_token: refreshToken }),
    }
    return { status: 200, body: { ...tokens, ...behaviour.tokens } }
  }

  const honest = { ...behaviour }
  const common = { id, name: 'Test service', clientId: 'client', clientSecret: 'a secret' }
  return {
    ...{ id, url, behaviour, requests },
    /** As CONNECTED_SERVICES has it: by its discovery document, or with each address. */
    settings: { ...common, kind: 'oauth', issuer: url, scopes: ['read'] },
    keySettings: { id: `${id}-key`, name: 'Keys', kind: 'api-key', checkUrl: `${url}/key`, checkHeader: 'x-api-key' },
    /** What the user's click on the service's page does. */
    grant(authorize: string, who = 'ada'): string {
      const code = `code-${randomUUID()}`
      const challenge = new URL(authorize).searchParams.get('code_challenge') ?? ''
      grants.set(code, { challenge, who, isOver: false })
      return code
    },
    takes: (token: string) => accessTokens.get(token)?.isOver === false,
    count: (place: Place) => requests.filter((request) => request.place === place).length,
    /** Every token and code that it knows. */
    secrets: () => [...accessTokens.keys(), ...refreshTokens.keys(), ...behaviour.keys.keys()],
    /** Does what it is asked, and says so when it is released. */
    hold(place: Place): () => void {
      const { promise, resolve } = withResolvers()
      held.set(place, promise)
      return () => {
        held.delete(place)
        resolve()
      }
    },
    /** The user takes the permission back, at the service. */
    endGrants(): void {
      for (const grant of accessTokens.values()) grant.isOver = true
    },
    /** After a test that told it to misbehave. */
    makeHonest(): void {
      behaviour.hangs.clear()
      behaviour.fails.clear()
      Object.assign(behaviour, honest, { discovery: {}, tokens: {} })
    },
    async stop(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type TestService = Awaited<ReturnType<typeof startOAuthService>>

function withResolvers() {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

const REFUSED: Answer = { status: 401, body: { error: 'invalid_token' } }
const INVALID_GRANT: Answer = { status: 400, body: { error: 'invalid_grant' } }

const PLACES: Record<string, Place> = {
  '/.well-known/openid-configuration': 'discovery',
  '/token': 'token',
  '/revoke': 'revoke',
  '/me': 'me',
  '/key': 'key',
}

const described = (url: string) => ({
  issuer: url,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  revocation_endpoint: `${url}/revoke`,
  userinfo_endpoint: `${url}/me`,
})

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

export const KEYS = `1:${'0123456789abcdef'.repeat(4)}`
const PATH = '/api/auth/connected-services'

/** Begins a connection, and gives the address of the service's page. */
export async function beginConnection(client: Client, service: string, body: object = {}): Promise<string> {
  const response = await client.post(`${PATH}/${service}/authorize`, { body })
  if (response.status !== 200) throw new Error(`authorize returned ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { url: string }).url
}

/** The service's page sends the browser back. */
export function returnFrom(client: Client, service: string, authorize: string, query: Record<string, string>) {
  const state = new URL(authorize).searchParams.get('state') ?? ''
  return client.get(`${PATH}/${service}/callback?${new URLSearchParams({ state, ...query })}`)
}

/** From the button to the end. */
export async function connect(client: Client, service: TestService, who?: string): Promise<void> {
  const authorize = await beginConnection(client, service.id)
  const response = await returnFrom(client, service.id, authorize, { code: service.grant(authorize, who) })
  const location = response.headers.get('location') ?? ''
  if (location.includes('service-error')) throw new Error(location)
}

export type ListedService = {
  id: string
  kind: string | null
  connection: { account: string | null; scopes: string[]; keyHint: string | null; isRevoked: boolean } | null
}

export async function listedServices(client: Client): Promise<ListedService[]> {
  return ((await (await client.get(PATH)).json()) as { services: ListedService[] }).services
}

export const connectionTo = async (client: Client, service: string) =>
  (await listedServices(client)).find(({ id }) => id === service)?.connection ?? null
