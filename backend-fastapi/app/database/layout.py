"""Where the tables of this service stand, and who may do what there. For its migrations."""

from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.engine import Row

from app.config import DatabaseSettings
from app.database.url import to_conninfo

VERSION_TABLE = "alembic_version"
_NOT_OURS = "user"  # better-auth's, which models may describe in order to refer to it

_SCHEMA = text("""
    SELECT has_schema_privilege(n.oid, 'CREATE') AS may_create, pg_get_userbyid(n.nspowner) AS owner
    FROM pg_catalog.pg_namespace n WHERE n.nspname = :schema
""")
_MAY_MAKE_SCHEMA = text("SELECT has_database_privilege(current_database(), 'CREATE')")
# Earlier versions left the place to the search_path of the role: its own schema, or public.
_ELSEWHERE = text("""
    SELECT n.nspname AS schema, c.relname AS name, pg_has_role(c.relowner, 'USAGE') AS is_ours,
           pg_get_userbyid(c.relowner) AS owner
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', current_user, :serving) AND n.nspname <> :schema
      AND c.relname = ANY (CAST(:names AS name[])) AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_class o JOIN pg_catalog.pg_namespace p ON p.oid = o.relnamespace
                      WHERE p.nspname = :schema AND o.relname = c.relname)
    ORDER BY c.oid
""")
_ROLES = text("""
    SELECT quote_ident(rolname) FROM pg_catalog.pg_roles WHERE rolname = :serving AND rolname <> current_user
""")


def prepare_layout(connection: Connection, settings: DatabaseSettings, metadata: MetaData) -> None:
    """The schema is there, and holds the tables of an earlier version. Raises CommandError, saying what to do."""
    _ensure_schema(connection, settings)
    schema = settings.backend_db_schema
    names = [VERSION_TABLE, *(name for name in metadata.tables if name != _NOT_OURS)]
    values: dict[str, object] = {"schema": schema, "serving": serving_role(settings), "names": names}
    for table in _tables_elsewhere(connection, values):
        if not table.is_ours:
            raise CommandError(
                f'Table {table.name} is where an earlier version put it, in {table.schema}, and is "{table.owner}"\'s: '
                f"run setup-database, or ALTER TABLE {table.schema}.{table.name} SET SCHEMA {schema} and OWNER TO the "
                f"role that migrates."
            )
        quote = connection.dialect.identifier_preparer.quote
        connection.execute(text(f"ALTER TABLE {quote(table.schema)}.{quote(table.name)} SET SCHEMA {schema}"))


def grant_to_serving(connection: Connection, settings: DatabaseSettings) -> None:
    """The role that serves uses the rows, and owns nothing: not even the list of migrations can be changed by it."""
    role = connection.execute(_ROLES, {"serving": serving_role(settings)}).scalar()
    if role is None:
        return
    schema = settings.backend_db_schema
    for statement in (
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON {schema}.{VERSION_TABLE} FROM {role}",
    ):
        connection.execute(text(statement))


def serving_role(settings: DatabaseSettings) -> str:
    """The user of BACKEND_DATABASE_URL."""
    return to_conninfo(settings.backend_database_url.get_secret_value()).get("user", "")


def _tables_elsewhere(connection: Connection, values: dict[str, object]) -> list[Row[tuple[str, str, bool, str]]]:
    """Only where the list of migrations is among them: tables of the same names may be somebody's."""
    found = list(connection.execute(_ELSEWHERE, values).all())
    places = {table.schema for table in found if table.name == VERSION_TABLE}
    return [table for table in found if table.schema in places]


def _ensure_schema(connection: Connection, settings: DatabaseSettings) -> None:
    schema = settings.backend_db_schema
    found = connection.execute(_SCHEMA, {"schema": schema}).one_or_none()
    if found is None and connection.execute(_MAY_MAKE_SCHEMA).scalar():
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        return
    if found is not None and found.may_create:
        return
    missing = "does not exist" if found is None else f'belongs to "{found.owner}"'
    raise CommandError(
        f"The schema {schema} of BACKEND_DB_SCHEMA {missing}, and the role that migrates may not create in it: "
        f"run setup-database, or as an administrator CREATE SCHEMA IF NOT EXISTS {schema}; "
        f"GRANT USAGE, CREATE ON SCHEMA {schema} TO that role."
    )
