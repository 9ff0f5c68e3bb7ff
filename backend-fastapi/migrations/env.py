"""Runs the migrations: one at a time, from any number of machines, all or none of them."""

from typing import Any

import psycopg
from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from app.config import DatabaseSettings, read_database_settings
from app.database.auth_tables import user_table_name
from app.database.base import Base
from app.database.engine import migration_arguments
from app.database.layout import grant_to_serving, prepare_layout
from app.database.migrations import MIGRATION_LOCK
from app.database.session_settings import READ_SETTINGS, migration_settings, misconfigurations, transaction_settings
from app.notes import model as notes
from app.users import model as users
from auth_sidecar.alembic import only_tables_of

# A model that is not imported is a table that nobody compares: name each one here.
MODELS = (users.AppUserRow, notes.Note)
READ_USER_TABLE = text("""
    SELECT bool_or(has_column_privilege(c.oid, a.attnum, 'REFERENCES') AND has_schema_privilege(n.oid, 'USAGE'))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
    WHERE n.nspname = :schema AND c.relname = :name AND c.relkind IN ('r', 'p')
""")


def run(settings: DatabaseSettings) -> None:
    arguments = migration_arguments(settings)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(**arguments), poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options(settings))
        with context.begin_transaction():
            connection.exec_driver_sql(transaction_settings(migration_settings(settings)))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            refuse_misconfigured(connection)
            prepare_layout(connection, settings, Base.metadata)
            refuse_without_user_table(connection, settings)
            context.run_migrations()
            grant_to_serving(connection, settings)


def refuse_misconfigured(connection: Connection) -> None:
    problems = misconfigurations(*connection.exec_driver_sql(READ_SETTINGS).one())
    if problems:
        raise CommandError(f"The database is not usable: {'; '.join(problems)}.")


def write_sql(settings: DatabaseSettings) -> None:
    """For `--sql`: the same statements, to be read or run by somebody else, without a look at the database."""
    context.configure(dialect_name="postgresql", literal_binds=True, **options(settings))
    with context.begin_transaction():
        context.execute(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        context.run_migrations()


def options(settings: DatabaseSettings) -> dict[str, Any]:
    return {
        "target_metadata": Base.metadata,
        "include_object": only_tables_of(Base.metadata),
        "compare_server_default": True,
        "process_revision_directives": leave_out_empty,
        "auth_db_schema": settings.auth_db_schema,
        "auth_user_table": user_table_name(settings.auth_table_names),
    }


def leave_out_empty(_context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
    """No file for a comparison that has found nothing. `alembic check` wants to see that for itself."""
    is_revision = getattr(context.config.cmd_opts, "autogenerate", False)
    if is_revision and all(operations.is_empty() for script in directives for operations in script.upgrade_ops_list):
        directives.clear()


def refuse_without_user_table(connection: Connection, settings: DatabaseSettings) -> None:
    """app_users points to better-auth's table: better to say what is missing than to fail in the middle of DDL."""
    schema, name = settings.auth_db_schema, user_table_name(settings.auth_table_names)
    may_reference = connection.execute(READ_USER_TABLE, {"schema": schema, "name": name}).scalar()
    if may_reference is None:
        raise CommandError(f'There is no table "{name}" in schema {schema}: migrate the auth server first.')
    if not may_reference:
        raise CommandError(
            f'The role that migrates may not reference "{name}"(id) in schema {schema}: the auth server\'s migration '
            "grants it to the owner of BACKEND_DB_SCHEMA, or to BACKEND_DB_ROLE where that schema is its own."
        )


if context.is_offline_mode():
    write_sql(read_database_settings())
else:
    run(read_database_settings())
