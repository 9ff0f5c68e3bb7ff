"""How connections to the database are set up."""

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.config import DatabaseSettings
from app.db import Database as Pool
from app.schema import Schema
from tests.database import Database


@pytest.mark.parametrize(("pooler", "limit", "are_prepared"), [("none", "1234ms", True), ("transaction", "0", False)])
async def test_behind_a_pooler_nothing_is_left_on_a_connection(
    database: Database, pooler: str, limit: str, are_prepared: bool
) -> None:
    """A pooler hands one connection to many clients: a statement prepared by one is another's error."""
    given = {"database_pooler": pooler, "database_statement_timeout_ms": 1234, "database_pool_max": 1}
    settings = DatabaseSettings.model_validate({"backend_database_url": SecretStr(database.url), **given})
    pool = Pool(settings, Schema())
    for _ in range(8):
        async with pool.transaction() as session:
            await session.execute(text("SELECT :value"), {"value": 1})

    async with pool.transaction() as session:
        prepared = (await session.execute(text("SELECT count(*) FROM pg_prepared_statements"))).scalar_one()
        (found,) = (await session.execute(text("SHOW statement_timeout"))).one()
    await pool.close()

    assert (prepared > 0, found) == (are_prepared, limit)
