"""What browsers may do with every response: not frame, sniff, run or store it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_JSON_POLICY = "default-src 'none'; frame-ancestors 'none'"
# Swagger UI writes styles into its elements; there is no /docs in production.
_DOCS_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; "
    "script-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
)


class SecurityHeaders:
    """Headers that a route sets stay as they are."""

    def __init__(self, app: ASGIApp, docs_path: str | None) -> None:
        self.app = app
        self._docs_path = docs_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Read now: a mounted app changes root_path. ASGI puts the prefix that a proxy strips back into the path.
        path = scope.get("path", "").removeprefix(scope.get("root_path", "").rstrip("/"))
        is_docs = self._docs_path is not None and path.startswith(self._docs_path)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", _DOCS_POLICY if is_docs else _JSON_POLICY)
                if (seconds := headers.get("retry-after")) is not None:
                    headers["x-retry-after"] = seconds  # the name that better-auth's clients read
            await send(message)

        await self.app(scope, receive, send_with_headers)
