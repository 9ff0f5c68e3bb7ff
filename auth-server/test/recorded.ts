import type { AuditEvent } from '../src/audit/queries.ts'
import { createClient, PASSWORD } from './client.ts'
import type { startTestStack } from './harness.ts'

type Stack = Pick<Awaited<ReturnType<typeof startTestStack>>, 'sql' | 'url' | 'internalUrl'>

/** Of this user, in their order; those of a transaction are of one moment. */
export const eventsOf = (stack: Stack, userId: string) =>
  stack.sql<AuditEvent>(`SELECT * FROM audit_event WHERE "userId" = $1 ORDER BY "createdAt", ctid`, [userId])

/** Type and who did it, without the sign-up that each user begins with. */
export async function recordedOf(stack: Stack, userId: string): Promise<(string | null)[][]> {
  const [, ...events] = await eventsOf(stack, userId)
  return events.map(({ type, actorId }) => (actorId === null ? [type] : [type, actorId]))
}

export async function signIn(stack: Stack, { email }: { email: string }, password = PASSWORD) {
  const client = createClient(stack)
  const response = await client.post('/api/auth/sign-in/email', { body: { email, password } })
  return { client, response }
}
