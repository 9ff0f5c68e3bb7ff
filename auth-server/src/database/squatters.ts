import type { BetterAuthOptions } from 'better-auth'
import { getSchema } from 'better-auth/db'
import type { Env } from '../env.ts'
import type { Ask } from './ask.ts'
import { tableIn } from './naming/names.ts'
import { DatabaseTaskFailed } from './task.ts'

const OURS = ['auth_migration', 'auth_import', 'announce_revocation']

type SquatterEnv = Pick<Env, 'AUTH_DB_SCHEMA' | 'BACKEND_DB_ROLE' | 'BACKEND_DB_SCHEMA' | 'names'>
type Squatter = { what: string; name: string; owner: string; heir: string }

/**
 * A table, view, type or function of another role under a name that this server needs would be used as its own, with
 * whatever its owner makes of it later.
 */
export async function refuseSquatters(ask: Ask, options: BetterAuthOptions, env: SquatterEnv): Promise<void> {
  const rows = await findSquatters(ask, options, env)
  if (rows.length === 0) return
  const list = rows.map(
    ({ what, name, owner, heir }) =>
      `\n  ${what} ${name}, owned by ${owner}\n    ALTER ${what.toUpperCase()} ${name} OWNER TO ${heir};`,
  )
  throw new DatabaseTaskFailed(
    `Another role owns what this server needs for itself, and nothing was changed:${list.join('')}\n` +
      'Drop or rename each; or, if it is yours, give it to the role of DATABASE_URL with that statement. Then migrate again.',
  )
}

export function findSquatters(ask: Ask, options: BetterAuthOptions, env: SquatterEnv): Promise<Squatter[]> {
  const names = [...Object.keys(getSchema(options)), ...OURS].map((name) => tableIn(env.names, name))
  return ask<Squatter>(FIND, [env.AUTH_DB_SCHEMA, names, env.BACKEND_DB_ROLE, env.BACKEND_DB_SCHEMA])
}

/** A superuser is a member of every role: the backend's are named, since theirs must never be used. */
const FIND = `
  WITH named AS (
    SELECT 'pg_catalog.pg_class'::regclass::oid AS class, oid, relname AS name, relnamespace AS place, relowner AS owner
      FROM pg_catalog.pg_class
    UNION ALL SELECT 'pg_catalog.pg_type'::regclass::oid, oid, typname, typnamespace, typowner FROM pg_catalog.pg_type
               WHERE typrelid = 0
    UNION ALL SELECT 'pg_catalog.pg_proc'::regclass::oid, oid, proname, pronamespace, proowner FROM pg_catalog.pg_proc
               WHERE pronargs = 0)
  SELECT i.type AS "what", i.identity AS "name", r.rolname::text AS "owner",
         pg_catalog.quote_ident(current_user) AS "heir"
    FROM named o JOIN pg_catalog.pg_namespace n ON n.oid = o.place JOIN pg_catalog.pg_roles r ON r.oid = o.owner
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.class, o.oid, 0) i
   WHERE n.nspname = $1 AND o.name = ANY($2::name[]) AND r.rolname <> current_user
     AND (NOT pg_catalog.pg_has_role(r.oid, 'USAGE') OR r.rolname = $3
          OR r.oid = (SELECT nspowner FROM pg_catalog.pg_namespace WHERE nspname = $4))`
