"""One campaign from its connections to its numbers."""

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import psycopg

from stack.replica import Replica
from stack.target import Stack
from staleness.auth_server import ProxiedAuthServer
from staleness.campaign import Campaign
from staleness.connection import Connection, connected, render
from staleness.ends import Authority
from staleness.faults import Machinery
from staleness.numbers import Numbers
from staleness.quiet_reader import QuietReader
from staleness.sessions import Supply

ENDING_AT_ONCE = 6
LIVE_SESSIONS = 20
_HITS = re.compile(rb"(?m)^auth_sidecar_cache_hits_total (\d+)")
_LIVENESS = render("GET", "/health/live", {})


@dataclass(frozen=True)
class Scene:
    """Sessions are signed out at the stack's own auth server, which the backend under test never uses."""

    stack: Stack
    auth_server: ProxiedAuthServer
    backend: Replica
    quiet: Replica
    """Another backend, of one process, with a request a second."""


async def run_campaign(scene: Scene, fault: str, stop: Callable[[Numbers], bool], crowd: int = 1) -> Numbers:
    """Sessions end under this fault until `stop` says so."""
    scene.auth_server.proxy.handshake_seconds = 0
    await scene.auth_server.proxy.settle_at(scene.auth_server.private_url)
    async with AsyncExitStack() as opened:
        campaign = await _prepare(scene, Numbers(fault), stop, crowd, opened)
        hits, checks = await _hits(scene, campaign), scene.auth_server.checks(scene.stack)
        await campaign.run()
        campaign.numbers.hits = await _hits(scene, campaign) - hits
        checks_now = scene.auth_server.checks(scene.stack)
        campaign.numbers.checks = checks_now - (checks if checks_now >= checks else 0)  # a new process counts from 0
    return campaign.numbers


async def _hits(scene: Scene, campaign: Campaign) -> int:
    """How many requests the processes of the service served from their caches so far, all together."""
    request = render("GET", "/health/metrics", {"x-internal-token": scene.stack.internal_token})
    responses = [await connection.send(request) for connection in campaign.probes]
    return sum(int(_HITS.findall(response.body)[0]) for response in responses)


async def _prepare(
    scene: Scene, numbers: Numbers, stop: Callable[[Numbers], bool], crowd: int, opened: AsyncExitStack
) -> Campaign:
    workers = scene.backend.workers()
    *readers, onlookers, probes = zip(
        *[await _connections(scene.backend, worker, ENDING_AT_ONCE + 2, opened) for worker in workers], strict=True
    )
    *authorities, supplying, breaking, quiet = [
        await opened.enter_async_context(_database(scene.stack)) for _ in range(ENDING_AT_ONCE + 3)
    ]
    supply = Supply(supplying, scene.stack.secret)
    return Campaign(
        numbers=numbers,
        stop=stop,
        supply=supply,
        machinery=Machinery(
            proxy=scene.auth_server.proxy,
            auth_server=scene.auth_server.server,
            auth_server_urls=(scene.auth_server.private_url, scene.stack.auth_internal_url),
            workers=tuple(workers),
            quiet=scene.quiet,
            database=breaking,
        ),
        authorities=[Authority(scene.stack.auth_url, database) for database in authorities],
        quiet=QuietReader(scene.quiet.url, Authority(scene.stack.auth_url, quiet)),
        readers=readers,
        onlookers=onlookers,
        probes=probes,
        live=[await supply.take() for _ in range(LIVE_SESSIONS)],
        feeds=scene.auth_server.proxy.feeds,
        crowd=crowd,
    )


async def _connections(backend: Replica, worker: int, number: int, opened: AsyncExitStack) -> list[Connection]:
    """All of them to this one process."""
    with backend.alone(worker):
        connections = [await opened.enter_async_context(connected(backend.url)) for _ in range(number)]
        for connection in connections:
            assert (await connection.send(_LIVENESS)).status == 200
    return connections


@asynccontextmanager
async def _database(stack: Stack) -> AsyncGenerator[psycopg.AsyncConnection]:
    connection = await psycopg.AsyncConnection.connect(stack.database_superuser_url, autocommit=True)
    async with connection:
        yield connection
