"""A minimal HTTP/1.1 client: one connection, one request at a time, responses with a Content-Length."""

import asyncio
import re
from typing import Self, cast

_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


class PlainConnection(asyncio.Protocol):
    """Without timeouts, retries and chunked responses: the least that a client can cost, and not one to use."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._response: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        _, connection = await asyncio.get_running_loop().create_connection(cls, host, port)
        return connection

    async def send(self, request: bytes) -> bytes:
        """The body of the response. Raises ConnectionError when it is not a 200, or the connection ends."""
        if self._transport is None:
            raise ConnectionError("not connected")
        self._response = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._response

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(
            "asyncio.Transport", transport
        )  # asyncio's promise to a Protocol; uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._response is None:
            return
        length = _CONTENT_LENGTH.search(self._received, 0, end)
        if length is None or not self._received.startswith(b"HTTP/1.1 200"):
            self._response.set_exception(ConnectionError("unexpected response"))
            return
        whole = end + 4 + int(length[1])
        if len(self._received) >= whole:
            body = bytes(self._received[end + 4 : whole])
            self._received.clear()
            self._response.set_result(body)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._response is not None and not self._response.done():
            self._response.set_exception(exc or ConnectionError("closed"))
