import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { checkSession, createClient } from './client.ts'
import type { startTestStack } from './harness.ts'

type Stack = Awaited<ReturnType<typeof startTestStack>>

/** Of the old system. */
export const OLD_SECRET = 'zq8mWv2rT6yN4kXc1bJ9hL3sPf7gDa5e'
export const IN_A_WEEK = new Date(Date.now() + 7 * 24 * 60 * 60_000).toISOString().slice(0, 10)

export const nowSeconds = () => Math.floor(Date.now() / 1000)

/** A user as an import leaves it: with the id of the old system. */
export async function importUser(stack: Pick<Stack, 'sql'>, id: string = randomUUID()) {
  const email = `${randomUUID()}@example.com`
  await stack.sql(
    `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
     VALUES ($1, 'Old Friend', $2, true, now(), now())`,
    [id, email],
  )
  return { id, email }
}

type Made = { header?: Partial<JWTHeaderParameters>; key?: KeyObject | Uint8Array }

/** A token as most systems make it; what is undefined is left out. */
export function makeToken(claims: Record<string, unknown>, { header = {}, key = secretKey(OLD_SECRET) }: Made = {}) {
  const payload = { iat: nowSeconds(), exp: nowSeconds() + 600, ...claims } as JWTPayload
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header }).sign(key)
}

export const secretKey = (secret: string) => new TextEncoder().encode(secret)

/** As no library makes it. */
export function rawToken(header: unknown, payload: unknown, signature = 'AAAA'): string {
  const part = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(payload)}.${signature}`
}

/** What a service is told of a token: the status, and the code or the user's id. */
export async function checked(stack: Pick<Stack, 'internalUrl'>, token: string, headers: Record<string, string> = {}) {
  const response = await checkSession(stack.internalUrl, { authorization: `Bearer ${token}`, ...headers })
  const body = (await response.json()) as { code?: string; user?: { id: string } }
  return [response.status, body.code ?? body.user?.id]
}

/** What a client gets for a token, and the client, which is signed in if it was good. */
export async function exchanged(stack: Stack, token: string, headers: Record<string, string> = {}) {
  const client = createClient(stack)
  const response = await client.call('POST', '/api/auth/exchange', {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
  return { client, response, body: (await response.json()) as { code?: string; token?: string; user?: { id: string } } }
}

/** An imported user, and a token of theirs. */
export async function importWithToken(stack: Pick<Stack, 'sql'>, claims: Record<string, unknown> = {}) {
  const { id, email } = await importUser(stack)
  return { id, email, token: await makeToken({ sub: id, ...claims }) }
}

export const ENDED = [401, 'OLD_TOKEN_ENDED']

/** Settings that ask for as much as they can, and the claims of a token that has it. */
export const STRICT = {
  OLD_TOKENS_UNTIL: IN_A_WEEK,
  OLD_TOKENS_SECRET: OLD_SECRET,
  OLD_TOKENS_ISSUER: 'https://old.example.com',
  OLD_TOKENS_AUDIENCE: 'app, fastapi-users:auth',
  OLD_TOKENS_CLAIMS: '{"token_type": "access", "level": 1}',
}
export const GOOD = { iss: 'https://old.example.com', aud: 'app', token_type: 'access', level: 1 }

/** The issuer of a system that signs with keys of its own, and publishes their public halves. */
export async function startIssuer() {
  const keys = new Map<string, KeyObject>()
  let respond: ((response: ServerResponse) => void) | undefined
  let published: unknown[] = []
  const asked = new Map<string, number>()
  const server = createServer(({ url = '' }, response) => {
    const { search } = new URL(url, 'http://issuer')
    asked.set(search, (asked.get(search) ?? 0) + 1)
    if (respond) respond(response)
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: `${url}/jwks.json`,
    /** At the address with this query. */
    asked: (query: string) => asked.get(query) ?? 0,
    keyOf: (kid: string) => keys.get(kid) as KeyObject,
    /** Undefined: as an issuer does. */
    respondWith: (how: typeof respond) => {
      respond = how
    },
    /** From now on exactly these. */
    publish: async (...kids: string[]) => {
      for (const kid of kids) if (!keys.has(kid)) keys.set(kid, newPair(keys, kid))
      published = await Promise.all(kids.map(async (kid) => ({ ...(await publicJwk(keys, kid)), kid, use: 'sig' })))
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    },
  }

  function newPair(all: Map<string, KeyObject>, kid: string): KeyObject {
    const { privateKey, publicKey } = kid.startsWith('es')
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
    all.set(`${kid}.pub`, publicKey)
    return privateKey
  }

  async function publicJwk(all: Map<string, KeyObject>, kid: string) {
    return exportJWK(all.get(`${kid}.pub`) as KeyObject)
  }
}
