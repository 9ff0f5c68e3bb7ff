"""How many checks may be under way: a slow auth server must not collect every request of this process."""

import asyncio
from types import TracebackType

from auth_sidecar.errors import AuthServerUnavailable

# Behind each check under way. A burst of first requests waits its turn; a flood is told to come back.
WAITING_PER_SLOT = 16


class Slots:
    """`async with slots:` waits for a free one, or raises AuthServerUnavailable at once when too many wait already."""

    def __init__(self, size: int) -> None:
        self._free = asyncio.Semaphore(size)
        self._waiting = 0
        self._most_waiting = size * WAITING_PER_SLOT

    async def __aenter__(self) -> None:
        if self._waiting >= self._most_waiting:
            raise AuthServerUnavailable("too many checks are waiting")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._free.release()
