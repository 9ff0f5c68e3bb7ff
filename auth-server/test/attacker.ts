import pg from 'pg'
import type { TestDatabase } from './database.ts'

export const DENIED = '42501'

/** What a statement of this login ends with: its rows, or PostgreSQL's code. */
export async function connectAs(url: string) {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  const attempt = (text: string): Promise<unknown> =>
    client.query(text).then(
      (result) => (Array.isArray(result) ? result.flatMap(({ rows }) => rows) : result.rows),
      (error: pg.DatabaseError) => error.code,
    )
  return { attempt, end: () => client.end() }
}

/**
 * A database as version 0.3 of setup-database and the backend's first migrations left it: the role that serves may
 * create in public, owns its tables there, and may refer to users.
 */
export async function makeEarlierLayout(database: TestDatabase): Promise<void> {
  const { backendRole: role } = database
  await database.sql(`
    DROP SCHEMA app; GRANT USAGE, CREATE ON SCHEMA public TO "${role}"; GRANT REFERENCES (id) ON "user" TO "${role}";
    UPDATE auth_migration SET name = 'grants:${role}' WHERE name LIKE 'grants:%'`)
  const backend = await connectAs(database.backendUrl)
  await backend.attempt(`
    CREATE TABLE app_users (id serial PRIMARY KEY, user_id text UNIQUE REFERENCES "user" (id) ON DELETE CASCADE);
    CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), app_user_id int REFERENCES app_users ON DELETE CASCADE);
    CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('0002')`)
  await backend.end()
}

/**
 * Functions, operators, casts, types, domains, tables and views that PostgreSQL would take before its own, where our
 * statements looked into public. Each writes its name into public.ran as whoever runs it.
 */
export const PLANTED = `
  CREATE TABLE public.ran (what text, by text DEFAULT current_user); GRANT INSERT ON public.ran TO PUBLIC;
  CREATE FUNCTION public.note(what text) RETURNS void LANGUAGE sql AS $$INSERT INTO public.ran VALUES (what)$$;
  CREATE FUNCTION public.eq(oid, regclass) RETURNS boolean LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('=(oid,regclass)'); RETURN $1 = $2::oid; END$$;
  CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = public.eq);
  CREATE FUNCTION public.less(bigint, numeric) RETURNS boolean LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('<(bigint,numeric)'); RETURN $1 OPERATOR(pg_catalog.<) $2::bigint; END$$;
  CREATE OPERATOR public.< (LEFTARG = bigint, RIGHTARG = numeric, FUNCTION = public.less);
  CREATE FUNCTION public.times(numeric, integer) RETURNS numeric LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('*(numeric,integer)'); RETURN $1 OPERATOR(pg_catalog.*) $2::numeric; END$$;
  CREATE OPERATOR public.* (LEFTARG = numeric, RIGHTARG = integer, FUNCTION = public.times);
  CREATE FUNCTION public.format(text, text, text) RETURNS text LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('format(text,text,text)'); RETURN $1; END$$;
  CREATE FUNCTION public.date_trunc(varchar, timestamptz) RETURNS timestamptz LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('date_trunc(varchar)'); RETURN $2; END$$;
  CREATE FUNCTION public.make_interval(secs integer) RETURNS interval LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('make_interval(integer)'); RETURN '1 s'; END$$;
  CREATE FUNCTION public.pg_notify(varchar, varchar) RETURNS void LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('pg_notify(varchar)'); END$$;
  CREATE FUNCTION public.row_to_json(anyelement) RETURNS json LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('row_to_json(anyelement)'); RETURN '{}'; END$$;
  CREATE FUNCTION public.array_append(text[], varchar) RETURNS text[] LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('array_append(varchar)'); RETURN $1; END$$;
  CREATE TYPE public.pair AS (one text); CREATE FUNCTION public.to_text(public.pair) RETURNS text LANGUAGE plpgsql AS
    $$BEGIN PERFORM public.note('cast'); RETURN 'x'; END$$;
  CREATE DOMAIN public.timestamptz AS text; CREATE DOMAIN public.regclass AS text; CREATE DOMAIN public.name AS text;
  CREATE VIEW public.pg_trigger AS SELECT 'x'::pg_catalog.name AS tgname;
  CREATE VIEW public.pg_roles AS SELECT 'x'::pg_catalog.name AS rolname;
  CREATE TABLE public.pg_namespace (nspname text);`
