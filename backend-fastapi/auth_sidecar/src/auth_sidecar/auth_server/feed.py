"""The feed: one WebSocket to the auth server, which sends revocations for as long as the service runs.

The auth server's half is in auth-server/src/revocation/; docs/session-cache.md has the messages and what they promise.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Protocol

import aiohttp
from yarl import URL

from auth_sidecar.clock import Clock
from auth_sidecar.settings import SidecarSettings

PONG_SECONDS = 1
"""A ping without a pong for this long ends the connection: it may be half open, and nothing else would show that."""
_CONNECT_SECONDS = 2
_CLOSE_SECONDS = 0.2
_STEADY_SECONDS = 1
"""A connection that lasts this long is no failure. One that ends sooner lengthens the pause before the next."""
_FIRST_RETRY_SECONDS = 0.05
_MAX_RETRY_SECONDS = 1
_MAX_MESSAGE_BYTES = 64 * 1024

_log = logging.getLogger("auth_sidecar")
_Socket = aiohttp.ClientWebSocketResponse[bool]


class Listener(Protocol):
    """What receives revocations. None of these methods waits."""

    def start_generation(self) -> None:
        """The feed is live. Earlier revocations may have been missed."""
        ...

    def end_generation(self) -> None:
        """The feed is lost."""
        ...

    def revoke_session(self, session_id: str) -> None:
        """Forget this session."""
        ...

    def revoke_user(self, user_id: str) -> None:
        """Forget every session of this user."""
        ...

    def flush(self) -> None:
        """Forget everything."""
        ...


class LeaseHolder(Protocol):
    """What is told that every revocation so far has been received."""

    def renew_lease(self, sent_at: float) -> None:
        """Every revocation acknowledged before `sent_at`, by the lease clock, has been received."""
        ...


class Feed:
    """One subscription for a process. `want_lease` makes it ask whether everything has been received."""

    def __init__(self, http: aiohttp.ClientSession, settings: SidecarSettings, clock: Clock) -> None:
        self._http = http
        self._url = URL(f"{settings.auth_server_url}/internal/feed")
        self._clock = clock
        self._is_lease_wanted = asyncio.Event()
        self._ping: tuple[int, float, asyncio.Future[None]] | None = None
        self._numbers = count(1)
        self._is_lost = False
        self.connections = 0

    def want_lease(self) -> None:
        """Called by every request that finds the lease old; one ping serves them all."""
        self._is_lease_wanted.set()

    async def run(self, listeners: tuple[Listener, ...], holder: LeaseHolder) -> None:
        """Until it is cancelled. A connection that fails is replaced; nothing is resumed."""
        failures = 0
        while True:
            began_at = self._clock()
            try:
                async with self._connect() as socket:
                    for listener in listeners:
                        listener.start_generation()
                    await self._serve(socket, listeners, holder)
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
    async def _connect(self) -> AsyncGenerator[_Socket]:
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
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await socket.close()

    async def _serve(self, socket: _Socket, listeners: tuple[Listener, ...], holder: LeaseHolder) -> None:
        """Returns or raises when the connection has ended or is of no use any more."""
        tasks = (
            asyncio.create_task(self._hear_all(socket, listeners, holder)),
            asyncio.create_task(self._ping_when_wanted(socket)),
        )
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in ended:
            task.result()

    async def _hear_all(self, socket: _Socket, listeners: tuple[Listener, ...], holder: LeaseHolder) -> None:
        async for message in socket:
            self._hear(_parse(message.data), listeners, holder)
        self._note_loss(f"closed with {socket.close_code}")

    async def _ping_when_wanted(self, socket: _Socket) -> None:
        """Raises TimeoutError for a pong that does not come."""
        while True:
            await self._is_lease_wanted.wait()
            number, pong = next(self._numbers), asyncio.get_running_loop().create_future()
            self._ping = (number, self._clock(), pong)
            async with asyncio.timeout(PONG_SECONDS):
                await socket.send_str(f'{{"type":"ping","id":{number}}}')
                await pong
            self._is_lease_wanted.clear()

    def _hear(self, message: object, listeners: tuple[Listener, ...], holder: LeaseHolder) -> None:
        match message:
            case {"type": "pong", "id": int(number)}:
                self._take_pong(number, holder)
            case {"type": "revoke", "session": str(session_id)}:
                for listener in listeners:
                    listener.revoke_session(session_id)
            case {"type": "revoke", "user": str(user_id)}:
                for listener in listeners:
                    listener.revoke_user(user_id)
            case _:
                # "flush", or a message of a newer auth server: to forget too much is safe.
                for listener in listeners:
                    listener.flush()

    def _take_pong(self, number: int, holder: LeaseHolder) -> None:
        """The lease counts from when the ping was sent, not from when its pong came: that may have taken any time."""
        if self._ping is None or self._ping[0] != number:
            return
        _, sent_at, pong = self._ping
        self._ping = None
        holder.renew_lease(sent_at)
        self._note_recovery()
        if not pong.done():
            pong.set_result(None)

    def _note_loss(self, reason: str) -> None:
        """Once in an outage."""
        if not self._is_lost:
            _log.warning("the feed of ended sessions is lost, every request asks the auth server: %s", reason)
        self._is_lost = True

    def _note_recovery(self) -> None:
        if self._is_lost:
            _log.warning("the feed of ended sessions is back")
        self._is_lost = False


def _reason(error: Exception) -> str:
    """Without the address, which an operator may not want in a log."""
    return f"status {error.status}" if isinstance(error, aiohttp.WSServerHandshakeError) else type(error).__name__


def _parse(data: str | bytes) -> object:
    """None for what is no JSON, or nested without end."""
    try:
        return json.loads(data)
    except (TypeError, ValueError, RecursionError):
        return None


def _retry_seconds(failures: int) -> float:
    """Doubled after each failure, with jitter: the services that lost one auth server do not return all at once."""
    longest = min(_MAX_RETRY_SECONDS, _FIRST_RETRY_SECONDS * 2 ** min(failures - 1, 10))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret
