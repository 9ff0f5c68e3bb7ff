"""The feed: one WebSocket to the auth server, which sends revocations for as long as the service runs.

The auth server's half is in auth-server/src/revocation/; what happens on one connection is in feed_connection.py.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import aiohttp
from yarl import URL

from auth_sidecar.auth_server.feed_connection import (
    CLOSE_SECONDS,
    FeedConnection,
    LeaseHolder,
    Listener,
    Socket,
    Subscription,
    written,
)
from auth_sidecar.clock import Clock
from auth_sidecar.settings import SidecarSettings

_CONNECT_SECONDS = 2
_STEADY_SECONDS = 1
"""A connection that lasts this long is no failure. One that ends sooner lengthens the pause before the next."""
_FIRST_RETRY_SECONDS = 0.05
_MAX_RETRY_SECONDS = 1
_MAX_MESSAGE_BYTES = 64 * 1024

_log = logging.getLogger("auth_sidecar")


class Feed:
    """One subscription for a process. `want_lease` makes it ask whether everything has been received."""

    def __init__(self, http: aiohttp.ClientSession, settings: SidecarSettings, clock: Clock) -> None:
        self._http = http
        self._url = URL(f"{settings.auth_server_url}/internal/feed")
        self._clock = clock
        self._is_lease_wanted = asyncio.Event()
        self._is_lost = False
        self.connections = 0
        self.pings = 0

    def want_lease(self) -> None:
        """Called by every request that finds the lease old; one ping serves them all."""
        self._is_lease_wanted.set()

    async def run(self, listeners: tuple[Listener, ...], holder: LeaseHolder) -> None:
        """Until it is cancelled. A connection that fails is replaced; nothing is resumed."""
        process = secrets.token_hex(16)  # not before: a process that forks would share it with its children
        subscription = Subscription(
            self._clock, listeners, holder, self._note_ping, self._note_recovery, self._is_lease_wanted
        )
        failures = 0
        while True:
            began_at = self._clock()
            try:
                async with self._connect() as socket:
                    for listener in listeners:
                        listener.start_generation()
                    fresh = written({"type": "fresh", "process": process, "n": self.connections})
                    self._note_loss(await _serve(FeedConnection(socket, subscription, fresh)))
            except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
                self._note_loss(_reason(error))
            except Exception:  # noqa: BLE001 - without a feed the service is slow, and nobody would know why
                _log.exception("the feed of ended sessions failed")
            finally:
                for listener in listeners:
                    listener.end_generation()
            failures = 1 if self._clock() - began_at > _STEADY_SECONDS else failures + 1
            await asyncio.sleep(_retry_seconds(failures))

    @asynccontextmanager
    async def _connect(self) -> AsyncGenerator[Socket]:
        """From its first moment on, every revocation comes through this socket."""
        async with asyncio.timeout(_CONNECT_SECONDS):
            socket = await self._http.ws_connect(self._url, max_msg_size=_MAX_MESSAGE_BYTES)
        self.connections += 1
        # Only a pong proves that the connection works, and without traffic nothing else would ask for one.
        self.want_lease()
        try:
            yield socket
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await socket.close()

    def _note_ping(self) -> None:
        self.pings += 1

    def _note_loss(self, reason: str) -> None:
        """Once in an outage."""
        if not self._is_lost:
            _log.warning("the feed of ended sessions is lost, soon every request asks the auth server: %s", reason)
        self._is_lost = True

    def _note_recovery(self) -> None:
        if self._is_lost:
            _log.warning("the feed of ended sessions is back")
        self._is_lost = False


async def _serve(connection: FeedConnection) -> str:
    try:
        return await connection.serve()
    except asyncio.CancelledError:
        await connection.leave()
        raise


def _reason(error: Exception) -> str:
    """Without the address, which an operator may not want in a log."""
    return f"status {error.status}" if isinstance(error, aiohttp.WSServerHandshakeError) else type(error).__name__


def _retry_seconds(failures: int) -> float:
    """Doubled after each failure, with jitter: the services that lost one auth server do not return all at once."""
    longest = min(_MAX_RETRY_SECONDS, _FIRST_RETRY_SECONDS * 2 ** min(failures - 1, 10))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret
