/**
 * What a service must forget is announced by the database itself, because only it sees every way a session ends: hooks
 * miss SQL by hand, cascades, and all but the first hundred rows of better-auth's bulk deletes.
 *
 * WHEN decides before the function is called, so that a sign-in or a sliding refresh costs nothing and announces
 * nothing: a commit that notifies takes a lock that all of the cluster shares.
 */
export function revocationTriggers(table: (name: string) => string): string {
  const [session, user, announce] = [table('session'), table('user'), table('announce_revocation')]
  return `
    -- SECURITY INVOKER, because it touches no table and anybody may notify. REPLACE: it may have outlived its tables.
    CREATE OR REPLACE FUNCTION ${announce}() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $function$
    DECLARE
      -- Counts within one transaction; a rolled back savepoint takes its share back.
      announced int := coalesce(nullif(current_setting('auth_sidecar.announced', true), ''), '0')::int + 1;
      payload json;
    BEGIN
      IF TG_OP = 'TRUNCATE' OR announced > ${MOST_ANNOUNCED} THEN
        -- However often: PostgreSQL sends equal notifications of one transaction once.
        payload := json_build_object('schema', TG_TABLE_SCHEMA, 'flush', true);
      ELSE
        PERFORM set_config('auth_sidecar.announced', announced::text, true);
        payload := json_build_object('schema', TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD."id");
      END IF;
      PERFORM pg_notify('auth_sidecar_revocations', payload::text);
      RETURN NULL;
    END $function$;
    REVOKE ALL ON FUNCTION ${announce}() FROM PUBLIC;

    -- Not for a session that everybody has refused for an hour already, by whatever clock: cleaning up deletes those.
    CREATE TRIGGER announce_delete AFTER DELETE ON ${session} FOR EACH ROW
      WHEN (OLD."expiresAt" > now() - interval '1 hour') EXECUTE FUNCTION ${announce}();
    CREATE TRIGGER announce_update AFTER UPDATE ON ${session} FOR EACH ROW
      WHEN (NEW."expiresAt" < OLD."expiresAt" OR ${changed(['id', 'token', 'userId'])})
      EXECUTE FUNCTION ${announce}();
    CREATE TRIGGER announce_delete AFTER DELETE ON ${user} FOR EACH ROW EXECUTE FUNCTION ${announce}();
    CREATE TRIGGER announce_update AFTER UPDATE ON ${user} FOR EACH ROW
      WHEN (${changed(ANSWERED)}) EXECUTE FUNCTION ${announce}();
    ${[session, user]
      .map(
        (name) => `
    CREATE TRIGGER announce_truncate AFTER TRUNCATE ON ${name} FOR EACH STATEMENT EXECUTE FUNCTION ${announce}();
    -- ALWAYS: also for rows that replication or a restore changes.
    ALTER TABLE ${name} ENABLE ALWAYS TRIGGER announce_delete, ENABLE ALWAYS TRIGGER announce_update,
      ENABLE ALWAYS TRIGGER announce_truncate;`,
      )
      .join('')}`
}

/**
 * Also what a check answers of a session besides its end. An extension changes "updatedAt" too, and stays silent: it is
 * known from "expiresAt".
 */
export function describedSessionTrigger(table: (name: string) => string): string {
  const [session, announce] = [table('session'), table('announce_revocation')]
  return `
    DROP TRIGGER announce_update ON ${session};
    CREATE TRIGGER announce_update AFTER UPDATE ON ${session} FOR EACH ROW
      WHEN (NEW."expiresAt" < OLD."expiresAt" OR ${changed(['id', 'token', 'userId', 'createdAt', 'ipAddress', 'userAgent'])}
        OR NEW."expiresAt" = OLD."expiresAt" AND ${changed(['updatedAt'])})
      EXECUTE FUNCTION ${announce}();
    ALTER TABLE ${session} ENABLE ALWAYS TRIGGER announce_update;`
}

/** Then one "forget everything" is cheaper for everybody than as many ids again. */
const MOST_ANNOUNCED = 1000

/** What a session check reads of a user, see sessions/queries.ts. */
const ANSWERED = [
  'id',
  'email',
  'emailVerified',
  'name',
  'image',
  'role',
  'banned',
  'banExpires',
  'createdAt',
  'updatedAt',
]

const changed = (columns: string[]) =>
  columns.map((column) => `NEW."${column}" IS DISTINCT FROM OLD."${column}"`).join(' OR ')
