"""What asking the auth server costs the service that asks, with different HTTP clients: the price of a cache miss.

    clients.py HOST PORT INTERNAL_TOKEN BEARER ROUNDS CALLS

Every client asks CALLS times a round, 16 at once, over connections that it keeps, in turn. Prints a JSON object: for
each client the CPU microseconds of this process per call, one number for each round.
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

Ask: TypeAlias = Callable[[], Awaitable[bytes]]


class Question:
    """What is asked, and of whom."""

    def __init__(self, host: str, port: str, internal_token: str, bearer: str) -> None:
        self.host, self.port = host, int(port)
        self.url = f"http://{host}:{port}/internal/session"
        self.headers = {"x-internal-token": internal_token, "authorization": f"Bearer {bearer}"}


@asynccontextmanager
async def with_httpx(question: Question) -> AsyncGenerator[Ask]:
    async with httpx.AsyncClient(headers=question.headers) as client:

        async def ask() -> bytes:
            return (await client.get(question.url)).raise_for_status().content

        yield ask


@asynccontextmanager
async def with_httpx2(question: Question) -> AsyncGenerator[Ask]:
    async with httpx2.AsyncClient(headers=question.headers) as client:

        async def ask() -> bytes:
            return (await client.get(question.url)).raise_for_status().content

        yield ask


@asynccontextmanager
async def with_aiohttp(question: Question) -> AsyncGenerator[Ask]:
    async with aiohttp.ClientSession(headers=question.headers, raise_for_status=True) as client:

        async def ask() -> bytes:
            async with client.get(question.url) as answer:
                return await answer.read()

        yield ask


@asynccontextmanager
async def with_plain_connections(question: Question) -> AsyncGenerator[Ask]:
    opened = [await PlainConnection.open(question.host, question.port) for _ in range(IN_FLIGHT)]
    idle = list(opened)
    fields = {"host": question.host, **question.headers}
    request = "".join(["GET /internal/session HTTP/1.1\r\n", *(f"{k}: {v}\r\n" for k, v in fields.items()), "\r\n"])

    async def ask() -> bytes:
        connection = idle.pop()
        try:
            return await connection.send(request.encode())
        finally:
            idle.append(connection)

    yield ask
    for connection in opened:
        connection.close()


CLIENTS = {
    "httpx": with_httpx,
    "httpx2": with_httpx2,
    "aiohttp": with_aiohttp,
    "plain asyncio connection": with_plain_connections,
}


async def ask_often(ask: Ask, calls: int) -> None:
    async def keep_asking() -> None:
        for _ in range(calls // IN_FLIGHT):
            await ask()

    await asyncio.gather(*(keep_asking() for _ in range(IN_FLIGHT)))


async def measure(question: Question, rounds: int, calls: int) -> dict[str, list[float]]:
    micros: dict[str, list[float]] = {name: [] for name in CLIENTS}
    async with AsyncExitStack() as stack:
        asks = {name: await stack.enter_async_context(client(question)) for name, client in CLIENTS.items()}
        for ask in asks.values():
            await ask_often(ask, IN_FLIGHT * 4)
        for _ in range(rounds):
            for name, ask in asks.items():
                before = time.process_time_ns()
                await ask_often(ask, calls)
                micros[name].append((time.process_time_ns() - before) / 1000 / calls)
    return micros


if __name__ == "__main__":
    host, port, internal_token, bearer, rounds, calls = sys.argv[1:]
    found = uvloop.run(measure(Question(host, port, internal_token, bearer), int(rounds), int(calls)))
    sys.stdout.write(json.dumps(found))
