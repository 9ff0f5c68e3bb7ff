import { randomUUID } from 'node:crypto'
import type { Bench } from '../bench.ts'
import { sidecarSource } from '../processes/python.ts'
import type { User } from '../users.ts'
import type { SigningKeys } from './jwt.ts'

/** One way to authenticate a request to `GET /reports`. */
export type Contender = {
  name: string
  /** The file in services/ */
  module: string
  /** How long a session is still accepted after its end. */
  staleness: string
  env: Record<string, string>
  /** The header with the credential, once the service runs at this address. */
  credential(url: string): Promise<Record<string, string>>
}

type Parts = { bench: Bench; user: User; keys: SigningKeys; usersDatabase: string }

export type Contenders = ReturnType<typeof allContenders>

export function allContenders({ bench, user, keys, usersDatabase }: Parts) {
  const { stack } = bench
  const bearer = { authorization: `Bearer ${user.bearer}` }
  const asyncpgUrl = usersDatabase.replace('postgresql:', 'postgresql+asyncpg:')
  const always = (headers: Record<string, string>) => async () => headers
  const sidecarEnv = {
    AUTH_SERVER_URL: stack.internalUrl,
    INTERNAL_TOKEN: stack.internalToken,
    CORS_ORIGIN: stack.origin,
    PYTHONPATH: sidecarSource,
  }
  const sidecar = { module: 'sidecar', staleness: 'sign-out: 0; by SQL: ≤ 50 ms', env: sidecarEnv }
  const control = { module: 'no_auth', staleness: '–', env: {}, credential: always(bearer) }
  const tokenLife = "the token's life"
  return {
    control: { ...control, name: 'no auth' },
    controlAgain: { ...control, name: 'no auth, again (A/A)' },
    sidecarBearer: { ...sidecar, name: 'auth_sidecar, bearer', credential: always(bearer) },
    sidecarWithoutFastPath: {
      ...sidecar,
      name: 'auth_sidecar, no fast path',
      module: 'sidecar_without_fast_path',
      credential: always(bearer),
    },
    sidecarCookie: { ...sidecar, name: 'auth_sidecar, cookie', credential: always({ cookie: user.cookie }) },
    hs256: {
      name: 'PyJWT, HS256',
      module: 'pyjwt_hs256',
      staleness: tokenLife,
      env: { JWT_SECRET: keys.secret },
      credential: always({ authorization: `Bearer ${keys.hs256}` }),
    },
    eddsa: {
      name: 'PyJWT, EdDSA',
      module: 'pyjwt_eddsa',
      staleness: tokenLife,
      env: { JWT_PUBLIC_KEY: keys.publicKey },
      credential: always({ authorization: `Bearer ${keys.eddsa}` }),
    },
    usersJwt: {
      name: 'fastapi-users, JWT',
      module: 'fastapi_users_jwt',
      staleness: tokenLife,
      env: { DATABASE_URL: asyncpgUrl, JWT_SECRET: keys.secret },
      credential: signInToFastapiUsers,
    },
    usersDatabase: {
      name: 'fastapi-users, database',
      module: 'fastapi_users_database',
      staleness: '0',
      env: { DATABASE_URL: asyncpgUrl },
      credential: signInToFastapiUsers,
    },
    getSession: {
      name: 'httpx to get-session',
      module: 'get_session',
      staleness: '0',
      env: { AUTH_URL: stack.authUrl },
      credential: always(bearer),
    },
  } satisfies Record<string, Contender>
}

async function signInToFastapiUsers(url: string): Promise<Record<string, string>> {
  const [email, password] = [`${randomUUID()}@example.com`, randomUUID()]
  const headers = { 'content-type': 'application/json' }
  await fetch(`${url}/register`, { method: 'POST', headers, body: JSON.stringify({ email, password }) })
  const form = new URLSearchParams({ username: email, password })
  const response = await fetch(`${url}/login`, { method: 'POST', body: form })
  const { access_token } = (await response.json()) as { access_token?: string }
  if (!access_token) throw new Error(`${url}: the sign-in returned ${response.status}`)
  return { authorization: `Bearer ${access_token}` }
}
