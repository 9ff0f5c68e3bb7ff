import type { ClientBase } from 'pg'
import { storedTableName, tableName } from '../database/names.ts'
import type { Env } from '../env.ts'

/** The tables that an import reads and writes, and the type of a user's id: as SQL. */
export type Names = Record<'user' | 'account' | 'session' | 'events' | 'ledger', string> & {
  idType: 'text' | 'uuid'
  /** What they are called in the database: for values of statements, and for people. */
  stored: { user: string; filled: string[] }
}

/** Tables that another tool made may have ids of type uuid. */
export async function readNames(client: ClientBase, env: Pick<Env, 'AUTH_DB_SCHEMA' | 'names'>): Promise<Names> {
  const user = tableName(env, 'user')
  const { rows } = await client.query<{ isUuid: boolean }>(
    `SELECT atttypid = 'pg_catalog.uuid'::pg_catalog.regtype AS "isUuid" FROM pg_catalog.pg_attribute
      WHERE attrelid = $1::pg_catalog.regclass AND attname = 'id'`,
    [storedTableName(env, 'user')],
  )
  return {
    user,
    account: tableName(env, 'account'),
    session: tableName(env, 'session'),
    events: tableName(env, 'audit_event'),
    ledger: tableName(env, 'auth_import'),
    stored: {
      user: storedTableName(env, 'user'),
      filled: ['user', 'account', 'audit_event', 'auth_import'].map((table) => storedTableName(env, table)),
    },
    idType: rows[0]?.isUuid ? 'uuid' : 'text',
  }
}
