"""One request a second to a process that nobody else asks, as most services have it."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from staleness.connection import Response, connected
from staleness.ends import Authority, sign_out
from staleness.sessions import Session

SECONDS_BETWEEN_REQUESTS = 1


@dataclass(frozen=True)
class QuietReader:
    """What SQL ends is read where leases are short; here sessions are signed out."""

    url: str
    authority: Authority

    async def send(self, session: Session, note: Callable[[Session, Response], None]) -> None:
        """On a connection of its own: the process may have been killed since the last one."""
        with contextlib.suppress(ConnectionError):
            async with connected(self.url) as connection:
                note(session, await connection.send(session.request))

    async def end(self, session: Session, note: Callable[[Session, Response], None]) -> None:
        """The next request is there when the sign-out is answered."""
        await sign_out(self.authority, session)
        await self.send(session, note)
