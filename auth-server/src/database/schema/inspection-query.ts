/**
 * $1 schema, $2 names of tables, $3 names in lower case that are similar to them, $4 name of a function. Qualified, and with operators of
 * exactly these types: nothing here is resolved in a schema where another role may create.
 */
export const INSPECTION = `
  WITH t AS (
    SELECT c.* FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1::pg_catalog.name AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND (c.relname = ANY($2::pg_catalog.name[])
            OR pg_catalog.lower(c.relname::pg_catalog.text) = ANY($3::pg_catalog.text[]))
  )
  SELECT pg_catalog.json_build_object(
    'role', current_user,
    'schemaExists', n.oid IS NOT NULL,
    'mayCreate', coalesce(pg_catalog.has_schema_privilege(n.oid, 'CREATE'),
                          pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')),
    'relations', ARRAY(SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid),
    'functionBody', (SELECT CASE WHEN NOT p.prosecdef AND p.proconfig = ARRAY['search_path=pg_catalog, pg_temp'] THEN p.prosrc END
                   FROM pg_catalog.pg_proc p
                  WHERE p.pronamespace = n.oid AND p.proname = $4::pg_catalog.name AND p.pronargs = 0),
    'tables', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', t.relname,
      'kind', t.relkind,
      'owner', pg_catalog.pg_get_userbyid(t.relowner),
      'isOwned', pg_catalog.pg_has_role(t.relowner, 'USAGE'),
      'isWritable', pg_catalog.has_table_privilege(t.oid, 'SELECT') AND pg_catalog.has_table_privilege(t.oid, 'INSERT')
                AND pg_catalog.has_table_privilege(t.oid, 'UPDATE') AND pg_catalog.has_table_privilege(t.oid, 'DELETE'),
      'isLogged', t.relpersistence = 'p',
      'hidesRows', t.relrowsecurity AND pg_catalog.row_security_active(t.oid),
      'rules', ARRAY(SELECT w.rulename FROM pg_catalog.pg_rewrite w WHERE w.ev_class = t.oid AND t.relkind = 'r' ORDER BY 1),
      'hasChildren', EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = t.oid OR i.inhrelid = t.oid),
      'columns', ${columns()},
      'indexes', ${indexes()},
      'foreignKeys', ${foreignKeys()},
      'triggers', ${triggers()})) FROM t), '[]')
  ) AS "found"
  FROM (SELECT) one LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = $1::pg_catalog.name`

function columns(): string {
  return `coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
             'name', a.attname,
             'type', CASE tn.nspname WHEN 'pg_catalog' THEN y.typname::pg_catalog.text
                     ELSE pg_catalog.format('%I.%I', tn.nspname, y.typname) END,
             'written', pg_catalog.format_type(a.atttypid, a.atttypmod),
             'length', CASE WHEN a.atttypmod >= 4 AND y.typname IN ('varchar', 'bpchar') THEN a.atttypmod - 4 END,
             'isNullable', NOT (a.attnotnull OR d.typnotnull),
             'default', pg_catalog.pg_get_expr(f.adbin, f.adrelid),
             'isIdentity', a.attidentity <> '',
             'isGenerated', a.attgenerated <> '') ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_type d ON d.oid = a.atttypid
      JOIN pg_catalog.pg_type y ON y.oid = CASE d.typtype WHEN 'd' THEN d.typbasetype ELSE d.oid END
      JOIN pg_catalog.pg_namespace tn ON tn.oid = y.typnamespace
      LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
     WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]')`
}

function indexes(): string {
  return `coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
             'name', ic.relname,
             'isPrimary', i.indisprimary,
             'isUnique', i.indisunique,
             'isWhole', i.indisvalid AND i.indisready AND i.indpred IS NULL,
             'method', am.amname,
             'constraint', (SELECT co.conname FROM pg_catalog.pg_constraint co
                             WHERE co.conindid = i.indexrelid AND co.contype IN ('p', 'u', 'x')),
             'key', ARRAY(SELECT pg_catalog.json_build_object('column', ka.attname,
                                 'expression', pg_catalog.pg_get_indexdef(i.indexrelid, k, false))
                            FROM pg_catalog.generate_series(1, i.indnkeyatts::pg_catalog.int4) k
                            LEFT JOIN pg_catalog.pg_attribute ka
                              ON ka.attrelid = t.oid AND ka.attnum = i.indkey[k - 1] AND ka.attnum > 0
                           ORDER BY k)) ORDER BY ic.relname)
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
      JOIN pg_catalog.pg_am am ON am.oid = ic.relam
     WHERE i.indrelid = t.oid), '[]')`
}

function foreignKeys(): string {
  const names = (table: string, numbers: string) => `ARRAY(
    SELECT a.attname FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY u(number, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = ${table} AND a.attnum = u.number ORDER BY u.place)`
  return `coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
             'name', co.conname,
             'columns', ${names('co.conrelid', 'co.conkey')},
             'schema', fn.nspname,
             'table', fc.relname,
             'references', ${names('co.confrelid', 'co.confkey')},
             'onDelete', co.confdeltype,
             'isValid', co.convalidated) ORDER BY co.conname)
      FROM pg_catalog.pg_constraint co
      JOIN pg_catalog.pg_class fc ON fc.oid = co.confrelid
      JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
     WHERE co.conrelid = t.oid AND co.contype = 'f'), '[]')`
}

function triggers(): string {
  return `coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
             'name', g.tgname,
             'isAlways', g.tgenabled = 'A',
             'functionSchema', pn.nspname,
             'function', p.proname,
             'comment', pg_catalog.obj_description(g.oid, 'pg_trigger')) ORDER BY g.tgname)
      FROM pg_catalog.pg_trigger g
      JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
      JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
     WHERE g.tgrelid = t.oid AND NOT g.tgisinternal), '[]')`
}
