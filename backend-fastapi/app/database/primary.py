"""Only the writable primary is used: a standby lags behind, and a former primary keeps what it is told to itself."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from app.database.bounded_connection import BoundedConnection

_log = logging.getLogger("app.database")
_READ_ONLY = "25006"
_LOOK_EVERY_SECONDS = 4
# The start of a server tells it from every other one, and from itself before a restart; any role may see it.
_FIND = "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.pg_postmaster_start_time()::text"


class Primary:
    """Knows where the address led last. Connections that lead elsewhere are not used any more."""

    def __init__(self) -> None:
        self._server: str | None = None

    async def meet(self, connection: BoundedConnection, settings: str = "") -> None:
        """On a new connection: one round trip, together with expressions that set something.

        Raises OperationalError where it leads to a standby.
        """
        cursor = await connection.execute(f"{_FIND}{settings}".encode())
        found = await cursor.fetchone()
        if found is None or found[0] is not False:
            await connection.close()
            raise psycopg.OperationalError("the address leads to a standby: it must lead to the primary")
        connection.server = self._server = str(found[1])

    def guard(self, engine: Engine) -> None:
        """Drops connections to other servers when they would be used, and all when one of them refuses a write."""

        def checked_out(connection: object, _record: ConnectionPoolEntry, _proxy: object) -> None:
            driver_connection = getattr(connection, "driver_connection", None)
            if isinstance(driver_connection, BoundedConnection) and driver_connection.server != self._server:
                raise DisconnectionError  # the pool opens another

        def failed(context: ExceptionContext) -> None:
            if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
                context.is_disconnect = True

        event.listen(engine, "checkout", checked_out)
        event.listen(engine, "handle_error", failed)

    @asynccontextmanager
    async def watching(self, connect: Callable[[], Awaitable[BoundedConnection]]) -> AsyncGenerator[None]:
        """Looks where the address leads now and then: connections to a former primary that lives on never end."""
        task = asyncio.create_task(self._watch(connect))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _watch(self, connect: Callable[[], Awaitable[BoundedConnection]]) -> None:
        has_warned = False
        while True:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            try:
                await (await connect()).close()
                has_warned = False
            except (psycopg.Error, OSError) as error:
                if not has_warned:
                    _log.warning("no new connection to the primary: %s", error)
                has_warned = True
