"""uvicorn's HTTP protocol, with limits on what comes before a body. httptools itself has none."""

import asyncio
import json
import re
import uuid
from http import HTTPStatus

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.errors import AppError, BadRequest, HeadersTooLarge, HttpVersionNotSupported, RequestTimeout
from app.server.upgrade import new_parser, ordinary_head

MAX_HEAD_BYTES = 32 * 1024

_VERSIONS = ("1.1", "1.0")
# What httptools says of a version it does not know, and of HTTP/2's preface (RFC 9113 §3.4).
_VERSION_ERRORS = ("Invalid HTTP version", "Pause on PRI/Upgrade", "Expected HTTP/2 Connection Preface")
_ABSOLUTE = re.compile(rb"https?://(?P<authority>[^/?#]*)(?P<path>/?.*)", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(rb"(?:[A-Za-z0-9._~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


class BoundedProtocol(HttpToolsProtocol):
    """A connection that sends no complete head in time, or one too large or without one clear Host, is refused."""

    max_head_seconds: float = 10
    _awaits_head = True
    _head_bytes = 0
    _messages = 0
    _deadline: asyncio.TimerHandle | None = None
    _refusal: AppError | None = None
    _refused_next: AppError | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # pyright: ignore[reportArgumentType] - uvicorn's annotation is narrower
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused_next is not None:
            return
        if self._awaits_head and self._deadline is None:
            self._expect_head()
        messages_before = self._messages
        self._unset_keepalive_if_required()
        self._parse(data)
        # What ended a message was mostly its body; a head that begins behind it counts from the next piece on.
        if self._awaits_head and self._messages == messages_before and not self.transport.is_closing():
            self._count(len(data))

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._awaits_head:  # behind the body it is a trailer: none may pass for a header (RFC 9110 §6.5.1)
            super().on_header(name, value)
        self._head_bytes += len(name) + len(value)
        if self._head_bytes + len(self.url) > MAX_HEAD_BYTES:
            self._refusal = HeadersTooLarge()
            raise ValueError  # httptools stops parsing, and uvicorn calls send_400_response

    def on_headers_complete(self) -> None:
        if self.parser.should_upgrade():
            return  # _parse reads this head again, as that of an ordinary request
        version = self.parser.get_http_version()
        if version not in _VERSIONS:
            self._refusal = HttpVersionNotSupported()
            raise ValueError
        hosts = [value for name, value in self.headers if name == b"host"]
        is_old = not hosts and version == "1.0"
        if not is_old and (len(hosts) != 1 or not _HOST.fullmatch(hosts[0])):  # RFC 9112 §3.2
            raise ValueError
        if not self.url.startswith(b"/"):
            self.url = _origin_form(self.url)
        if b"#" in self.url:  # no part of a request's target: RFC 9112 §3.2
            raise ValueError
        self._awaits_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        self._awaits_head = True
        self._head_bytes = 0
        self._messages += 1
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._refused_next is not None and not self._is_responding and not self.transport.is_closing():
            self._close_with(self._refused_next)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words
        """uvicorn's response to bytes that are no request, in the one error body."""
        self._refuse(self._refusal or BadRequest())

    def _parse(self, data: bytes) -> None:
        """As uvicorn, where nobody asks for another protocol.

        httptools stops behind a head with `Upgrade` and would read the body that follows as the next request.
        We speak no other protocol, so the request is an ordinary one (RFC 9110 §7.8): its head is read again without
        those headers, and what comes behind it as its body.
        """
        rest = memoryview(data)
        while True:
            try:
                self.parser.feed_data(rest)
            except httptools.HttpParserUpgrade as stopped:
                head = ordinary_head(self.parser, self.url, self.headers)
                if head is None or not self._parse_again(head):
                    self.send_400_response("")
                    return
                rest = rest[stopped.args[0] :]
            except httptools.HttpParserError as error:
                if str(error) in _VERSION_ERRORS:
                    self._refusal = HttpVersionNotSupported()
                self.send_400_response(str(error))
                return
            else:
                return

    def _parse_again(self, head: bytes) -> bool:
        self._head_bytes = 0
        self.parser = new_parser(self)
        try:
            self.parser.feed_data(head)
        except httptools.HttpParserError:
            return False
        return True

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(HeadersTooLarge())

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(self.max_head_seconds, self._time_out)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _time_out(self) -> None:
        self._deadline = None
        if self._is_responding:
            self._expect_head()
        elif not self.transport.is_closing():
            self._refuse(RequestTimeout())

    @property
    def _is_responding(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete  # pyright: ignore[reportUnnecessaryComparison] - None before the first request

    def _refuse(self, error: AppError) -> None:
        """After the responses that are under way, or the client would take it for one of those."""
        if self._is_responding and self._awaits_head:
            self._refused_next = error
        else:
            self._close_with(error)

    def _close_with(self, error: AppError) -> None:
        body = json.dumps({"code": error.code, "message": error.message}).encode()
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
            f"x-request-id: {uuid.uuid4()}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()


def _origin_form(target: bytes) -> bytes:
    """RFC 9112 §3.2.2: a server takes the absolute form too. Which host it names decides nothing here."""
    parts = _ABSOLUTE.fullmatch(target)
    if parts is None or not _HOST.fullmatch(parts["authority"]):
        raise ValueError
    path = parts["path"]
    return path if path.startswith(b"/") else b"/" + path
