"""No aliases of paths: a proxy that decides by path must see the path that is served."""

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import NotFound

# Dot segments, plain and encoded (RFC 3986 §5.2.4), and what some servers read as a slash or as the end of the path.
_ALIAS = re.compile(rb"/(?:\.|%2e){1,2}(?:/|$)|%2f|%5c|%00|\\", re.IGNORECASE)


class ExactPaths:
    """404 for a path that others would read as another one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _ALIAS.search(scope.get("raw_path") or b""):
            raise NotFound
        await self.app(scope, receive, send)
