"""An auth server that sends whatever bytes it is given: what no HTTP library would write."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

Talk: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Responds to one request."""


class RawAuthServer:
    """Takes a request's head, and responds with `talk`. A connection stays open until `talk` ends it."""

    def __init__(self) -> None:
        self.url = ""
        self.talk: Talk = saying(b"")
        self.heads: list[bytes] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if b" /internal/session" not in head:
                    return
                self.heads.append(head)
                await self.talk(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def saying(sent: bytes, *, closes: bool = True) -> Talk:
    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await writer.drain()
        if closes:
            writer.close()

    return talk


def http(body: bytes, *headers: bytes, status: bytes = b"200 OK", kind: bytes | None = b"application/json") -> bytes:
    """A well-framed response."""
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    if kind is not None:
        lines.append(b"Content-Type: " + kind)
    return b"\r\n".join([*lines, b"", body])


@asynccontextmanager
async def serve_raw() -> AsyncGenerator[RawAuthServer]:
    raw = RawAuthServer()
    server = await asyncio.start_server(raw.handle, "127.0.0.1", 0, limit=1_000_000)
    try:
        raw.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield raw
    finally:
        server.close()
