-- The triggers of a release whose checks returned no "image", as it made them. Frozen: today's sources make others.
DROP TRIGGER IF EXISTS announce_delete ON public."session";
DROP TRIGGER IF EXISTS announce_update ON public."session";
DROP TRIGGER IF EXISTS announce_truncate ON public."session";
DROP TRIGGER IF EXISTS announce_delete ON public."user";
DROP TRIGGER IF EXISTS announce_update ON public."user";
DROP TRIGGER IF EXISTS announce_truncate ON public."user";

    -- SECURITY INVOKER, because it touches no table and anybody may notify. REPLACE: it may have outlived its tables.
    CREATE OR REPLACE FUNCTION public."announce_revocation"() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $function$
    DECLARE
      -- Counts within one transaction; a rolled back savepoint takes its share back.
      announced int := coalesce(nullif(current_setting('auth_sidecar.announced', true), ''), '0')::int + 1;
      payload json;
    BEGIN
      IF TG_OP = 'TRUNCATE' OR announced > 1000 THEN
        -- However often: PostgreSQL sends equal notifications of one transaction once.
        payload := json_build_object('schema', TG_TABLE_SCHEMA, 'flush', true);
      ELSE
        PERFORM set_config('auth_sidecar.announced', announced::text, true);
        payload := json_build_object('schema', TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD."id");
      END IF;
      PERFORM pg_notify('auth_sidecar_revocations', payload::text);
      RETURN NULL;
    END $function$;
    REVOKE ALL ON FUNCTION public."announce_revocation"() FROM PUBLIC;

    -- Not for a session that everybody has refused for an hour already, by whatever clock: cleaning up deletes those.
    CREATE TRIGGER announce_delete AFTER DELETE ON public."session" FOR EACH ROW
      WHEN (OLD."expiresAt" > now() - interval '1 hour') EXECUTE FUNCTION public."announce_revocation"();
    CREATE TRIGGER announce_update AFTER UPDATE ON public."session" FOR EACH ROW
      WHEN (NEW."expiresAt" < OLD."expiresAt" OR NEW."id" IS DISTINCT FROM OLD."id" OR NEW."token" IS DISTINCT FROM OLD."token" OR NEW."userId" IS DISTINCT FROM OLD."userId")
      EXECUTE FUNCTION public."announce_revocation"();
    CREATE TRIGGER announce_delete AFTER DELETE ON public."user" FOR EACH ROW EXECUTE FUNCTION public."announce_revocation"();
    CREATE TRIGGER announce_update AFTER UPDATE ON public."user" FOR EACH ROW
      WHEN (NEW."id" IS DISTINCT FROM OLD."id" OR NEW."email" IS DISTINCT FROM OLD."email" OR NEW."emailVerified" IS DISTINCT FROM OLD."emailVerified" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."role" IS DISTINCT FROM OLD."role" OR NEW."banned" IS DISTINCT FROM OLD."banned" OR NEW."banExpires" IS DISTINCT FROM OLD."banExpires" OR NEW."createdAt" IS DISTINCT FROM OLD."createdAt" OR NEW."updatedAt" IS DISTINCT FROM OLD."updatedAt") EXECUTE FUNCTION public."announce_revocation"();
    
    CREATE TRIGGER announce_truncate AFTER TRUNCATE ON public."session" FOR EACH STATEMENT EXECUTE FUNCTION public."announce_revocation"();
    -- ALWAYS: also for rows that replication or a restore changes.
    ALTER TABLE public."session" ENABLE ALWAYS TRIGGER announce_delete, ENABLE ALWAYS TRIGGER announce_update,
      ENABLE ALWAYS TRIGGER announce_truncate;
    CREATE TRIGGER announce_truncate AFTER TRUNCATE ON public."user" FOR EACH STATEMENT EXECUTE FUNCTION public."announce_revocation"();
    -- ALWAYS: also for rows that replication or a restore changes.
    ALTER TABLE public."user" ENABLE ALWAYS TRIGGER announce_delete, ENABLE ALWAYS TRIGGER announce_update,
      ENABLE ALWAYS TRIGGER announce_truncate;

    DROP TRIGGER announce_update ON public."session";
    CREATE TRIGGER announce_update AFTER UPDATE ON public."session" FOR EACH ROW
      WHEN (NEW."expiresAt" < OLD."expiresAt" OR NEW."id" IS DISTINCT FROM OLD."id" OR NEW."token" IS DISTINCT FROM OLD."token" OR NEW."userId" IS DISTINCT FROM OLD."userId" OR NEW."createdAt" IS DISTINCT FROM OLD."createdAt" OR NEW."ipAddress" IS DISTINCT FROM OLD."ipAddress" OR NEW."userAgent" IS DISTINCT FROM OLD."userAgent"
        OR NEW."expiresAt" = OLD."expiresAt" AND NEW."updatedAt" IS DISTINCT FROM OLD."updatedAt")
      EXECUTE FUNCTION public."announce_revocation"();
    ALTER TABLE public."session" ENABLE ALWAYS TRIGGER announce_update;
COMMENT ON TRIGGER announce_delete ON public."session" IS 'auth-sidecar a1e71d5837d9d8b4';
COMMENT ON TRIGGER announce_update ON public."session" IS 'auth-sidecar a1e71d5837d9d8b4';
COMMENT ON TRIGGER announce_truncate ON public."session" IS 'auth-sidecar a1e71d5837d9d8b4';
COMMENT ON TRIGGER announce_delete ON public."user" IS 'auth-sidecar a1e71d5837d9d8b4';
COMMENT ON TRIGGER announce_update ON public."user" IS 'auth-sidecar a1e71d5837d9d8b4';
COMMENT ON TRIGGER announce_truncate ON public."user" IS 'auth-sidecar a1e71d5837d9d8b4';
