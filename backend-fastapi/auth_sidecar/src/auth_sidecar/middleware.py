"""Gives each request its check."""

from starlette.types import ASGIApp, Receive, Scope, Send

from auth_sidecar.check import SCOPE_KEY, Checking, RequestCheck


class CheckMiddleware:
    """It asks nothing by itself: only routes that want a user do."""

    def __init__(self, app: ASGIApp, shared: Checking) -> None:
        self.app = app
        self._shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        check = scope[SCOPE_KEY] = RequestCheck(self._shared, send)
        try:
            await self.app(scope, receive, check.send)
        finally:
            check.end()
