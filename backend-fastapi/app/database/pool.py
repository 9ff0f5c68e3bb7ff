"""The database: one pool for the process, one transaction for each request."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, TypeAlias

import sqlalchemy.exc
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import DatabaseSettings
from app.database.engine import connector, create_engine
from app.database.migrations import Migrations
from app.database.primary import Primary
from app.database.session_settings import pooled_settings, refuse_misconfigured, transaction_settings
from app.errors import DatabaseUnavailable

_UNAVAILABLE = (
    sqlalchemy.exc.OperationalError,  # refused, closed, too slow, out of memory or disk
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.InternalError,  # read-only: the address leads to a standby
    sqlalchemy.exc.TimeoutError,  # no connection of the pool became free
)


class Database:
    """The pool, and the rule that nothing is served from a database that is not migrated."""

    def __init__(self, settings: DatabaseSettings, migrations: Migrations) -> None:
        self._primary = Primary()
        self._connect_new = connector(settings, self._primary)
        self._engine = create_engine(settings, self._primary, self._connect_new)
        self._migrations = migrations
        self._connect_seconds = settings.database_connect_timeout_ms / 1000
        self._is_migrated = False
        # A pooler hands each transaction to another session, which knows nothing of this one's settings.
        is_pooled = settings.database_pooler == "transaction"
        self._pin = transaction_settings(pooled_settings(settings)) if is_pooled else None

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Commits at the end, rolls back on an error.

        Raises DatabaseUnavailable, DatabaseMisconfigured and MigrationsPending.
        """
        async with self._session() as session:
            if not self._is_migrated:
                await self._refuse_unusable(session)
                self._is_migrated = True
            yield session
            await session.commit()

    async def check(self) -> None:
        """For readiness. Raises DatabaseUnavailable, DatabaseMisconfigured and MigrationsPending."""
        async with self._session() as session:
            await self._refuse_unusable(session)

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Looks for another primary meanwhile; closes the pool's connections in the end."""
        try:
            async with self._primary.watching(self._connect_new):
                yield
        finally:
            await self.close()

    async def close(self) -> None:
        """Closes the pool's connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[AsyncSession]:
        try:
            async with AsyncSession(self._engine, expire_on_commit=False) as session:
                await self._connect(session)
                yield session
        except _UNAVAILABLE as error:
            raise DatabaseUnavailable from error

    async def _refuse_unusable(self, session: AsyncSession) -> None:
        await refuse_misconfigured(session)
        await self._migrations.refuse_pending(session)

    async def _connect(self, session: AsyncSession) -> None:
        """The wait for the pool, its ping, and a new connection have one deadline together."""
        try:
            async with asyncio.timeout(self._connect_seconds):
                connection = await session.connection()
                if self._pin is not None:
                    await connection.exec_driver_sql(self._pin)
        except TimeoutError as error:
            raise DatabaseUnavailable from error


async def _transaction(request: Request) -> AsyncGenerator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.transaction() as session:
        yield session


# scope="function": the commit comes before the response is sent, so a 201 means that the row is stored.
DatabaseSession: TypeAlias = Annotated[AsyncSession, Depends(_transaction, scope="function")]
