"""Runs the migrations: one at a time, from any number of machines, all or none of them."""

import psycopg
from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from app.config import DatabaseSettings, read_database_settings
from app.db import Base
from app.engine import connection_arguments
from app.schema import MIGRATION_LOCK

READ_USER_TABLE = text("""
    SELECT bool_or(has_column_privilege(c.oid, a.attnum, 'REFERENCES') AND has_schema_privilege(n.oid, 'USAGE'))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
    WHERE n.nspname = :schema AND c.relname = 'user' AND c.relkind IN ('r', 'p')
""")


def run(settings: DatabaseSettings) -> None:
    arguments = connection_arguments(settings)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(**arguments), poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, auth_db_schema=settings.auth_db_schema)
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            refuse_without_user_table(connection, settings.auth_db_schema)
            context.run_migrations()


def refuse_without_user_table(connection: Connection, schema: str) -> None:
    """app_users points to better-auth's table: better to say what is missing than to fail in the middle of DDL."""
    may_reference = connection.execute(READ_USER_TABLE, {"schema": schema}).scalar()
    if may_reference is None:
        raise CommandError(f'There is no table "user" in schema {schema}: migrate the auth server first.')
    if not may_reference:
        raise CommandError(
            f'The role of BACKEND_DATABASE_URL may not reference "user"(id) in schema {schema}: '
            "the auth server's migration grants it to BACKEND_DB_ROLE."
        )


if context.is_offline_mode():
    raise CommandError("These migrations look at the database while they run: there is no --sql mode.")
run(read_database_settings())
