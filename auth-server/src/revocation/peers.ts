import { z } from 'zod'
import { FIRST_VERSION_LEASE_MS } from './lease-times.ts'
import { parseJson } from './protocol.ts'

/**
 * What auth servers of one database tell each other. A channel of its own: the first version reads what it does not
 * know on the channel of revocations as "forget everything".
 */
export const PEER_CHANNEL = 'auth_sidecar_leases'

/** Longer than any server may be set to grant; a longer one was not sent by a server. */
export const LONGEST_LEASE_MS = 10_000

/**
 * member: a sign of life of a server that may be about to grant leases. barrier: whoever hears it has heard every
 * revocation that was committed before it was sent. done: no lease of `id` is out any more that had not heard it too.
 */
export type PeerMessage =
  | { type: 'member'; id: string; leaseMs: number }
  | { type: 'barrier'; n: number; from: string }
  | { type: 'done'; n: number; from: string; id: string }

export function renderPeerMessage(schema: string, message: PeerMessage): string {
  const { type, ...rest } = message
  if (message.type !== 'member') return JSON.stringify({ schema, [type]: rest })
  return JSON.stringify({ schema, member: { id: message.id, lease_ms: message.leaseMs } })
}

/**
 * Undefined for what cannot be read, which anybody with access to the database can send: nothing follows from it, so that it
 * delays responses at most. "foreign": of the servers of another schema.
 */
export function readPeerMessage(payload: string, schema: string): PeerMessage | 'foreign' | undefined {
  const { data } = Payload.safeParse(parseJson(payload))
  if (!data) return undefined
  if (data.schema !== schema) return 'foreign'
  if ('member' in data) return { type: 'member', id: data.member.id, leaseMs: data.member.lease_ms }
  return 'barrier' in data ? { type: 'barrier', ...data.barrier } : { type: 'done', ...data.done }
}

const id = z.string().min(1).max(64)
const n = z.int().nonnegative()
const schema = z.string()
const lease_ms = z.int().min(FIRST_VERSION_LEASE_MS).max(LONGEST_LEASE_MS)
const Payload = z.union([
  z.strictObject({ schema, member: z.strictObject({ id, lease_ms }) }),
  z.strictObject({ schema, barrier: z.strictObject({ n, from: id }) }),
  z.strictObject({ schema, done: z.strictObject({ n, from: id, id }) }),
])
