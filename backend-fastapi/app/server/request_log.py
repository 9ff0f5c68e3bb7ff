"""One id and one line for each request."""

import re
import time
import uuid
from http import HTTPStatus
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import AppError, InternalError
from app.server.log import describe_error
from auth_sidecar import AuthError, AuthServerUnavailable

RAISED = "app.raised"
"""The key in the scope under which error_responses.py leaves what was raised, for the log line."""

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CLOSED_BY_CLIENT = 499  # as in nginx: the client disconnected before the response

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class RequestLog:
    """Uses the caller's x-request-id if it is well-formed, or else makes one. The auth server gets it too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _identify_request(scope)
        status = _CLOSED_BY_CLIENT

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        started_at = time.perf_counter()
        with structlog.contextvars.bound_contextvars(requestId=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                _write_line(scope, status, (time.perf_counter() - started_at) * 1000)


def _identify_request(scope: Scope) -> str:
    """Replaces the caller's header by the id: auth_sidecar passes on what it finds there."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"]
    request_id = given[0] if len(given) == 1 and REQUEST_ID.fullmatch(given[0]) else str(uuid.uuid4())
    others = [(name, value) for name, value in scope["headers"] if name != b"x-request-id"]
    scope["headers"] = [*others, (b"x-request-id", request_id.encode("ascii"))]
    return request_id


def _write_line(scope: Scope, status: int, milliseconds: float) -> None:
    """The route's pattern, never the URL: some callers put tokens into it."""
    route = getattr(scope.get("route"), "path", "unknown")
    line: dict[str, Any] = {"method": scope["method"], "route": route, "status": status, "ms": round(milliseconds, 1)}
    error = scope.get(RAISED)
    if error is not None:
        line |= _describe(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request failed", **line)
    elif route.startswith("/health"):
        _log.debug("request", **line)
    else:
        _log.info("request", **line)


def _describe(error: Exception) -> dict[str, Any]:
    if isinstance(error, AuthServerUnavailable):
        return {"code": error.code, "reason": error.reason}
    if not isinstance(error, AppError | AuthError):
        return {"code": InternalError.code, "err": describe_error(error)}
    if error.__cause__ is None:
        return {"code": error.code}
    return {"code": error.code, "err": describe_error(error.__cause__)}
