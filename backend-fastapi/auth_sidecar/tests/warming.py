"""Waits for what happens by itself, with a deadline."""

import asyncio
from collections.abc import Callable

import httpx

from auth_sidecar import AuthSidecar

DEADLINE_SECONDS = 5


async def until(condition: Callable[[], bool]) -> None:
    """Returns when the condition holds, looking every few milliseconds."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.002)


async def warm(auth: AuthSidecar, client: httpx.AsyncClient, headers: dict[str, str], path: str = "/reports") -> None:
    """Returns when a request was answered from the cache."""
    hits = auth.metrics().cache_hits_total
    async with asyncio.timeout(DEADLINE_SECONDS):
        while auth.metrics().cache_hits_total == hits:
            answer = await client.get(path, headers=headers)
            assert answer.status_code == 200, answer.text
