import pg, { type ClientBase } from 'pg'
import type { Log } from '../log.ts'
import type { Layout } from './backend-schema.ts'
import { DatabaseTaskFailed } from './task.ts'

type Owned = { kind: string; schema: string; name: string }
type Code = { statement: string; dependent: string | null }

const quoted = pg.escapeIdentifier

/**
 * Earlier versions let the role that serves requests own its tables, in the schema of the auth server's. They go to the
 * role that migrates, and into the backend's schema. Its functions and operators stay where they are, for somebody to
 * look at: nothing of ours can reach them, as long as nothing that is handed over depends on them.
 */
export async function takeOver(client: ClientBase, layout: Layout, log: Log): Promise<void> {
  const { roles, schemas } = layout
  if (roles.backend !== roles.backendOwner) await refuseCodeInTables(client, layout, log)
  const { rows } = await client.query<Owned>(OWNED, [roles.backend])
  for (const { kind, schema, name } of rows) {
    let [place, moved] = [schema, false]
    if (schema !== schemas.backend && ['public', schemas.auth].includes(schema)) {
      await refuseSecond(client, layout, name, schema)
      await client.query(`ALTER ${kind} ${quoted(schema)}.${quoted(name)} SET SCHEMA ${quoted(schemas.backend)}`)
      ;[place, moved] = [schemas.backend, true]
    }
    if (roles.backend !== roles.backendOwner) {
      await client.query(`ALTER ${kind} ${quoted(place)}.${quoted(name)} OWNER TO ${quoted(roles.backendOwner)}`)
    }
    if (moved || roles.backend !== roles.backendOwner) {
      log.info({ kind, from: `${schema}.${name}`, to: place, owner: roles.backendOwner }, 'taken over for the backend')
    }
  }
}

/** A trigger, rule, index, check or default would run it as the new owner of the table, or as whoever deletes a user. */
async function refuseCodeInTables(client: ClientBase, { roles, schemas }: Layout, log: Log): Promise<void> {
  const { rows } = await client.query<Code>(CODE, [roles.backend, schemas.backend])
  const harmless = rows.filter(({ dependent }) => dependent === null).map(({ statement }) => `DROP ${statement}`)
  if (harmless.length > 0) {
    const advice = 'look at them, and drop what nobody needs: they stay where psql would find them'
    log.warn({ role: roles.backend, drop: harmless }, `the backend role owns functions or operators: ${advice}`)
  }
  const used = rows.filter(({ dependent }) => dependent !== null)
  if (used.length === 0) return
  const list = used.map(
    ({ statement, dependent }) =>
      `\n  ${dependent} runs it: DROP ${statement} CASCADE, or ALTER ${statement} OWNER TO ${quoted(roles.backendOwner)}`,
  )
  throw new DatabaseTaskFailed(
    `The role "${roles.backend}" owns code that its tables run, and nothing was changed: it would run with the rights of ` +
      `"${roles.backendOwner}". Read each, then drop it or hand it over, and run setup-database again:${list.join('')}`,
  )
}

async function refuseSecond(client: ClientBase, { schemas }: Layout, name: string, schema: string): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2`,
    [schemas.backend, name],
  )
  if (rowCount === 0) return
  throw new DatabaseTaskFailed(
    `There are both ${schema}.${name} and ${schemas.backend}.${name}, and nothing was changed. ` +
      'Drop or rename the one that is not needed, and run setup-database again.',
  )
}

/** Tables with what belongs to them (indexes, sequences of columns, row types) and types of their own. */
const OWNED = `
  SELECT CASE i.type WHEN 'composite type' THEN 'TYPE' ELSE pg_catalog.upper(i.type) END AS "kind",
         n.nspname AS "schema", coalesce(c.relname, t.typname) AS "name"
    FROM pg_catalog.pg_shdepend d
    CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, 0) i
    LEFT JOIN pg_catalog.pg_class c ON d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid
    LEFT JOIN pg_catalog.pg_type t ON d.classid = 'pg_catalog.pg_type'::regclass AND t.oid = d.objid
    JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(c.relnamespace, t.typnamespace)
   WHERE d.deptype = 'o' AND d.refclassid = 'pg_catalog.pg_authid'::regclass
     AND d.refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1)
     AND d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
     AND (c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') OR t.typtype IN ('e', 'd', 'r', 'b', 'c') AND t.typelem = 0)
     AND n.nspname NOT LIKE 'pg\\_%'
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend a
                      WHERE a.classid = d.classid AND a.objid = d.objid AND a.objsubid = 0
                        AND a.deptype IN ('a', 'i') AND a.refclassid = 'pg_catalog.pg_class'::regclass AND c.relkind = 'S')
   ORDER BY d.classid, d.objid`

/**
 * What of the role can run, once for each thing that would run it and is no such code itself. Code in the backend's own
 * schema can always be found there.
 */
const CODE = `
  WITH mine AS (
    SELECT d.classid, d.objid FROM pg_catalog.pg_shdepend d
     WHERE d.deptype = 'o' AND d.refclassid = 'pg_catalog.pg_authid'::regclass
       AND d.refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1)
       AND d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
       AND d.classid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass,
                         'pg_catalog.pg_opclass'::regclass, 'pg_catalog.pg_opfamily'::regclass)),
  runs AS (
    SELECT d.refclassid AS classid, d.refobjid AS objid,
           pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS "dependent"
      FROM pg_catalog.pg_depend d JOIN mine m ON m.classid = d.refclassid AND m.objid = d.refobjid
     WHERE NOT EXISTS (SELECT FROM mine o WHERE o.classid = d.classid AND o.objid = d.objid)
       AND d.deptype IN ('n', 'a', 'i'))
  SELECT DISTINCT pg_catalog.upper(i.type) || ' ' || i.identity AS "statement",
         coalesce(r."dependent", CASE WHEN i.schema = $2 THEN 'schema ' || i.schema END) AS "dependent"
    FROM mine m CROSS JOIN LATERAL pg_catalog.pg_identify_object(m.classid, m.objid, 0) i
    LEFT JOIN runs r ON r.classid = m.classid AND r.objid = m.objid
   ORDER BY 1, 2`
