"""What stands between the service and its auth server, and can cut and hold up the feed of ended sessions."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager

_FEED = b"GET /internal/feed"
_ALWAYS = asyncio.Event()
_ALWAYS.set()


class FeedProxy:
    """Passes on everything, in order. What it can do wrong concerns connections to the feed only."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._feeds: set[tuple[asyncio.StreamWriter, ...]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.handshake_seconds = 0.0
        """How long the next connections to the feed wait before the auth server hears of them."""

    @property
    def feeds(self) -> int:
        """Connections to the feed of which the auth server has heard."""
        return len(self._feeds)

    def kill_feed(self) -> None:
        """Both ends are told at once, by a reset."""
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
            begin = await reader.read(65_536)
            is_feed = begin.startswith(_FEED)
            if is_feed:
                await asyncio.sleep(self.handshake_seconds)
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            async with _cut_off(far_writer):
                far_writer.write(begin)
                with self._noted(writer, far_writer) if is_feed else contextlib.nullcontext():
                    async with asyncio.TaskGroup() as both_ways:
                        both_ways.create_task(_pass(reader, far_writer, _ALWAYS))
                        both_ways.create_task(_pass(far_reader, writer, self._flows if is_feed else _ALWAYS))

    @contextlib.contextmanager
    def _noted(self, *both_ends: asyncio.StreamWriter) -> Generator[None]:
        self._feeds.add(both_ends)
        try:
            yield
        finally:
            self._feeds.discard(both_ends)


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


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flows: asyncio.Event) -> None:
    while data := await reader.read(65_536):
        await flows.wait()
        writer.write(data)
    await flows.wait()
    raise ConnectionResetError  # nothing is half open here


@asynccontextmanager
async def serve_feed_proxy(host: str, port: int) -> AsyncGenerator[tuple[FeedProxy, str]]:
    """The proxy and its address."""
    proxy = FeedProxy(host, port)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    try:
        yield proxy, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await proxy.close()
