import type { ClientBase } from 'pg'
import { tableName } from '../database/names.ts'
import type { Env } from '../env.ts'

/** On each of the two tables, see database/revocation-triggers.ts. */
const TRIGGERS = ['announce_delete', 'announce_truncate', 'announce_update']

/** Throws where a restored dump, a migration that did not run, or somebody by hand left fewer than needed. */
export async function requireTriggers(client: ClientBase, env: Pick<Env, 'AUTH_DB_SCHEMA'>): Promise<void> {
  const tables = ['session', 'user'].map((table) => tableName(env, table))
  const { rows } = await client.query<{ armed: number }>(
    `SELECT count(*)::int AS "armed" FROM pg_catalog.pg_trigger
      WHERE tgrelid = ANY($1::regclass[]::oid[]) AND tgname = ANY($2::name[]) AND tgenabled = 'A'`,
    [tables, TRIGGERS],
  )
  if (rows[0]?.armed !== tables.length * TRIGGERS.length) throw new TriggersMissing()
}

class TriggersMissing extends Error {
  constructor() {
    super(
      'the triggers that announce revocations are missing or disabled: run the migrate command, or enable them again',
    )
    this.name = new.target.name
  }
}
