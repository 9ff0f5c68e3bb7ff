"""The auth server's feed of ended sessions, for tests: it responds to pings, tells what it is told to, and breaks."""

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

INTERNAL_TOKEN = "f3b1c0d29e8a47566bd1a0c4e97f2838"


class FakeFeed:
    """`refuses_with` is the status of a refused upgrade, `redirects_to` where else to ask, as a 307 says it; while
    `is_silent`, pings get no pong.
    """

    def __init__(self) -> None:
        self.refuses_with: int | None = None
        self.redirects_to: str | None = None
        self.is_silent = False
        self.connections = 0
        self.pings = 0
        self.first_ping = ""
        """As it came."""
        self.refusals = 0
        self._sockets: set[web.WebSocketResponse] = set()
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
        self._sockets.add(socket)
        await self._note(connections=1)
        try:
            async for message in socket:
                self.first_ping = self.first_ping or message.data
                await self._respond(socket, json.loads(message.data))
        finally:
            self._sockets.discard(socket)
        return socket

    @property
    def subscribers(self) -> int:
        """Connections that are open."""
        return len(self._sockets)

    async def connected(self, times: int = 1) -> None:
        """Returns when that many services have connected."""
        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: self.connections >= times)

    async def pinged(self, times: int = 1) -> None:
        """Returns when that many pings have come."""
        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: self.pings >= times)

    async def tell(self, message: Mapping[str, object] | str | bytes) -> None:
        """To all that are connected."""
        for socket in tuple(self._sockets):
            if isinstance(message, bytes):
                await socket.send_bytes(message)
            else:
                await socket.send_str(message if isinstance(message, str) else json.dumps(message))

    async def drop(self) -> None:
        """Ends every connection."""
        await asyncio.gather(*(socket.close(code=1013) for socket in tuple(self._sockets)))

    async def _respond(self, socket: web.WebSocketResponse, ping: Mapping[str, object]) -> None:
        assert ping["type"] == "ping"
        if not self.is_silent:
            await socket.send_str(json.dumps({"type": "pong", "id": ping["id"]}))
        await self._note(pings=1)

    async def _note(self, *, connections: int = 0, pings: int = 0) -> None:
        self.connections += connections
        self.pings += pings
        async with self._news:
            self._news.notify_all()
