"""`python -m app.migrate`, on real databases."""

import time
import uuid
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from app.config import Config, DatabaseSettings
from app.database.migrations import MIGRATION_LOCK, MIGRATIONS_FOLDER
from app.main import create_app
from tests.support.database import Database, Server, run_python
from tests.support.fake_auth_server import FakeAuthServer, FakeUser

COLUMNS = SQL("""
    SELECT column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_name = %s ORDER BY ordinal_position
""")


def test_app_users_is_as_designed(database: Database) -> None:
    columns = [tuple(row.values()) for row in database.rows(COLUMNS, "app_users")]

    assert columns == [
        ("id", "uuid", "NO"),
        ("user_id", "text", "NO"),
        ("email", "text", "NO"),
        ("name", "text", "NO"),
        ("created_at", "timestamp with time zone", "NO"),
        ("updated_at", "timestamp with time zone", "NO"),
    ]


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert database.migrate().returncode == 0


def test_four_at_once_apply_each_migration_once(postgres: Server) -> None:
    database = postgres.new_database()

    with ThreadPoolExecutor(4) as pool:
        ended = [future.result() for future in [pool.submit(database.migrate) for _ in range(4)]]

    assert [process.returncode for process in ended] == [0] * 4
    assert sum(process.stdout.count("Running upgrade") for process in ended) == len(
        list(MIGRATIONS_FOLDER.glob("versions/*.py"))
    )


def test_a_migration_waits_for_the_one_under_way(postgres: Server) -> None:
    database = postgres.new_database()

    with ThreadPoolExecutor(1) as pool, database.admin() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        ended = pool.submit(database.migrate)
        deadline = time.monotonic() + 60
        while not database.rows(SQL("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")):
            assert time.monotonic() < deadline
            assert not ended.done()
            time.sleep(0.05)
        other.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])

        assert ended.result().returncode == 0


def test_all_migrations_go_back_and_forth(postgres: Server) -> None:
    database = postgres.new_database()
    database.migrate().check_returncode()

    for target in ("base", "head"):
        command = "downgrade" if target == "base" else "upgrade"
        run_python("-m", "alembic", command, target, **database.variables).check_returncode()

    assert len(database.rows(COLUMNS, "notes")) == 4


def test_the_auth_tables_may_live_in_another_schema(postgres: Server) -> None:
    database = postgres.new_database("auth")

    assert database.migrate(AUTH_DB_SCHEMA="auth").returncode == 0

    (row,) = database.rows(
        SQL("SELECT confrelid::regclass::text AS target, confdeltype FROM pg_constraint WHERE conname = %s"),
        "app_users_user_id_fkey",
    )
    assert row == {"target": 'auth."user"', "confdeltype": "c"}


def test_the_table_of_users_may_have_another_name(postgres: Server) -> None:
    database = postgres.new_database("auth")
    with database.admin() as admin:
        admin.execute('ALTER TABLE auth."user" RENAME TO people')

    refused = database.migrate(AUTH_DB_SCHEMA="auth")
    assert 'There is no table "user" in schema auth' in refused.stderr
    assert database.migrate(AUTH_DB_SCHEMA="auth", AUTH_TABLE_NAMES="plural, user=people").returncode == 0

    (row,) = database.rows(
        SQL("SELECT confrelid::regclass::text AS target, confdeltype FROM pg_constraint WHERE conname = %s"),
        "app_users_user_id_fkey",
    )
    assert row == {"target": "auth.people", "confdeltype": "c"}


def test_a_migration_that_fails_leaves_nothing(postgres: Server) -> None:
    database = postgres.new_database()
    with database.admin() as admin:
        admin.execute("CREATE TABLE app.notes ()")  # in the way of the second one

    assert database.migrate().returncode != 0

    assert database.rows(COLUMNS, "app_users") == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (SQL('DROP TABLE "user"'), "There is no table"),
        (
            SQL('REVOKE REFERENCES (id) ON "user" FROM {role}'),
            "The role that migrates may not reference",
        ),
    ],
)
def test_what_the_auth_server_has_not_done_yet_is_said(postgres: Server, statement: SQL, message: str) -> None:
    database = postgres.new_database()
    with database.admin() as admin:
        admin.execute(statement.format(role=Identifier(postgres.owner)))

    ended = database.migrate()

    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith(f"Not migrated: {message}")


def test_an_unavailable_database_is_said_without_its_password() -> None:
    ended = run_python("-m", "app.migrate", BACKEND_DATABASE_URL="postgres://u:canary@127.0.0.1:9/d")

    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "canary" not in ended.stderr + ended.stdout


def test_migrating_needs_no_more_than_the_database() -> None:
    ended = run_python("-m", "app.migrate", AUTH_DB_SCHEMA="pg_catalog")

    assert ended.returncode == 78
    assert [line.split()[1] for line in ended.stderr.splitlines()[1:]] == ["BACKEND_DATABASE_URL", "AUTH_DB_SCHEMA"]


async def test_nothing_is_served_on_a_schema_that_is_not_migrated(
    config: Config, postgres: Server, auth_server: FakeAuthServer
) -> None:
    database = postgres.new_database()
    ada = auth_server.sign_in(FakeUser())
    with database.admin() as admin:
        admin.execute('INSERT INTO "user" (id) VALUES (%s)', [ada.id])

    async with service_on(config, database) as api:
        ready = await api.get("/health/ready")
        assert (ready.status_code, ready.json()["code"]) == (503, "MIGRATIONS_PENDING")
        assert ready.json()["checks"] == {"database": "ok", "migrations": "pending", "authServer": "ok"}
        assert (await api.get("/api/me", headers=ada.bearer)).json()["code"] == "MIGRATIONS_PENDING"

        database.migrate().check_returncode()

        assert (await api.get("/health/ready")).status_code == 200
        assert (await api.get("/api/me", headers=ada.bearer)).status_code == 200


async def test_a_database_that_is_ahead_is_served_while_a_new_version_rolls_out(
    config: Config, postgres: Server
) -> None:
    database = postgres.new_database()
    database.migrate().check_returncode()
    with database.admin() as admin:
        admin.execute("UPDATE alembic_version SET version_num = '9999'")

    async with service_on(config, database) as api:
        assert (await api.get("/health/ready")).status_code == 200


async def test_users_whose_ids_are_uuid_are_served(
    config: Config, postgres: Server, auth_server: FakeAuthServer
) -> None:
    database = postgres.new_database()
    ada = auth_server.sign_in(FakeUser(id=str(uuid.uuid4())))
    with database.admin() as admin:
        admin.execute('ALTER TABLE "user" ALTER id TYPE uuid USING id::uuid')
        admin.execute('INSERT INTO "user" (id) VALUES (%s)', [ada.id])
    database.migrate().check_returncode()

    async with service_on(config, database) as api:
        for _ in range(2):
            assert (await api.get("/api/me", headers=ada.bearer)).json()["userId"] == ada.id
        ada.name = "Changed"

    async with service_on(config, database) as api:
        assert (await api.get("/api/me", headers=ada.bearer)).json()["name"] == "Changed"


@asynccontextmanager
async def service_on(config: Config, database: Database) -> AsyncGenerator[httpx.AsyncClient]:
    settings = DatabaseSettings(backend_database_url=SecretStr(database.url))
    app = create_app(replace(config, database=settings))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api")
    async with app.router.lifespan_context(app), client:
        yield client
