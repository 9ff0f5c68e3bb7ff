import { randomUUID } from 'node:crypto'
import { INTERNAL_TOKEN } from './database.ts'

type Call = { body?: unknown; headers?: Record<string, string> }
type Servers = { url: string; internalUrl: string }

export type Client = ReturnType<typeof createClient>

/** What a browser does: keeps cookies and sends an Origin. */
export function createClient({ url, internalUrl }: Servers) {
  const jar = new Map<string, string>()

  async function call(method: string, path: string, { body, headers = {} }: Call = {}): Promise<Response> {
    const cookie = cookieHeader()
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        origin: 'http://localhost:3000',
        ...(cookie && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    response.headers.getSetCookie().forEach(keep)
    return response
  }

  function keep(setCookie: string): void {
    const [pair = '', ...attributes] = setCookie.split('; ')
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals)
    if (attributes.includes('Max-Age=0')) jar.delete(name)
    else jar.set(name, pair.slice(equals + 1))
  }

  const cookieHeader = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  return {
    jar,
    cookieHeader,
    call,
    get: (path: string, more?: Call) => call('GET', path, more),
    post: (path: string, more: Call = {}) => call('POST', path, { body: {}, ...more }),
    /** As a service does it: only the credential, to the private port. */
    check: () => checkSession(internalUrl, { cookie: cookieHeader() }),
  }
}

export function checkSession(internalUrl: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${internalUrl}/internal/session`, { headers: { 'x-internal-token': INTERNAL_TOKEN, ...headers } })
}

export const PASSWORD = 'correct horse battery'

/** A new user, signed in. */
export async function signUp(servers: Servers, email = `${randomUUID()}@example.com`) {
  const client = createClient(servers)
  const response = await client.post('/api/auth/sign-up/email', {
    body: { email, password: PASSWORD, name: 'Test Person' },
  })
  if (response.status !== 200) throw new Error(`sign-up returned ${response.status}: ${await response.text()}`)
  const { token, user } = (await response.json()) as { token: string; user: { id: string } }
  return { client, email, bearer: response.headers.get('set-auth-token') ?? '', token, userId: user.id }
}

/** Another session of a user who has this address, with the User-Agent given. */
export async function signInElsewhere(servers: Servers, email: string, userAgent = 'node'): Promise<Client> {
  const client = createClient(servers)
  const headers = { 'user-agent': userAgent }
  const response = await client.post('/api/auth/sign-in/email', { body: { email, password: PASSWORD }, headers })
  if (response.status !== 200) throw new Error(`sign-in returned ${response.status}: ${await response.text()}`)
  return client
}

export async function sessionIdOf(client: Client): Promise<string> {
  const response = await client.get('/api/auth/session')
  return ((await response.json()) as { session: { id: string } }).session.id
}
