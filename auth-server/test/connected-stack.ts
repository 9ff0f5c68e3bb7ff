import { type Client, signUp } from './client.ts'
import { INTERNAL_TOKEN } from './database.ts'
import { startProxiedStack, UNLIMITED } from './harness.ts'
import { connect, KEYS, startOAuthService } from './oauth-service.ts'

export const PATH = '/api/auth/connected-services'

/** A stack with two services to connect by OAuth, one whose addresses are all in the settings, and two with keys. */
export async function startConnectedStack() {
  const [service, other] = [await startOAuthService(), await startOAuthService()]
  const { url } = service
  const keyId = service.keySettings.id
  const list = [
    service.settings,
    other.settings,
    { ...service.keySettings, helpUrl: 'https://keys.example/new', pattern: 'key-[a-z0-9-]+' },
    { id: 'unchecked', name: 'Unchecked', kind: 'api-key' },
    {
      ...{ id: 'by-hand', name: 'By hand', kind: 'oauth', clientId: 'client', issuer: 'https://by-hand.example' },
      ...{ authorizationUrl: `${url}/authorize?tenant=1`, tokenUrl: `${url}/token`, clientAuthentication: 'post' },
      authorizationParams: { access_type: 'offline' },
    },
  ]
  const stack = await startProxiedStack({
    ...UNLIMITED,
    CONNECTED_SERVICES: JSON.stringify(list),
    ENCRYPTION_KEYS: KEYS,
  })
  return {
    ...{ stack, service, other, keyId },
    rowsOf: (userId: string) =>
      stack.sql<Record<string, unknown>>(
        `SELECT * FROM account WHERE "userId" = $1 AND "providerId" LIKE 'connected:%'`,
        [userId],
      ),
    /** What was recorded: type, details, address. */
    async eventsOf(userId: string) {
      const events = await stack.sql<{ type: string; details: unknown; ipAddress: string }>(
        `SELECT * FROM audit_event WHERE "userId" = $1 AND type LIKE 'service-%' ORDER BY "createdAt", ctid`,
        [userId],
      )
      return events.map(({ type, details, ipAddress }) => [type, details, ipAddress])
    },
    /** After a test that told a service to misbehave. */
    makeHonest(): void {
      service.makeHonest()
      other.makeHonest()
    },
    async stop(): Promise<void> {
      await stack.stop()
      await service.stop()
      await other.stop()
    },
  }
}

export type ConnectedStack = Awaited<ReturnType<typeof startConnectedStack>>

export const pasteKey = (client: Client, id: string, key: unknown) =>
  client.post(`${PATH}/${id}/key`, { body: { key } })

export const codeOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { code?: string }).code,
]

/** Where the browser ends, with what the page is told. */
export function endOf(response: Response) {
  const { origin, pathname, searchParams, hash } = new URL(response.headers.get('location') ?? 'about:blank')
  return { page: origin + pathname + hash, error: searchParams.get('service-error') }
}

export type Answered = {
  status: number
  code?: string
  accessToken?: string
  expiresAt?: string | null
  retryAfter?: string | null
}

/** What a service asks that has checked who is calling it. */
async function askForToken(
  { internalUrl }: { internalUrl: string },
  userId: unknown,
  service: unknown,
): Promise<Answered> {
  const response = await fetch(`${internalUrl}/internal/access-token`, {
    method: 'POST',
    headers: { 'x-internal-token': INTERNAL_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({ userId, service }),
  })
  const body = (await response.json()) as object
  return { status: response.status, retryAfter: response.headers.get('retry-after'), ...body }
}

/** Users with a connection to its service, and its service's tokens at every age. */
export function withTokens({ stack, service }: ConnectedStack) {
  const set = (userId: string, assignments: string) =>
    stack.sql(`UPDATE account SET ${assignments} WHERE "userId" = $1 AND "providerId" LIKE 'connected:%'`, [userId])
  const ask = (userId: unknown, name: unknown = service.id, server: { internalUrl: string } = stack) =>
    askForToken(server, userId, name)
  return {
    ...{ set, ask },
    async connected() {
      const { client, userId } = await signUp(stack)
      await connect(client, service)
      return { client, userId, token: (await ask(userId)).accessToken ?? '' }
    },
    /** As if the token had been handed out long ago. */
    makeDue: (userId: string) => set(userId, `"accessTokenExpiresAt" = now() - interval '1 second'`),
    /** It is about to expire, and good until then. */
    makeNearlyDue: (userId: string) => set(userId, `"accessTokenExpiresAt" = now() + interval '30 seconds'`),
    rowOf: async (userId: string) =>
      (
        await stack.sql<Record<string, string | null>>(
          `SELECT * FROM account WHERE "userId" = $1 AND "providerId" LIKE 'connected:%'`,
          [userId],
        )
      )[0],
  }
}
