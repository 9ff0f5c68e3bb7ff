"""What a check leaves on the answer, whoever makes that answer: a response object, a stream, an error handler."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth_sidecar.check import RequestCheck

SCOPE_KEY = "auth_sidecar.check"
_HEADER_MESSAGES = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})


class CheckMiddleware:
    """Gives each request its own RequestCheck. It asks nothing by itself: only routes that want a user do."""

    def __init__(self, app: ASGIApp, new_check: Callable[[], RequestCheck]) -> None:
        self.app = app
        self._new_check = new_check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        check = scope[SCOPE_KEY] = self._new_check()

        async def send_with_headers(message: Message) -> None:
            if check.was_asked and message["type"] in _HEADER_MESSAGES:
                _add_headers(message, check)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _add_headers(message: Message, check: RequestCheck) -> None:
    headers = MutableHeaders(raw=list(message.get("headers", ())))
    message["headers"] = headers.raw
    headers.add_vary_header("Cookie, Authorization")
    # The answer is about one person: no shared cache may keep it, whatever the route says.
    kept_by = headers.get("cache-control", "").lower()
    if check.renewed_cookies or ("no-store" not in kept_by and "private" not in kept_by):
        headers["cache-control"] = "private, no-store"
    for cookie in check.renewed_cookies:
        headers.append("set-cookie", cookie)
