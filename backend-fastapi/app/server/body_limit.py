"""How large a request's body may be, how long it may take to arrive, and that JSON is JSON."""

import asyncio
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import BadRequest, PayloadTooLarge, RequestTimeout, UnsupportedMediaType
from app.server.json_body import check_content_type, check_json, is_json

MAX_BYTES = 64 * 1024
MAX_SECONDS = 20


class ClientGone(Exception):
    """The client disconnected before the end of its body: nobody is left to respond to."""


class BodyLimit:
    """Reads the body once, bounded, before anybody else sees it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_body(headers := Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        if headers.get("content-encoding", "identity") != "identity":
            # Nothing is decompressed: a small body may hold a huge one.
            raise UnsupportedMediaType("Send the body without Content-Encoding.")
        content_types = headers.getlist("content-type")
        has_json = any(is_json(value) for value in content_types)
        if has_json:
            if len(content_types) > 1:
                raise UnsupportedMediaType
            check_content_type(content_types[0])
        try:
            async with asyncio.timeout(MAX_SECONDS):
                body = await _read(receive, _announced(headers))
        except TimeoutError as error:
            raise RequestTimeout from error
        except ClientGone:
            return
        if has_json and body:
            check_json(body)
        await self.app(scope, _replay(body, receive), send)


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    if not re.fullmatch(r"[0-9]{1,20}", length):
        raise BadRequest
    return int(length)


async def _read(receive: Receive, announced: int) -> bytes:
    """Counts while reading: a chunked body announces no length."""
    if announced > MAX_BYTES:
        raise PayloadTooLarge
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > MAX_BYTES:
            raise PayloadTooLarge
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    is_pending = True

    async def replay() -> Message:
        nonlocal is_pending
        if not is_pending:
            return await receive()
        is_pending = False
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
