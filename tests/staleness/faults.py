"""What is broken while sessions end. Each lasts a moment, until its function returns; the run repeats it."""

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import psycopg

from stack.replica import Replica
from staleness.proxy import FeedProxy


@dataclass(frozen=True)
class Machinery:
    """What can be broken: around one service and its auth server, and a quiet service."""

    proxy: FeedProxy
    auth_server: Replica
    auth_server_urls: tuple[str, str]
    """Its own private address and that of another one."""
    workers: tuple[int, ...]
    quiet: Replica
    database: psycopg.AsyncConnection
    is_ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever the end of a session is requested."""


Fault = Callable[[Machinery], Awaitable[None]]


async def none(_machinery: Machinery) -> None:
    await _pause(0.05, 0.2)


async def feed_killed(machinery: Machinery) -> None:
    """The service notices at once, and its next connection takes a while to be accepted."""
    machinery.proxy.handshake_seconds = random.uniform(0, 0.2)
    machinery.proxy.kill_feed()
    await asyncio.sleep(machinery.proxy.handshake_seconds)


async def feed_stalled(machinery: Machinery) -> None:
    """Nothing reports it: only the silence shows it."""
    machinery.proxy.stall()
    try:
        await _pause(0.03, 0.5)
    finally:
        machinery.proxy.flow()


async def auth_server_paused(machinery: Machinery) -> None:
    machinery.auth_server.send(signal.SIGSTOP)
    try:
        await _pause(0.03, 0.8)
    finally:
        machinery.auth_server.send(signal.SIGCONT)


async def listen_killed(machinery: Machinery) -> None:
    """Of every auth server: they do not say which is whose."""
    statement = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auth-server-feed'"
    await machinery.database.execute(statement)
    await _pause(0.05, 0.3)


async def service_paused(machinery: Machinery) -> None:
    """One of its processes, or all."""
    paused = random.choice([*((worker,) for worker in machinery.workers), machinery.workers])
    for worker in paused:
        os.kill(worker, signal.SIGSTOP)
    try:
        await _pause(0.03, 0.5)
    finally:
        for worker in paused:
            os.kill(worker, signal.SIGCONT)


async def auth_server_killed(machinery: Machinery) -> None:
    """While an end waits for what it has to say. The leases that it granted outlive it."""
    await _pause(0.3, 1)
    machinery.is_ending.clear()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            await machinery.is_ending.wait()
    await _pause(0, 0.01)
    await _killed_and_started(machinery.auth_server)


async def service_killed(machinery: Machinery) -> None:
    await _pause(0, 1)
    await _killed_and_started(machinery.quiet)


async def connection_moved(machinery: Machinery) -> None:
    """To the other auth server, and back the next time."""
    own, other = machinery.auth_server_urls
    machinery.proxy.lead_to(other if machinery.proxy.leads_to(own) else own)
    machinery.proxy.kill_feed()
    await _pause(0.05, 0.3)


async def _killed_and_started(replica: Replica) -> None:
    replica.kill()
    await asyncio.to_thread(replica.start)


async def _pause(min_seconds: float, max_seconds: float) -> None:
    await asyncio.sleep(random.uniform(min_seconds, max_seconds))


MOVED = "connection moved to another auth server"
FAULTS: dict[str, Fault] = {
    "no fault": none,
    "feed connection killed": feed_killed,
    "feed stalled": feed_stalled,
    "auth server paused": auth_server_paused,
    "LISTEN connection killed": listen_killed,
    "service paused": service_paused,
    "auth server killed": auth_server_killed,
    "service killed": service_killed,
    MOVED: connection_moved,
}
