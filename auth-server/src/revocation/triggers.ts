import type { ClientBase } from 'pg'
import { storedTableName } from '../database/names.ts'
import { columnIn, type Names, tableIn } from '../database/naming/names.ts'
import type { NeededTriggers } from '../database/schema/needed.ts'
import type { Env } from '../env.ts'
import { columnsOf } from '../sessions/fields.ts'

const TABLES = ['session', 'user'] as const
type Table = (typeof TABLES)[number]
type Naming = { qualify: (name: string) => string; names: Names }
const NAMES = ['announce_delete', 'announce_update', 'announce_truncate']
const FUNCTION = 'announce_revocation'

/** Ids that one transaction announces. More than that, and one flush costs every service less. */
const MAX_ANNOUNCED = 1000

/**
 * What a service must forget is announced by the database itself, because only it sees every way in which a session
 * ends: hooks miss SQL by hand, cascades, and all but the first hundred rows of better-auth's bulk deletes. `migrate`
 * makes the triggers again whenever they differ: docs/decisions/0048-session-fields-and-triggers.md.
 */
export function revocationTriggers({ names, userFields }: Pick<Env, 'names' | 'userFields'>): NeededTriggers {
  const visible = userFields.filter(({ services }) => services).map(({ name }) => name)
  const columns = TABLES.map((table) => [
    tableIn(names, table),
    [...announcedColumns(table), ...(table === 'user' ? visible : [])].map((column) => columnIn(names, table, column)),
  ])
  return {
    function: FUNCTION,
    tables: TABLES.map((table) => tableIn(names, table)),
    names: NAMES,
    columns: Object.fromEntries(columns),
    sql: (qualify, announced) => createTriggers({ qualify, names }, announced),
  }
}

/** Those whose every change is announced; the others have a condition of their own. */
function announcedColumns(table: Table): string[] {
  return columnsOf(table)
    .filter(([, { use, announcedIf }]) => use !== 'unused' && announcedIf === undefined)
    .map(([name]) => name)
}

/**
 * WHEN decides before the function is called, so that a sign-in or a refresh costs nothing and announces nothing: a
 * commit that notifies takes a lock that the whole cluster shares.
 */
function createTriggers({ qualify, names }: Naming, columns: NeededTriggers['columns']): string {
  const table = (name: Table) => qualify(tableIn(names, name))
  const [session, user, announce] = [table('session'), table('user'), qualify(FUNCTION)]
  return `
    -- SECURITY INVOKER, because it reads no table and every role may notify. REPLACE: it may have outlived its tables.
    CREATE OR REPLACE FUNCTION ${announce}() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $function$
    DECLARE
      -- Counts within one transaction; a savepoint that is rolled back takes its share back.
      announced int := coalesce(nullif(current_setting('auth_sidecar.announced', true), ''), '0')::int + 1;
      payload json;
    BEGIN
      IF TG_OP = 'TRUNCATE' OR announced > ${MAX_ANNOUNCED} THEN
        -- However often: PostgreSQL sends equal notifications of one transaction once.
        payload := json_build_object('schema', TG_TABLE_SCHEMA, 'flush', true);
      ELSE
        PERFORM set_config('auth_sidecar.announced', announced::text, true);
        payload := json_build_object('schema', TG_TABLE_SCHEMA, ${announcedAs(names)}, OLD."id");
      END IF;
      PERFORM pg_notify('auth_sidecar_revocations', payload::text);
      RETURN NULL;
    END $function$;
    REVOKE ALL ON FUNCTION ${announce}() FROM PUBLIC;

    -- Not for a session that every server has refused for an hour, whatever its clock: the cleanup deletes those.
    CREATE TRIGGER announce_delete AFTER DELETE ON ${session} FOR EACH ROW
      WHEN (${named(`OLD."expiresAt" > now() - interval '1 hour'`, 'session', names)}) EXECUTE FUNCTION ${announce}();
    CREATE TRIGGER announce_delete AFTER DELETE ON ${user} FOR EACH ROW EXECUTE FUNCTION ${announce}();
    ${TABLES.map(
      (name) => `
    CREATE TRIGGER announce_update AFTER UPDATE ON ${table(name)} FOR EACH ROW
      WHEN (${updateCondition(name, columns[tableIn(names, name)] ?? [], names)}) EXECUTE FUNCTION ${announce}();
    CREATE TRIGGER announce_truncate AFTER TRUNCATE ON ${table(name)} FOR EACH STATEMENT EXECUTE FUNCTION ${announce}();
    -- ALWAYS: also for rows that replication or a restore changes.
    ALTER TABLE ${table(name)} ENABLE ALWAYS TRIGGER announce_delete, ENABLE ALWAYS TRIGGER announce_update,
      ENABLE ALWAYS TRIGGER announce_truncate;`,
    ).join('')}`
}

/** What was changed, in the words of protocol.ts. */
function announcedAs(names: Names): string {
  const renamed = TABLES.filter((table) => tableIn(names, table) !== table)
  if (renamed.length === 0) return 'TG_TABLE_NAME'
  const cases = renamed.map((table) => `WHEN '${tableIn(names, table)}' THEN '${table}'`)
  return `CASE TG_TABLE_NAME ${cases.join(' ')} ELSE TG_TABLE_NAME END`
}

const named = (condition: string, table: Table, names: Names) =>
  condition.replace(/"(\w+)"/g, (_, column: string) => `"${columnIn(names, table, column)}"`)

function updateCondition(table: Table, columns: readonly string[], names: Names): string {
  return [
    ...columnsOf(table).flatMap(([, { announcedIf }]) => (announcedIf ? [named(announcedIf, table, names)] : [])),
    ...columns.map((column) => `NEW."${column}" IS DISTINCT FROM OLD."${column}"`),
  ].join(' OR ')
}

/** Throws where a restored dump, a migration that did not run, or SQL by hand left fewer than needed. */
export async function requireTriggers(client: ClientBase, env: Pick<Env, 'AUTH_DB_SCHEMA' | 'names'>): Promise<void> {
  const tables = TABLES.map((table) => storedTableName(env, table))
  const { rows } = await client.query<{ armed: number }>(
    `SELECT count(*)::int AS "armed" FROM pg_catalog.pg_trigger
      WHERE tgrelid = ANY($1::regclass[]::oid[]) AND tgname = ANY($2::name[]) AND tgenabled = 'A'`,
    [tables, NAMES],
  )
  if (rows[0]?.armed !== tables.length * NAMES.length) throw new TriggersMissing()
}

class TriggersMissing extends Error {
  constructor() {
    super(
      'the triggers that announce revocations are missing or disabled: run the migrate command, or enable them again',
    )
    this.name = new.target.name
  }
}
