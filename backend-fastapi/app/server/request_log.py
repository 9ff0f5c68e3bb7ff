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

FAILURE = "app.failure"
"""Where error_answers.py leaves in the scope what was raised, for the line below."""

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CLOSED_BY_CLIENT = 499  # nginx's: nobody was there any more to be answered

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


class RequestLog:
    """Takes the caller's x-request-id where it is well-formed, else makes one; it goes to everyone who is asked."""

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
    """Puts the id in the place of the caller's header: auth_sidecar passes on what it finds there."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"]
    request_id = given[0] if len(given) == 1 and REQUEST_ID.fullmatch(given[0]) else str(uuid.uuid4())
    others = [(name, value) for name, value in scope["headers"] if name != b"x-request-id"]
    scope["headers"] = [*others, (b"x-request-id", request_id.encode("ascii"))]
    return request_id


def _write_line(scope: Scope, status: int, milliseconds: float) -> None:
    """The route's pattern, never the URL: people put tokens into those."""
    route = getattr(scope.get("route"), "path", "unknown")
    line: dict[str, Any] = {"method": scope["method"], "route": route, "status": status, "ms": round(milliseconds, 1)}
    failure = scope.get(FAILURE)
    if failure is not None:
        line |= _describe_failure(failure)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request failed", **line)
    elif route.startswith("/health"):
        _log.debug("request", **line)
    else:
        _log.info("request", **line)


def _describe_failure(failure: Exception) -> dict[str, Any]:
    if isinstance(failure, AuthServerUnavailable):
        return {"code": failure.code, "reason": failure.reason}
    if not isinstance(failure, AppError | AuthError):
        return {"code": InternalError.code, "err": describe_error(failure)}
    if failure.__cause__ is None:
        return {"code": failure.code}
    return {"code": failure.code, "err": describe_error(failure.__cause__)}
