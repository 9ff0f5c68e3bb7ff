import { z } from 'zod'

/**
 * How long a service may use a cached identity after the ping that confirmed it. Part of the protocol: the services'
 * package has the same number. See docs/session-cache.md and contract/lease.json.
 */
export const LEASE_MS = 50

/** Clocks that run at different rates, and the response's last steps out of this process. */
const MARGIN_MS = 2

/** From the commit that ends a session to its acknowledgement: by then the last lease from before it has run out. */
export const HOLD_MS = LEASE_MS + MARGIN_MS

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

/** As it goes over the socket. */
export function renderRevocation(revocation: Revocation): string {
  if (revocation.type === 'flush') return '{"type":"flush"}'
  return JSON.stringify({ type: 'revoke', [revocation.type]: revocation.id })
}

export const renderPong = (id: number) => `{"type":"pong","id":${id}}`

/** The id of a `{"type":"ping","id":N}`; undefined for anything else. */
export function readPing(text: string): number | undefined {
  return Ping.safeParse(parseJson(text)).data?.id
}

const Ping = z.strictObject({ type: z.literal('ping'), id: z.int().nonnegative() })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
