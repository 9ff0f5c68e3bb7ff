"""The database: one pool for the process, one transaction for each request."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, TypeAlias

import sqlalchemy.exc
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from app.config import DatabaseSettings
from app.engine import create_engine
from app.errors import DatabaseUnavailable
from app.schema import Schema

_AWAY = (
    sqlalchemy.exc.OperationalError,  # refused, closed, too slow, out of memory or disk
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.InternalError,  # read-only, after a failover
    sqlalchemy.exc.TimeoutError,  # no connection of the pool became free
)


class Base(DeclarativeBase):
    """Of every table this service owns. The tables themselves are made by migrations/."""


class Database:
    """The pool, and the rule that nothing is served on a schema that is not migrated."""

    def __init__(self, settings: DatabaseSettings, schema: Schema) -> None:
        self._engine = create_engine(settings)
        self._schema = schema
        self._connect_seconds = settings.database_connect_timeout_ms / 1000
        self._is_migrated = False

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Commits at the end, rolls back on an error. Raises DatabaseUnavailable and MigrationsPending."""
        async with self._session() as session:
            if not self._is_migrated:
                await self._schema.refuse_pending(session)
                self._is_migrated = True
            yield session
            await session.commit()

    async def check(self) -> None:
        """For readiness. Raises DatabaseUnavailable and MigrationsPending."""
        async with self._session() as session:
            await self._schema.refuse_pending(session)

    async def close(self) -> None:
        """Closes the pool's connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[AsyncSession]:
        try:
            async with AsyncSession(self._engine, expire_on_commit=False) as session:
                await self._connect(session)
                yield session
        except _AWAY as error:
            raise DatabaseUnavailable from error

    async def _connect(self, session: AsyncSession) -> None:
        """The wait for the pool, its ping, and a new connection have one deadline together."""
        try:
            async with asyncio.timeout(self._connect_seconds):
                await session.connection()
        except TimeoutError as error:
            raise DatabaseUnavailable from error


async def _transaction(request: Request) -> AsyncGenerator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.transaction() as session:
        yield session


# scope="function": the commit comes before the answer leaves, so that a 201 means that it is kept.
DatabaseSession: TypeAlias = Annotated[AsyncSession, Depends(_transaction, scope="function")]
