"""Settings of the database or the role that are not ours change nothing, or readiness says what is wrong."""

from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal
from pydantic import SecretStr

from app.config import Config, DatabaseSettings
from app.main import create_app
from tests.support.database import Database, Server, run_python
from tests.support.fake_auth_server import FakeAuthServer, FakeUser

FOREIGN = {
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "sql_standard",
    "TimeZone": "Asia/Tokyo",
    "client_encoding": "LATIN1",
    "bytea_output": "escape",
    "extra_float_digits": "-15",
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "statement_timeout": "1ms",
    "lock_timeout": "1ms",
    "idle_in_transaction_session_timeout": "1ms",
    # Newer than PostgreSQL 13, so they are set on a connection that is there: it must live that long.
    "idle_session_timeout": "2s",
    "transaction_timeout": "2s",
    "row_security": "off",
    "quote_all_identifiers": "on",
    "search_path": "nowhere",
}
_UNBOUNDED = "-c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0"
WHOSE = ("DATABASE {name}", "ROLE {role}", "ROLE {role} IN DATABASE {name}")


def _set(database: Database, server: Server, whose: str, settings: dict[str, str]) -> None:
    name = urlsplit(database.url).path.removeprefix("/")
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        for role in (server.role, server.owner):
            for setting, value in settings.items():
                admin.execute(
                    SQL("ALTER {} SET {} = {}").format(
                        SQL(whose).format(name=Identifier(name), role=Identifier(role)),  # type: ignore[arg-type] - one of WHOSE
                        Identifier(setting),
                        Literal(value),
                    )
                )


@pytest.mark.parametrize("pooler", ["none", "transaction"])
@pytest.mark.parametrize("whose", WHOSE)
async def test_a_setting_that_is_not_ours_changes_nothing(
    config: Config, postgres: Server, auth_server: FakeAuthServer, whose: str, pooler: str
) -> None:
    # Behind a pooler the limits of a session are the pooler's own, and only what a transaction can pin is ours.
    settings = {name: value for name, value in FOREIGN.items() if pooler == "none" or "timeout" not in name}
    ada = auth_server.sign_in(FakeUser())
    fresh = postgres.new_database()
    try:
        _set(fresh, postgres, whose, settings)
        fresh.migrate(DATABASE_POOLER=pooler).check_returncode()
        with psycopg.connect(fresh.admin_url, autocommit=True, options=_UNBOUNDED) as admin:
            admin.execute('INSERT INTO public."user" (id) VALUES (%s)', [ada.id])
        given = {"backend_database_url": SecretStr(fresh.url), "database_pooler": pooler}
        database = DatabaseSettings.model_validate(given)
        app = create_app(replace(config, database=database))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://api") as api,
        ):
            assert (await api.get("/health/ready")).status_code == 200
            made = await api.post("/api/notes", headers=ada.bearer, json={"text": "Žofie 🦊"})
            assert (made.status_code, made.json()["text"]) == (201, "Žofie 🦊")
            listed = await api.get("/api/notes", headers=ada.bearer)
            assert listed.json()["notes"][0]["createdAt"] == made.json()["createdAt"]
            assert made.json()["createdAt"].endswith(("Z", "+00:00"))
    finally:
        for role in (postgres.role, postgres.owner):
            with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
                admin.execute(SQL("ALTER ROLE {} RESET ALL").format(Identifier(role)))


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
async def test_an_encoding_that_cannot_hold_every_name_is_said(config: Config, postgres: Server, encoding: str) -> None:
    database = postgres.new_database(encoding=encoding)

    ended = database.migrate()
    app = create_app(replace(config, database=DatabaseSettings(backend_database_url=SecretStr(database.url))))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api")
    async with app.router.lifespan_context(app), client:
        ready = await client.get("/health/ready")

    assert ended.returncode == 1
    assert f"encoding is {encoding}" in ended.stderr
    assert (ready.status_code, ready.json()["code"]) == (503, "DATABASE_MISCONFIGURED")
    assert "ENCODING 'UTF8' TEMPLATE template0" in ready.json()["message"]
    assert ready.json()["checks"]["database"] == "misconfigured"


async def test_in_production_such_a_database_keeps_the_service_from_starting(
    environment: dict[str, str], postgres: Server
) -> None:
    database = postgres.new_database(encoding="SQL_ASCII")
    ended = run_python("-m", "app", **{**environment, "APP_ENV": "production", "BACKEND_DATABASE_URL": database.url})

    assert ended.returncode == 78
    assert "encoding is SQL_ASCII" in ended.stderr
