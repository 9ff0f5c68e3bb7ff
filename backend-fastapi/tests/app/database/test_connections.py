"""How connections to the database are set up."""

import asyncio
import time

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.config import DatabaseSettings
from app.database.migrations import Migrations
from app.database.pool import Database as Pool
from tests.support.database import Database


@pytest.mark.parametrize(("pooler", "limit", "are_prepared"), [("none", "1234ms", True), ("transaction", "0", False)])
async def test_behind_a_pooler_nothing_is_left_on_a_connection(
    database: Database, pooler: str, limit: str, are_prepared: bool
) -> None:
    """A pooler hands one connection to many clients: a statement prepared by one is another's error."""
    given = {"database_pooler": pooler, "database_statement_timeout_ms": 1234, "database_pool_max": 1}
    settings = DatabaseSettings.model_validate({"backend_database_url": SecretStr(database.url), **given})
    pool = Pool(settings, Migrations())
    for _ in range(8):
        async with pool.transaction() as session:
            await session.execute(text("SELECT :value"), {"value": 1})

    async with pool.transaction() as session:
        prepared = (await session.execute(text("SELECT count(*) FROM pg_prepared_statements"))).scalar_one()
        (found,) = (await session.execute(text("SHOW statement_timeout"))).one()
    await pool.close()

    assert (prepared > 0, found) == (are_prepared, limit)


async def _backend_pid(pool: Pool) -> int:
    async with pool.transaction() as session:
        return (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()


async def test_a_connection_that_was_idle_for_too_long_is_not_used_again(database: Database) -> None:
    given = {"database_idle_timeout_ms": 1000, "database_pool_max": 1}
    settings = DatabaseSettings.model_validate({"backend_database_url": SecretStr(database.url), **given})
    pool = Pool(settings, Migrations())
    first = await _backend_pid(pool)
    assert await _backend_pid(pool) == first

    returned_by = time.monotonic()
    async with asyncio.timeout(10):
        while time.monotonic() < returned_by + 1.1:  # noqa: ASYNC110 - the pool has no event for it
            await asyncio.sleep(0.05)

    assert await _backend_pid(pool) != first
    await pool.close()


async def test_a_slow_statement_is_logged_with_its_text_and_without_its_values(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    given = {"backend_database_url": SecretStr(database.url), "database_slow_query_ms": 800}
    pool = Pool(DatabaseSettings.model_validate(given), Migrations())

    async with pool.transaction() as session:
        await session.execute(text("SELECT CAST(:value AS text), 1"), {"value": "canary"})
        await session.execute(text("SELECT CAST(:value AS text), pg_sleep(0.9)"), {"value": "canary"})
    await pool.close()

    (line,) = [record.getMessage() for record in caplog.records if record.name == "app.database"]
    assert "pg_sleep" in line
    assert "canary" not in line
