"""What a session check at the auth server costs the service, with different HTTP clients: the price of a cache miss.

    clients.py HOST PORT INTERNAL_TOKEN BEARER ROUNDS CALLS

Every client in turn makes CALLS checks a round, 16 at once, over connections that it keeps. Prints a JSON object: for
each client the CPU microseconds of this process per check, one number for each round.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeAlias

import aiohttp
import httpx
import httpx2
import uvloop

from plain_connection import PlainConnection

IN_FLIGHT = 16

Check: TypeAlias = Callable[[], Awaitable[bytes]]


class Target:
    """The request of a check, and its server."""

    def __init__(self, host: str, port: str, internal_token: str, bearer: str) -> None:
        self.host, self.port = host, int(port)
        self.url = f"http://{host}:{port}/internal/session"
        self.headers = {"x-internal-token": internal_token, "authorization": f"Bearer {bearer}"}


@asynccontextmanager
async def with_httpx(target: Target) -> AsyncGenerator[Check]:
    async with httpx.AsyncClient(headers=target.headers) as client:

        async def check() -> bytes:
            return (await client.get(target.url)).raise_for_status().content

        yield check


@asynccontextmanager
async def with_httpx2(target: Target) -> AsyncGenerator[Check]:
    async with httpx2.AsyncClient(headers=target.headers) as client:

        async def check() -> bytes:
            return (await client.get(target.url)).raise_for_status().content

        yield check


@asynccontextmanager
async def with_aiohttp(target: Target) -> AsyncGenerator[Check]:
    async with aiohttp.ClientSession(headers=target.headers, raise_for_status=True) as client:

        async def check() -> bytes:
            async with client.get(target.url) as response:
                return await response.read()

        yield check


@asynccontextmanager
async def with_plain_connections(target: Target) -> AsyncGenerator[Check]:
    opened = [await PlainConnection.open(target.host, target.port) for _ in range(IN_FLIGHT)]
    idle = list(opened)
    fields = {"host": target.host, **target.headers}
    request = "".join(["GET /internal/session HTTP/1.1\r\n", *(f"{k}: {v}\r\n" for k, v in fields.items()), "\r\n"])

    async def check() -> bytes:
        connection = idle.pop()
        try:
            return await connection.send(request.encode())
        finally:
            idle.append(connection)

    yield check
    for connection in opened:
        connection.close()


CLIENTS = {
    "httpx": with_httpx,
    "httpx2": with_httpx2,
    "aiohttp": with_aiohttp,
    "plain asyncio connection": with_plain_connections,
}


async def check_often(check: Check, calls: int) -> None:
    async def keep_checking() -> None:
        for _ in range(calls // IN_FLIGHT):
            await check()

    await asyncio.gather(*(keep_checking() for _ in range(IN_FLIGHT)))


async def measure(target: Target, rounds: int, calls: int) -> dict[str, list[float]]:
    micros: dict[str, list[float]] = {name: [] for name in CLIENTS}
    async with AsyncExitStack() as stack:
        checks = {name: await stack.enter_async_context(client(target)) for name, client in CLIENTS.items()}
        for check in checks.values():
            await check_often(check, IN_FLIGHT * 4)
        for _ in range(rounds):
            for name, check in checks.items():
                before = time.process_time_ns()
                await check_often(check, calls)
                micros[name].append((time.process_time_ns() - before) / 1000 / calls)
    return micros


if __name__ == "__main__":
    host, port, internal_token, bearer, rounds, calls = sys.argv[1:]
    found = uvloop.run(measure(Target(host, port, internal_token, bearer), int(rounds), int(calls)))
    sys.stdout.write(json.dumps(found))
