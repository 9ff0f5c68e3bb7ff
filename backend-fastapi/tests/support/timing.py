"""Time in tests: a clock that stands still, and waiting with a deadline for what happens in the background."""

import asyncio
from collections.abc import Callable

import httpx

from auth_sidecar import AuthSidecar
from tests.support.contract import read_contract

DEADLINE_SECONDS = 20
LEASE_SECONDS: float = read_contract("lease")["defaultLeaseMs"] / 1000
"""What the fake auth server tells, unless a test sets another one."""


class ManualClock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def until(condition: Callable[[], bool]) -> None:
    """Returns when the condition holds, looking every few milliseconds."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.002)


async def warm(auth: AuthSidecar, client: httpx.AsyncClient, headers: dict[str, str], path: str = "/reports") -> None:
    """Returns when a request was served from the cache."""
    hits = auth.metrics().cache_hits_total
    async with asyncio.timeout(DEADLINE_SECONDS):
        while auth.metrics().cache_hits_total == hits:
            response = await client.get(path, headers=headers)
            assert response.status_code == 200, response.text
