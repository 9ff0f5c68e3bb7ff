"""The database becomes unavailable, and comes back."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from psycopg.sql import SQL
from pydantic import SecretStr

from app.config import Config, DatabaseSettings
from tests.support.database import Database
from tests.support.fake_auth_server import FakeAuthServer, SignUp
from tests.support.proxy import Proxy, serve_proxy

COMMIT_TRIGGER = """
    CREATE FUNCTION refuse_commit() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'disk full'; END $$;
    CREATE CONSTRAINT TRIGGER refuse_commit AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.text = 'never kept') EXECUTE FUNCTION refuse_commit();
"""


@pytest.fixture
async def proxy(database: Database) -> AsyncGenerator[tuple[Proxy, int]]:
    at = urlsplit(database.url)
    assert at.hostname is not None
    assert at.port is not None
    async with serve_proxy(at.hostname, at.port) as proxy_and_port:
        yield proxy_and_port


@pytest.fixture
def connect_seconds() -> float:
    """So long may it take to connect. A busy machine is no outage."""
    return 10


@pytest.fixture
def config(config: Config, database: Database, proxy: tuple[Proxy, int], connect_seconds: float) -> Config:
    at = urlsplit(database.url)
    url = at._replace(netloc=f"{at.username}:{at.password}@127.0.0.1:{proxy[1]}").geturl()
    settings = DatabaseSettings(
        backend_database_url=SecretStr(url),
        database_connect_timeout_ms=round(connect_seconds * 1000),
        database_statement_timeout_ms=1500,
    )
    return replace(config, database=settings)


@pytest.mark.parametrize("connect_seconds", [2])
@pytest.mark.parametrize("fault", ["cut", "hold"])
async def test_without_its_database_the_service_says_so_in_time_and_recovers_automatically(
    api: httpx.AsyncClient, proxy: tuple[Proxy, int], sign_up: SignUp, fault: str, connect_seconds: float
) -> None:
    ada = sign_up()
    assert (await api.get("/api/me", headers=ada.bearer)).status_code == 200
    getattr(proxy[0], fault)()

    for _ in range(3):
        # Less than for two connections, one after the other.
        async with asyncio.timeout(2 * connect_seconds):
            responses = await asyncio.gather(*(api.get("/api/me", headers=ada.bearer) for _ in range(15)))
        assert {response.status_code for response in responses} == {503}
        assert {response.json()["code"] for response in responses} == {"DATABASE_UNAVAILABLE"}
        assert responses[0].headers["retry-after"] == "1"
    ready = await api.get("/health/ready")
    assert (ready.status_code, ready.json()["code"]) == (503, "DATABASE_UNAVAILABLE")
    assert ready.json()["checks"] == {"database": "unavailable", "migrations": "unknown", "authServer": "ok"}
    assert (await api.get("/health/live")).status_code == 200

    proxy[0].restore()
    responses = await asyncio.gather(*(api.get("/api/me", headers=ada.bearer) for _ in range(15)))
    assert {response.status_code for response in responses} == {200}


async def test_a_refused_sign_in_needs_no_database(api: httpx.AsyncClient, proxy: tuple[Proxy, int]) -> None:
    proxy[0].cut()

    assert (await api.get("/api/me")).status_code == 401
    assert (await api.get("/api/me", headers={"authorization": "Bearer forged.c2ln"})).status_code == 401


async def test_connections_that_the_server_ends_cost_no_error(
    api: httpx.AsyncClient, database: Database, sign_up: SignUp
) -> None:
    ada = sign_up()
    await asyncio.gather(*(api.get("/api/me", headers=ada.bearer) for _ in range(10)))

    # Waits until they are gone: one that is about to go takes a statement and then fails. Others test here too.
    ended = SQL("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND usename = %s")
    at = urlsplit(database.url)
    assert len(database.rows(ended, at.path.removeprefix("/"), at.username)) > 0

    responses = await asyncio.gather(*(api.get("/api/me", headers=ada.bearer) for _ in range(10)))
    assert {response.status_code for response in responses} == {200}


async def test_a_commit_that_fails_is_not_reported_as_kept(
    api: httpx.AsyncClient, database: Database, sign_up: SignUp
) -> None:
    ada = sign_up()
    with database.admin() as admin:
        admin.execute(COMMIT_TRIGGER)

    response = await api.post("/api/notes", headers=ada.bearer, json={"text": "never kept"})

    assert (response.status_code, response.json()["code"]) == (503, "DATABASE_UNAVAILABLE")
    assert database.rows(SQL("SELECT FROM notes WHERE text = 'never kept'")) == []


async def test_a_statement_that_takes_too_long_is_ended(
    api: httpx.AsyncClient, auth_server: FakeAuthServer, database: Database, sign_up: SignUp
) -> None:
    ada = sign_up()
    waiting = SQL("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
    await api.get("/api/me", headers=ada.bearer)
    await auth_server.change(ada, name="Ada Lovelace")
    with database.admin() as admin:
        admin.execute("BEGIN")
        admin.execute("SELECT FROM app_users WHERE user_id = %s FOR UPDATE", [ada.id])

        async with asyncio.timeout(20):
            response = await api.get("/api/me", headers=ada.bearer)

        assert (response.status_code, response.json()["code"]) == (503, "DATABASE_UNAVAILABLE")
        # By the server: one that the service has only turned away from would still wait there.
        assert database.rows(waiting) == []


async def test_a_request_that_holds_no_connection_any_more_gives_it_back(
    config: Config, api: httpx.AsyncClient, sign_up: SignUp
) -> None:
    """More failing requests than the pool has connections, then a good one."""
    ada = sign_up()
    for _ in range(config.database.database_pool_max + 5):
        await api.delete("/api/notes/00000000-0000-0000-0000-000000000000", headers=ada.bearer)

    assert (await api.get("/api/me", headers=ada.bearer)).status_code == 200
