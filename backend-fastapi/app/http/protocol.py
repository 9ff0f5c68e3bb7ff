"""uvicorn's HTTP protocol, with limits on what comes before a body. httptools itself has none."""

import asyncio
import json
import re
import uuid
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.errors import AppError, BadRequest, HeadersTooLarge, RequestTimeout

MAX_HEAD_BYTES = 32 * 1024

_HOST = re.compile(rb"(?:[A-Za-z0-9._~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


class BoundedProtocol(HttpToolsProtocol):
    """A connection that sends no complete head in time, or one too large or without one clear Host, is refused."""

    max_head_seconds: float = 10
    _awaits_head = True
    _head_bytes = 0
    _messages = 0
    _deadline: asyncio.TimerHandle | None = None
    _refusal: AppError | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # pyright: ignore[reportArgumentType] - uvicorn's annotation is narrower
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._awaits_head and self._deadline is None:
            self._expect_head()
        messages_before = self._messages
        super().data_received(data)
        # What ended a message was mostly its body; a head that begins behind it counts from the next piece on.
        if self._awaits_head and self._messages == messages_before and not self.transport.is_closing():
            self._count(len(data))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._head_bytes += len(name) + len(value)
        if self._head_bytes + len(self.url) > MAX_HEAD_BYTES:
            self._refusal = HeadersTooLarge()
            raise ValueError  # httptools stops parsing, and uvicorn calls send_400_response

    def on_headers_complete(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        is_old = not hosts and self.parser is not None and self.parser.get_http_version() == "1.0"
        if not is_old and (len(hosts) != 1 or not _HOST.fullmatch(hosts[0])):  # RFC 9112 §3.2
            raise ValueError
        self._awaits_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._awaits_head = True
        self._head_bytes = 0
        self._messages += 1
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words
        """What uvicorn answers to bytes that are no request, in the one error body."""
        self._refuse(self._refusal or BadRequest())

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HeadersTooLarge())

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(self.max_head_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        is_answering = self.cycle is not None and not self.cycle.response_complete  # pyright: ignore[reportUnnecessaryComparison] - None before the first request
        if is_answering:
            self._expect_head()
        elif not self.transport.is_closing():
            self._refuse(RequestTimeout())

    def _refuse(self, error: AppError) -> None:
        body = json.dumps({"code": error.code, "message": error.message}).encode()
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
            f"x-request-id: {uuid.uuid4()}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
