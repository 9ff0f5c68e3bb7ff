"""A connection on which nothing waits forever."""

import asyncio
from typing import TypeVar

from psycopg import AsyncConnection, OperationalError, waiting
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

Result = TypeVar("Result")


class BoundedConnection(AsyncConnection[TupleRow]):
    """Gives every exchange with the server a deadline on this side.

    The server enforces `statement_timeout`; a server that hangs, or a network that drops packets, enforces nothing.
    When psycopg is cancelled, it asks the server to stop and waits up to 10 s for that. With an unavailable server that
    is 10 s too long, so the connection is closed instead, and the pool opens another.
    """

    deadline_seconds: float = 6
    server: str | None = None
    """Which server it leads to, see primary.py."""

    async def wait(self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:  # noqa: ASYNC109 - psycopg's signature
        """Every exchange of psycopg passes here. OperationalError when the deadline passes."""
        try:
            async with asyncio.timeout(self.deadline_seconds):
                return await waiting.wait_async(gen, self.pgconn.socket, interval=interval, timeout=timeout)
        except TimeoutError as error:
            self.pgconn.finish()
            raise OperationalError("the database did not respond in time") from error
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise
