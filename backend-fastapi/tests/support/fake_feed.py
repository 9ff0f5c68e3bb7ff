"""The auth server's feed of ended sessions, for tests: it responds to pings, tells what it is told to, and breaks."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from tests.support.contract import read_contract

INTERNAL_TOKEN = "f3b1c0d29e8a47566bd1a0c4e97f2838"


@dataclass(frozen=True)
class Heard:
    """A message of a service, as it came, and on which of the connections."""

    connection: int
    text: str

    @property
    def type(self) -> str:
        return json.loads(self.text)["type"]


class FakeFeed:
    """`refuses_with` is the status of a refused upgrade, `redirects_to` where else to ask, as a 307 says it; while
    `is_silent`, pings get no pong. `lease_ms` is what `hello` tells; None: a server of the protocol's first version,
    which sends no `hello` and closes on everything but pings.
    """

    def __init__(self) -> None:
        self.refuses_with: int | None = None
        self.redirects_to: str | None = None
        self.is_silent = False
        self.lease_ms: int | None = read_contract("lease")["defaultLeaseMs"]
        self.heard: list[Heard] = []
        self.connections = 0
        self.refusals = 0
        self.ends: list[int | None] = []
        """With which code each connection was closed."""
        self._sockets: set[web.WebSocketResponse] = set()
        self._syncs = 0
        self._news = asyncio.Condition()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("x-internal-token") != INTERNAL_TOKEN:
            return web.json_response({"code": "INTERNAL_TOKEN_REQUIRED", "message": "No."}, status=403)
        if self.refuses_with is not None:
            self.refusals += 1
            return web.json_response({"code": "FEED_UNAVAILABLE", "message": "No."}, status=self.refuses_with)
        if self.redirects_to is not None:
            self.refusals += 1
            return web.Response(status=307, headers={"location": self.redirects_to})
        socket = web.WebSocketResponse(timeout=0.01)
        await socket.prepare(request)
        await self._talk(socket)
        return socket

    @property
    def subscribers(self) -> int:
        """Connections that are open."""
        return len(self._sockets)

    @property
    def pings(self) -> int:
        return len(self.heard_of("ping"))

    def heard_of(self, kind: str) -> list[Heard]:
        return [heard for heard in self.heard if heard.type == kind]

    async def connected(self, times: int = 1) -> None:
        """Returns when that many services have connected."""
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(lambda: self.connections >= times)

    async def pinged(self, times: int = 1) -> None:
        """Returns when that many pings have come."""
        await self.received("ping", times)

    async def received(self, kind: str, times: int = 1) -> list[Heard]:
        """Returns when that many messages of a kind have come."""
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(lambda: len(self.heard_of(kind)) >= times)
        return self.heard_of(kind)

    async def tell(self, message: Mapping[str, object] | str | bytes) -> None:
        """To all that are connected."""
        for socket in tuple(self._sockets):
            if isinstance(message, bytes):
                await socket.send_bytes(message)
            else:
                await socket.send_str(message if isinstance(message, str) else json.dumps(message))

    async def sync(self) -> None:
        """Returns when all who are connected have applied what they were told before."""
        if self.lease_ms is None or not self._sockets:
            return
        self._syncs += 1
        number, services = self._syncs, self.subscribers
        await self.tell({"type": "sync", "id": number})
        replies = {"type": "synced", "id": number}
        async with asyncio.timeout(20), self._news:
            await self._news.wait_for(
                lambda: sum(json.loads(heard.text) == replies for heard in self.heard) >= services
            )

    async def drop(self) -> None:
        """Ends every connection."""
        await asyncio.gather(*(socket.close(code=1013) for socket in tuple(self._sockets)))

    async def _talk(self, socket: web.WebSocketResponse) -> None:
        self._sockets.add(socket)
        self.connections += 1
        connection = self.connections
        if self.lease_ms is not None:
            await socket.send_str(json.dumps({"type": "hello", "lease_ms": self.lease_ms}))
        await self._announce()
        try:
            async for message in socket:
                heard = Heard(connection, message.data)
                await self._respond(socket, heard)
                self.heard.append(heard)
                await self._announce()
        finally:
            self._sockets.discard(socket)
            self.ends.append(socket.close_code)

    async def _respond(self, socket: web.WebSocketResponse, heard: Heard) -> None:
        if heard.type == "ping" and not self.is_silent:
            await socket.send_str(json.dumps({"type": "pong", "id": json.loads(heard.text)["id"]}))
        if heard.type != "ping" and self.lease_ms is None:
            await socket.close(code=1008)

    async def _announce(self) -> None:
        async with self._news:
            self._news.notify_all()
