"""Where the tables stand and who owns them: on a new database, and on one of an earlier version."""

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.support.database import Database, Server

OWNERS = SQL("""
    SELECT c.relname, n.nspname, pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname IN ('app_users', 'notes', 'alembic_version') ORDER BY 1
""")


def _attempt(url: str, statement: str) -> str | None:
    """None, or the SQLSTATE of the refusal."""
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())
    except psycopg.Error as error:
        return error.sqlstate
    return None


@pytest.fixture
def earlier(postgres: Server) -> Database:
    """One role that owns its tables, in public."""
    database = postgres.new_database()
    with database.admin() as admin:
        for statement in (
            "DROP SCHEMA app",
            'GRANT REFERENCES (id) ON "user" TO {role}',
            "CREATE TABLE public.app_users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), "
            'user_id text NOT NULL UNIQUE REFERENCES "user" (id) ON DELETE CASCADE, '
            "email text NOT NULL, name text NOT NULL, "
            "created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now())",
            "CREATE TABLE public.alembic_version (version_num varchar(32) PRIMARY KEY)",
            "INSERT INTO public.alembic_version VALUES ('0001')",
            "ALTER TABLE public.app_users OWNER TO {role}",
            "ALTER TABLE public.alembic_version OWNER TO {role}",
        ):
            admin.execute(SQL(statement).format(role=Identifier(postgres.role)))
    return database


def test_the_role_that_serves_owns_nothing_and_cannot_change_what_was_migrated(
    postgres: Server, database: Database
) -> None:
    assert {row["nspname"] for row in database.rows(OWNERS)} == {"app"}
    assert {row["owner"] for row in database.rows(OWNERS)} == {postgres.owner}
    for statement in (
        "CREATE TABLE app.x ()",
        "DELETE FROM app.alembic_version",
        "UPDATE app.alembic_version SET version_num = '0001'",
        "TRUNCATE app.notes",
        "CREATE TRIGGER x BEFORE DELETE ON app.notes EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ):
        assert _attempt(database.url, statement) == "42501", statement


def test_with_one_role_the_tables_of_an_earlier_version_are_brought_along(postgres: Server, earlier: Database) -> None:
    with earlier.admin() as admin:
        admin.execute(SQL("CREATE SCHEMA app AUTHORIZATION {}").format(Identifier(postgres.role)))

    ended = earlier.migrate(BACKEND_MIGRATION_DATABASE_URL="")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert [tuple(row.values()) for row in earlier.rows(OWNERS)] == [
        (name, "app", postgres.role) for name in ("alembic_version", "app_users", "notes")
    ]
    assert earlier.rows(SQL("SELECT version_num FROM app.alembic_version")) == [{"version_num": "0002"}]


def test_a_schema_that_the_role_may_not_make_is_said_with_the_sql(earlier: Database) -> None:
    ended = earlier.migrate(BACKEND_MIGRATION_DATABASE_URL="")

    assert ended.returncode == 1
    assert "CREATE SCHEMA IF NOT EXISTS app; GRANT USAGE, CREATE ON SCHEMA app TO" in ended.stderr


def test_tables_of_another_owner_are_said_rather_than_made_a_second_time(postgres: Server, earlier: Database) -> None:
    with earlier.admin() as admin:
        admin.execute(SQL("CREATE SCHEMA app AUTHORIZATION {}").format(Identifier(postgres.owner)))

    ended = earlier.migrate()

    assert ended.returncode == 1
    assert "run setup-database, or ALTER TABLE public.app_users SET SCHEMA app" in ended.stderr
    assert {row["nspname"] for row in earlier.rows(OWNERS)} == {"public"}
