"""One connection to the feed: what is heard on it, what is replied, and which lease its pongs grant.

docs/session-feed.md has the messages and what they promise.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol, TypeAlias

import aiohttp

from auth_sidecar.clock import Clock

FIRST_LEASE_SECONDS = 0.05
"""For a ping that was sent before `fresh`. An auth server of the protocol's first version grants no longer one."""
MIN_LEASE_MS = 50
MAX_LEASE_MS = 10_000
PONG_SECONDS = 1
"""A ping without a pong for this long ends the connection: it may be half open, and nothing else would show that."""
_MIN_RENEWAL_SECONDS = 0.5
"""Between two pings that no request has asked for."""
CLOSE_SECONDS = 0.2

Socket: TypeAlias = aiohttp.ClientWebSocketResponse[bool]


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

    def renew_lease(self, sent_at: float, lease_seconds: float) -> None:
        """Every revocation acknowledged before `sent_at`, by the lease clock, has been received."""
        ...

    def drop_lease(self) -> None:
        """At once."""
        ...

    def is_active(self) -> bool:
        """Whether the lease is worth renewing before a request asks for it."""
        ...


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the connections of one feed share."""

    clock: Clock
    listeners: tuple[Listener, ...]
    holder: LeaseHolder
    note_ping: Callable[[], None]
    note_pong: Callable[[], None]
    is_lease_wanted: asyncio.Event


@dataclass(frozen=True, slots=True)
class _Ping:
    number: int
    sent_at: float
    lease_seconds: float
    pong: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class FeedConnection:
    """`fresh` is what tells the auth server that this process has forgotten what it knew by its earlier connections."""

    def __init__(self, socket: Socket, subscription: Subscription, fresh: str) -> None:
        self._socket = socket
        self._shared = subscription
        self._fresh = fresh
        self._has_sent_fresh = False
        self._lease_seconds = FIRST_LEASE_SECONDS
        self._numbers = count(1)
        self._ping: _Ping | None = None

    async def serve(self) -> str:
        """Returns how the connection has ended; raises when it is of no use any more."""
        tasks = asyncio.create_task(self._hear_all()), asyncio.create_task(self._ping_when_due())
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        hearing, pinging = tasks
        return pinging.result() if hearing.cancelled() else hearing.result()

    async def leave(self) -> None:
        """The service stops, and no pong is taken any more. Whoever ends a session need not wait for its lease."""
        self._shared.holder.drop_lease()
        if not self._has_sent_fresh:
            return
        with suppress(TimeoutError, aiohttp.ClientError, OSError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._send({"type": "bye"})

    # What is heard.

    async def _hear_all(self) -> str:
        """One message after the other: what follows a revocation is heard when that has been applied."""
        async for message in self._socket:
            await self._hear(_parse(message.data))
        return f"closed with {self._socket.close_code}"

    async def _hear(self, message: object) -> None:
        match message:
            case {"type": "pong", "id": int(number)}:
                self._take_pong(number)
            case {"type": "revoke", "session": str(session_id)}:
                for listener in self._shared.listeners:
                    listener.revoke_session(session_id)
            case {"type": "revoke", "user": str(user_id)}:
                for listener in self._shared.listeners:
                    listener.revoke_user(user_id)
            case {"type": "sync", "id": int(number)}:
                await self._send({"type": "synced", "id": number})
            case {"type": "hello", "lease_ms": int(lease_ms)} if self._may_begin(lease_ms):
                await self._begin(lease_ms / 1000)
            case _:
                # "flush", or a message of a newer auth server: to forget too much is safe.
                for listener in self._shared.listeners:
                    listener.flush()

    def _may_begin(self, lease_ms: int) -> bool:
        return not self._has_sent_fresh and MIN_LEASE_MS <= lease_ms <= MAX_LEASE_MS

    async def _begin(self, lease_seconds: float) -> None:
        """The lease is told by the auth server, so that both sides never disagree about its length."""
        self._has_sent_fresh = True
        await self._socket.send_str(self._fresh)
        # Not before: a ping that overtakes `fresh` is granted the first lease.
        self._lease_seconds = lease_seconds
        self._shared.is_lease_wanted.set()

    def _take_pong(self, number: int) -> None:
        """The lease counts from when the ping was sent, not from when its pong came: that may have taken any time."""
        ping = self._ping
        if ping is None or ping.number != number or ping.pong.done():
            return
        self._shared.holder.renew_lease(ping.sent_at, ping.lease_seconds)
        self._shared.note_pong()
        ping.pong.set_result(None)

    # What is asked.

    async def _ping_when_due(self) -> str:
        """Raises TimeoutError for a pong that does not come."""
        while True:
            await self._until_due()
            ping = self._ping = _Ping(next(self._numbers), self._shared.clock(), self._lease_seconds)
            self._shared.note_ping()
            async with asyncio.timeout(PONG_SECONDS):
                await self._send({"type": "ping", "id": ping.number})
                await ping.pong
            if ping.lease_seconds == self._lease_seconds:  # else a longer one is to be had
                self._shared.is_lease_wanted.clear()

    async def _until_due(self) -> None:
        """Until a request finds the lease old; while there are requests, already before one does."""
        wanted = self._shared.is_lease_wanted.wait
        renewal = renewal_seconds(self._lease_seconds)
        if self._ping is not None and renewal is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._ping.sent_at + renewal - self._shared.clock()):
                    await wanted()
            if self._shared.holder.is_active():
                return
        await wanted()

    async def _send(self, message: dict[str, str | int]) -> None:
        await self._socket.send_str(written(message))


def renewal_seconds(lease_seconds: float) -> float | None:
    """The age at which a lease is renewed without a request. None: it is too short for that."""
    renewal = max(lease_seconds / 2, _MIN_RENEWAL_SECONDS)
    return renewal if renewal < lease_seconds else None


def written(message: dict[str, str | int]) -> str:
    """As the contract has it, without spaces."""
    return json.dumps(message, separators=(",", ":"))


def _parse(data: str | bytes) -> object:
    """None for what is no JSON, or nested without end."""
    try:
        return json.loads(data)
    except (TypeError, ValueError, RecursionError):
        return None
