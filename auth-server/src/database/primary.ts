import type { ClientBase } from 'pg'

/** A standby lags behind, and a read-only server takes no sign-in: what they say of a session is "don't know". */
export class NotPrimary extends Error {
  /** The SQLSTATE with which PostgreSQL refuses a write there, so that both are one error to whoever catches it. */
  readonly code = READ_ONLY

  constructor() {
    super('this is a standby or read-only server: the address must lead to the writable primary')
    this.name = new.target.name
  }
}

export const READ_ONLY = '25006'

const IS_READ_ONLY = `pg_catalog.pg_is_in_recovery() OR pg_catalog.current_setting('transaction_read_only') = 'on'`

/**
 * Each promotion begins a timeline: the first eight digits of the name of a WAL file. Every role may ask for it; the
 * control file has it too, and only from the first checkpoint after a promotion on.
 */
export const TIMELINE = `CASE WHEN NOT pg_catalog.pg_is_in_recovery()
  THEN pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) END`

/** Where WAL cannot be asked about, storage is the provider's, and a failover loses nothing of it. */
const NO_TIMELINE = 'NULL'
const CANNOT_ASK = new Set(['42501', '42883', '0A000', '55000'])

/** Before a connection to the primary is used. May refuse it. */
export type OnPrimary = (client: ClientBase, timeline: string) => Promise<void>

/**
 * On a new connection, before anybody uses it. One round trip, together with the settings that a start-up packet cannot
 * have. Gives the timeline, where it is known.
 */
export async function requirePrimary(client: ClientBase, settings: readonly string[] = []): Promise<string | null> {
  const ask = async (timeline: string) => {
    const columns = [`${IS_READ_ONLY} AS "isReadOnly"`, `${timeline} AS "timeline"`, ...settings]
    const { rows } = await client.query<Found>(`SELECT ${columns.join(', ')}`)
    return rows[0]
  }
  const found = await ask(TIMELINE).catch((error: { code?: string }) => {
    if (!CANNOT_ASK.has(error.code ?? '')) throw error
    return ask(NO_TIMELINE)
  })
  if (found?.isReadOnly !== false) throw new NotPrimary()
  return found.timeline
}

type Found = { isReadOnly: boolean; timeline: string | null }
