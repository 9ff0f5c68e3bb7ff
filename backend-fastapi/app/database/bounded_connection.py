"""A connection on which nothing waits for ever."""

import asyncio
from typing import TypeVar

from psycopg import AsyncConnection, OperationalError, waiting
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

Result = TypeVar("Result")


class BoundedConnection(AsyncConnection[TupleRow]):
    """Gives every exchange with the server a deadline on this side.

    `statement_timeout` is kept by the server: one that hangs, or a network that swallows packets, keeps nothing.
    psycopg answers a cancellation by asking the server to stop and waiting for it, up to 10 s; with a server that is
    away that is 10 s too long, so here the connection is closed instead, and the pool opens another.
    """

    deadline_seconds: float = 6

    async def wait(self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:  # noqa: ASYNC109 - psycopg's signature
        """Every exchange of psycopg passes here. OperationalError when the deadline passes."""
        try:
            async with asyncio.timeout(self.deadline_seconds):
                return await waiting.wait_async(gen, self.pgconn.socket, interval=interval, timeout=timeout)
        except TimeoutError as error:
            self.pgconn.finish()
            raise OperationalError("the database did not answer in time") from error
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise
