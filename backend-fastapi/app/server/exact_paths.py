"""One spelling for each path: whoever decides by path in front of us must see the path that is served."""

import re

from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import NotFound

# Dot segments, plain and encoded (RFC 3986 §5.2.4), and what some read as a slash or as the end of the path.
_SECOND_SPELLING = re.compile(rb"/(?:\.|%2e){1,2}(?:/|$)|%2f|%5c|%00|\\", re.IGNORECASE)


class ExactPaths:
    """A path that others would read as another one is no path here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _SECOND_SPELLING.search(scope.get("raw_path") or b""):
            raise NotFound
        await self.app(scope, receive, send)
