"""One campaign from its connections to its numbers."""

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import psycopg

from stack.replica import Replica
from stack.target import Stack
from staleness.asked import AskedAuthServer
from staleness.campaign import Campaign
from staleness.connection import Connection, connected, render
from staleness.ends import Authority
from staleness.faults import Machinery
from staleness.numbers import Numbers
from staleness.sessions import Supply

ENDING_AT_ONCE = 6
LIVE_SESSIONS = 20
_HITS = re.compile(rb"(?m)^auth_sidecar_cache_hits_total (\d+)")
_LIVENESS = render("GET", "/health/live", {})


@dataclass(frozen=True)
class Scene:
    """Sessions are signed out at the stack's own auth server, which the backend under test never asks."""

    stack: Stack
    asked: AskedAuthServer
    backend: Replica


async def run_campaign(scene: Scene, fault: str, stop: Callable[[Numbers], bool], crowd: int = 1) -> Numbers:
    """Sessions end under this fault until `stop` says so."""
    scene.asked.proxy.handshake_seconds = 0
    async with AsyncExitStack() as opened:
        campaign = await _prepare(scene, Numbers(fault), stop, crowd, opened)
        hits, asked = await _hits(scene, campaign), scene.asked.checks(scene.stack)
        await campaign.run()
        campaign.numbers.hits = await _hits(scene, campaign) - hits
        campaign.numbers.asked = scene.asked.checks(scene.stack) - asked
    return campaign.numbers


async def _hits(scene: Scene, campaign: Campaign) -> int:
    """How many requests the processes of the service answered from their caches so far, all together."""
    request = render("GET", "/health/metrics", {"x-internal-token": scene.stack.internal_token})
    answers = [await connection.ask(request) for connection in campaign.probes]
    return sum(int(_HITS.findall(answer.body)[0]) for answer in answers)


async def _prepare(
    scene: Scene, numbers: Numbers, stop: Callable[[Numbers], bool], crowd: int, opened: AsyncExitStack
) -> Campaign:
    workers = scene.backend.workers()
    *readers, onlookers, probes = zip(
        *[await _connections(scene.backend, worker, ENDING_AT_ONCE + 2, opened) for worker in workers], strict=True
    )
    *authorities, supplying, breaking = [
        await opened.enter_async_context(_database(scene.stack)) for _ in range(ENDING_AT_ONCE + 2)
    ]
    supply = Supply(supplying, scene.stack.secret)
    return Campaign(
        numbers=numbers,
        stop=stop,
        supply=supply,
        machinery=Machinery(scene.asked.proxy, scene.asked.server, tuple(workers), breaking),
        authorities=[Authority(scene.stack.auth_url, database) for database in authorities],
        readers=readers,
        onlookers=onlookers,
        probes=probes,
        live=[await supply.take() for _ in range(LIVE_SESSIONS)],
        feeds=scene.asked.proxy.feeds,
        crowd=crowd,
    )


async def _connections(backend: Replica, worker: int, number: int, opened: AsyncExitStack) -> list[Connection]:
    """All of them to this one process."""
    with backend.alone(worker):
        connections = [await opened.enter_async_context(connected(backend.url)) for _ in range(number)]
        for connection in connections:
            assert (await connection.ask(_LIVENESS)).status == 200
    return connections


@asynccontextmanager
async def _database(stack: Stack) -> AsyncGenerator[psycopg.AsyncConnection]:
    connection = await psycopg.AsyncConnection.connect(stack.database_superuser_url, autocommit=True)
    async with connection:
        yield connection
