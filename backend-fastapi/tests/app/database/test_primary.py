"""The address leads to a standby, or from a former primary to the new one."""

import time
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL
from pydantic import SecretStr
from sqlalchemy import text

from app.config import DatabaseSettings
from app.database.migrations import Migrations
from app.database.pool import Database
from app.errors import DatabaseUnavailable
from tests.support import database as test_database
from tests.support.database import Server
from tests.support.proxy import Proxy, serve_proxy
from tests.support.standby import Replicated, replicated


@pytest.fixture
def servers(tmp_path: Path) -> Generator[Replicated]:
    with replicated(tmp_path) as servers:
        yield servers


@pytest.fixture
def url(servers: Replicated) -> str:
    """Of a migrated database that has arrived at the standby too."""
    server = Server(servers.primary)
    server.start()
    database = server.new_database()
    database.migrate().check_returncode()
    mark = SQL("SELECT pg_current_wal_lsn()::text AS lsn")
    (position,) = (row["lsn"] for row in database.rows(mark))
    deadline = time.monotonic() + 20
    with psycopg.connect(servers.standby, autocommit=True) as standby:
        while standby.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [position]).fetchone() != (True,):
            assert time.monotonic() < deadline
    return database.url


@pytest.fixture
async def proxy(servers: Replicated) -> AsyncGenerator[tuple[Proxy, int]]:
    async with serve_proxy("127.0.0.1", _port(servers.primary)) as proxy_and_port:
        yield proxy_and_port


@pytest.fixture
async def pool(url: str, proxy: tuple[Proxy, int]) -> AsyncGenerator[Database]:
    at = urlsplit(url)
    address = at._replace(netloc=f"{at.username}:{at.password}@127.0.0.1:{proxy[1]}").geturl()
    pool = Database(DatabaseSettings(backend_database_url=SecretStr(address)), Migrations())
    async with pool.open():
        yield pool


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


async def _served_by(pool: Database) -> int:
    async with pool.transaction() as session:
        return int((await session.execute(text("SHOW port"))).scalar_one())


async def test_a_standby_is_not_used_and_nobody_is_told_that_it_is_ready(
    pool: Database, proxy: tuple[Proxy, int], servers: Replicated
) -> None:
    await pool.check()
    proxy[0].lead(_port(servers.standby))
    proxy[0].cut()
    proxy[0].restore()

    for _ in range(3):
        with pytest.raises(DatabaseUnavailable):
            await _served_by(pool)
    with pytest.raises(DatabaseUnavailable):
        await pool.check()

    proxy[0].lead(_port(servers.primary))
    assert await _served_by(pool) == _port(servers.primary)


async def test_a_write_that_is_refused_as_read_only_is_an_outage_and_drops_the_connection(
    database: test_database.Database,
) -> None:
    settings = DatabaseSettings(backend_database_url=SecretStr(database.url), database_pool_max=1)
    pool = Database(settings, Migrations())

    async def backend(statement: str = "SELECT") -> int:
        async with pool.transaction() as session:
            found = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await session.execute(text(statement))
            return int(found)

    before = await backend()
    assert await backend() == before
    with pytest.raises(DatabaseUnavailable):
        await backend("SET TRANSACTION READ ONLY; UPDATE notes SET text = ''")

    assert await backend() != before
    await pool.close()


async def test_connections_to_a_former_primary_are_left_when_the_address_leads_elsewhere(
    pool: Database, proxy: tuple[Proxy, int], servers: Replicated
) -> None:
    assert await _served_by(pool) == _port(servers.primary)
    with psycopg.connect(servers.standby, autocommit=True) as standby:
        standby.execute("SELECT pg_promote()")
    proxy[0].lead(_port(servers.standby))

    deadline = time.monotonic() + 20
    while await _served_by(pool) != _port(servers.standby):
        assert time.monotonic() < deadline, "still at the former primary"
