import type { ClientBase } from 'pg'
import { PIN_NEWER } from './session-settings.ts'

/** A standby lags behind, and a read-only server takes no sign-in: what they say of a session is "don't know". */
class NotPrimary extends Error {
  /** The SQLSTATE with which PostgreSQL refuses a write there, so that both are one error to whoever catches it. */
  readonly code = READ_ONLY

  constructor() {
    super('this is a standby or read-only server: the address must lead to the writable primary')
    this.name = new.target.name
  }
}

export const READ_ONLY = '25006'

const IS_READ_ONLY = `pg_catalog.pg_is_in_recovery() OR pg_catalog.current_setting('transaction_read_only') = 'on'`

/** On a new connection, before anybody uses it: one round trip, with the settings that a start-up packet cannot have. */
export async function pinToPrimary(client: ClientBase): Promise<void> {
  await requirePrimary(client, PIN_NEWER)
}

/** On a new connection through a pooler, which leads to other servers later: nothing can be set there. */
export async function requirePrimary(client: ClientBase, settings: readonly string[] = []): Promise<void> {
  const columns = [`${IS_READ_ONLY} AS "isReadOnly"`, ...settings]
  const { rows } = await client.query<{ isReadOnly: boolean }>(`SELECT ${columns.join(', ')}`)
  if (rows[0]?.isReadOnly !== false) throw new NotPrimary()
}
