import { randomUUID } from 'node:crypto'
import { type Client, createClient } from './client.ts'
import { startProxiedStack, UNLIMITED } from './harness.ts'
import { startTestProvider } from './provider.ts'

/** A stack with two providers; the second one posts its responses back. */
export async function startProviderStack() {
  const [provider, other] = [await startTestProvider(), await startTestProvider()]
  const stack = await startProxiedStack({
    ...UNLIMITED,
    CORS_ORIGIN: 'http://localhost:3000,https://other.example',
    OIDC_PROVIDERS: JSON.stringify([provider.settings, { ...other.settings, responseMode: 'form_post' }]),
  })
  const honest = { ...provider.behaviour }
  return {
    ...{ stack, provider, other },
    newClient: () => createClient(stack),
    users: (email: string) => stack.sql<{ id: string }>('SELECT * FROM "user" WHERE email = $1', [email]),
    /** After a test that told the provider to misbehave. */
    makeHonest(): void {
      honest.hangs.clear()
      honest.fails.clear()
      Object.assign(provider.behaviour, honest)
    },
    async stop(): Promise<void> {
      await stack.stop()
      await provider.stop()
      await other.stop()
    },
  }
}

/** Whom the provider knows, and nobody here. */
export function somebody() {
  const sub = randomUUID()
  return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Ada Example' }
}

export const isSignedIn = async (client: Client) => (await client.get('/api/auth/session')).status === 200

export async function userOf(client: Client): Promise<Record<string, unknown>> {
  const response = await client.get('/api/auth/session')
  return ((await response.json()) as { user: Record<string, unknown> }).user
}
