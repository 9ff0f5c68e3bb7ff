"""A kept HTTP connection that costs little, so that the machine is left for what is tested."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

SECONDS_TO_RESPOND = 30
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Response:
    """`began`: on the clock of time.monotonic(), before the request's first byte was written."""

    status: int
    body: bytes
    began: float


class Connection(asyncio.Protocol):
    """One request at a time. Raises ConnectionError when the other end closes without a response, and TimeoutError."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        self._response: asyncio.Future[tuple[int, bytes]] | None = None
        self.is_lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is of no such class

    def data_received(self, data: bytes) -> None:
        self._received += data
        end_of_head = self._received.find(_END_OF_HEAD)
        if end_of_head < 0 or self._response is None:
            return
        length = _LENGTH.search(self._received)
        assert length is not None, bytes(self._received)
        size = end_of_head + len(_END_OF_HEAD) + int(length[1])
        if len(self._received) < size:
            return
        status = int(self._received[9:12])  # HTTP/1.1 200
        body = bytes(self._received[end_of_head + len(_END_OF_HEAD) : size])
        del self._received[:size]
        if not self._response.done():
            self._response.set_result((status, body))

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost.set()
        if self._response is not None and not self._response.done():
            self._response.set_exception(exc or ConnectionResetError("closed without a response"))

    async def send(self, request: bytes) -> Response:
        assert self._transport is not None
        if self.is_lost.is_set():
            raise ConnectionResetError("closed before the request")
        self._response = asyncio.get_running_loop().create_future()
        began = time.monotonic()
        self._transport.write(request)
        async with asyncio.timeout(SECONDS_TO_RESPOND):
            status, body = await self._response
        return Response(status, body, began)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[Connection]:
    at = urlsplit(url)
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(Connection, at.hostname or "", at.port or 0)
    try:
        yield connection
    finally:
        connection.close()
        await connection.is_lost.wait()


def render(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A whole request."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
