"""The headers that a check adds to the response, whoever makes that response."""

from typing import TypeAlias

from starlette.datastructures import MutableHeaders
from starlette.types import Message

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]

_VARY = (b"vary", b"Cookie, Authorization")
# The response is about one user: no shared cache may store it, whatever the route says.
_CACHE_CONTROL = (b"cache-control", b"private, no-store")


def add_headers(message: Message, renewed_cookies: tuple[str, ...]) -> None:
    """To the message that starts a response."""
    given: RawHeaders = message.get("headers", ())
    for name, _ in given:
        if name == b"cache-control" or name == b"vary":  # noqa: PLR1714 - a set would be made for each header
            headers = _merge(list(given), keeps=not renewed_cookies)
            break
    else:
        headers = [*given, _VARY, _CACHE_CONTROL]
    if renewed_cookies:
        headers += ((b"set-cookie", cookie.encode("latin-1")) for cookie in renewed_cookies)
    message["headers"] = headers


def _merge(raw: RawHeaders, *, keeps: bool) -> RawHeaders:
    """Combined with the headers of the route."""
    headers = MutableHeaders(raw=raw)
    headers.add_vary_header("Cookie, Authorization")
    kept_by = headers.get("cache-control", "").lower()
    if not keeps or ("no-store" not in kept_by and "private" not in kept_by):
        headers["cache-control"] = "private, no-store"
    return headers.raw
