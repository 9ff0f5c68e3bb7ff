"""A proxy between the service and its auth server, which can cut and stall the feed."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

BothEnds = tuple[asyncio.StreamWriter, asyncio.StreamWriter]
"""Towards the service, and towards the auth server."""
Address = tuple[str, int]

_SUBSCRIBES = b"GET /internal/feed"
_SECONDS_TO_SUBSCRIBE = 30
_SECONDS_BETWEEN_LOOKS = 0.01


class FeedProxy:
    """Passes on everything, in order. What it can do wrong concerns connections to the feed only."""

    def __init__(self, url: str) -> None:
        self.lead_to(url)
        self._feeds: set[BothEnds] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.handshake_seconds = 0.0
        """How long the next connections to the feed wait before the auth server hears of them."""

    @property
    def feeds(self) -> int:
        """Connections to the feed of which the auth server has heard."""
        return len(self._feeds)

    def lead_to(self, url: str) -> None:
        """What connects from now on finds the auth server at that address."""
        self._target = _address(url)

    def leads_to(self, url: str) -> bool:
        return self._target == _address(url)

    async def settle_at(self, url: str) -> None:
        """Returns when who was subscribed elsewhere is subscribed there: each auth server has a lease of its own."""
        if self.leads_to(url):
            return  # and so does every subscription
        elsewhere = set(self._feeds)
        self.lead_to(url)
        self.kill_feed()
        async with asyncio.timeout(_SECONDS_TO_SUBSCRIBE):
            while len(self._feeds - elsewhere) < len(elsewhere):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def kill_feed(self) -> None:
        """Both ends notice at once, by a reset."""
        for both_ends in self._feeds:
            for writer in both_ends:
                writer.transport.abort()

    def stall(self) -> None:
        """From now on the service hears nothing on the feed, and no end of it; what it says itself goes through."""
        self._flows.clear()

    def flow(self) -> None:
        self._flows.set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._handle(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with _cut_off(writer):
            target = self._target
            far_reader, far_writer = await asyncio.open_connection(*target)
            both_ends = (writer, far_writer)
            try:
                async with _cut_off(far_writer), asyncio.TaskGroup() as both_ways:
                    both_ways.create_task(self._pass_on(reader, both_ends, target))
                    both_ways.create_task(self._pass_back(far_reader, both_ends))
            finally:
                self._feeds.discard(both_ends)

    async def _pass_on(self, reader: asyncio.StreamReader, both_ends: BothEnds, target: Address) -> None:
        """A client may subscribe on a connection that it has used for something else before: if that leads to where
        nothing is led to any more, it is reset, and the client subscribes on a new one."""
        while data := await reader.read(65_536):
            if data.startswith(_SUBSCRIBES):
                await asyncio.sleep(self.handshake_seconds)
                if target != self._target:
                    raise ConnectionResetError
                self._feeds.add(both_ends)
            both_ends[1].write(data)
        raise ConnectionResetError  # nothing is half open here

    async def _pass_back(self, reader: asyncio.StreamReader, both_ends: BothEnds) -> None:
        while data := await reader.read(65_536):
            await self._may_pass(both_ends)
            both_ends[0].write(data)
        await self._may_pass(both_ends)
        raise ConnectionResetError

    async def _may_pass(self, both_ends: BothEnds) -> None:
        if both_ends in self._feeds:
            await self._flows.wait()


def _address(url: str) -> Address:
    at = urlsplit(url)
    return at.hostname or "", at.port or 0


@asynccontextmanager
async def _cut_off(writer: asyncio.StreamWriter) -> AsyncGenerator[None]:
    """At the end, whatever the end was. One end that closes is nothing to complain about here."""
    try:
        yield
    except* ConnectionError:
        pass
    finally:
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@asynccontextmanager
async def serve_feed_proxy(url: str) -> AsyncGenerator[tuple[FeedProxy, str]]:
    """The proxy and its address."""
    proxy = FeedProxy(url)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    try:
        yield proxy, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await proxy.close()
