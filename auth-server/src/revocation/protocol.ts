import { z } from 'zod'

/** What the triggers announce on this channel; several schemas of one database share it. See triggers.ts. */
export const CHANNEL = 'auth_sidecar_revocations'

/** What a service must forget: one session, everything of one user, or everything. Ids only, never a token. */
export type Revocation = { type: 'session' | 'user'; id: string } | { type: 'flush' }
type Announced = Revocation | { type: 'probe'; id: string } | { type: 'foreign' }

/** A payload of a NOTIFY. Anybody with access to the database can send one: what cannot be read revokes everything. */
export function readAnnouncement(payload: string, schema: string): Announced {
  const parsed = Payload.safeParse(parseJson(payload))
  if (!parsed.success) return { type: 'flush' }
  const { data } = parsed
  if (data.schema !== schema) return { type: 'foreign' }
  if ('session' in data) return { type: 'session', id: data.session }
  if ('user' in data) return { type: 'user', id: data.user }
  return 'probe' in data ? { type: 'probe', id: data.probe } : { type: 'flush' }
}

const schema = z.string()
const Payload = z.union([
  z.strictObject({ schema, session: z.string() }),
  z.strictObject({ schema, user: z.string() }),
  z.strictObject({ schema, probe: z.string() }),
  z.strictObject({ schema, flush: z.literal(true) }),
])

/** What goes over the socket to a service. */
export type Sent = { type: 'hello'; leaseMs: number } | { type: 'pong' | 'sync'; id: number } | Revocation

export function render(message: Sent): string {
  switch (message.type) {
    case 'hello':
      return `{"type":"hello","lease_ms":${message.leaseMs}}`
    case 'pong':
    case 'sync':
      return `{"type":"${message.type}","id":${message.id}}`
    case 'flush':
      return '{"type":"flush"}'
    default:
      return JSON.stringify({ type: 'revoke', [message.type]: message.id })
  }
}

/** The n-th connection of a process to the feed; `process` is made at random when its feed starts. */
export type Fresh = { process: string; n: number }

/** What comes from a service; undefined for anything else. */
export type Received = z.output<typeof Received>

export function readMessage(text: string): Received | undefined {
  return Received.safeParse(parseJson(text)).data
}

const Received = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal(['ping', 'synced']), id: z.int().nonnegative() }),
  z.strictObject({ type: z.literal('fresh'), process: z.string().min(1).max(64), n: z.int().nonnegative() }),
  z.strictObject({ type: z.literal('bye') }),
])

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
