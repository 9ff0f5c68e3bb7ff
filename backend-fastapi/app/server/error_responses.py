"""Every error as the one error body, `{"code", "message"}`."""

import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors
from app.errors import AppError, AppUserGone
from app.server.request_log import RAISED
from auth_sidecar import AuthError, render_auth_error

_JSON_TYPE = re.compile(r"application/(?:[a-z0-9.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_RULES_WITHOUT_INPUT = frozenset(
    {"missing", "string_type", "string_too_short", "string_too_long", "int_parsing"}
    | {"greater_than_equal", "less_than_equal", "value_error"}
)
_BY_STATUS: dict[int, type[AppError]] = {
    kind.status: kind for kind in (errors.BadRequest, errors.NotFound, errors.MethodNotAllowed)
}


class CatchAll:
    """Renders what middleware raises, and a bug as 500. It is inside RequestLog and Cors, which add their headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_started = False

        async def watching_send(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, receive, watching_send)
        except Exception as error:
            scope[RAISED] = error
            if has_started or scope["type"] != "http":
                raise  # too late for another response: the server closes the connection
            rendered = error if isinstance(error, AppError) else errors.InternalError()
            await to_response(rendered)(scope, receive, send)


def to_response(error: AppError, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"code": error.code, "message": error.message}
    return JSONResponse(body, status_code=error.status, headers={**error.headers, **(headers or {})})


def _render(request: Request, error: AppError, headers: dict[str, str] | None = None) -> JSONResponse:
    request.scope[RAISED] = error
    return to_response(error, headers)


async def _render_app_error(request: Request, error: AppError) -> JSONResponse:
    return _render(request, error)


async def _render_app_user_gone(request: Request, error: AppUserGone) -> JSONResponse:
    request.app.state.auth.forget_user(error.user_id)
    return _render(request, error)


async def _render_auth_error(request: Request, error: AuthError) -> JSONResponse:
    request.scope[RAISED] = error
    return await render_auth_error(request, error)


async def _render_http_exception(request: Request, error: HTTPException) -> JSONResponse:
    """What the framework raises: unknown paths and methods, and bodies that cannot be read."""
    if error.status_code == errors.MethodNotAllowed.status:
        return _render(request, errors.MethodNotAllowed(), {"Allow": _allowed_methods(request)})
    if error.status_code == errors.BadRequest.status and _is_json(request):
        return _render(request, errors.InvalidJson())
    kind = _BY_STATUS.get(error.status_code)
    if kind is None:
        raise error  # nothing here raises any other status: a bug
    return _render(request, kind())


async def _render_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    problems = error.errors()
    if any(problem["type"] == "json_invalid" for problem in problems):
        return _render(request, errors.InvalidJson())
    if isinstance(error.body, bytes) and not _is_json(request):
        return _render(request, errors.UnsupportedMediaType())
    return _render(request, errors.ValidationFailed(_describe(problems)))


def _describe(problems: Sequence[dict[str, Any]]) -> str:
    """`text: String should have at most 2000 characters`."""
    return "; ".join(f"{problem['loc'][-1]}: {_rule(problem)}" for problem in problems)


def _rule(problem: dict[str, Any]) -> str:
    """Other messages of pydantic repeat parts of what was sent."""
    if problem["type"] in _RULES_WITHOUT_INPUT:
        return str(problem["msg"]).removeprefix("Value error, ")
    return str(problem["type"]).replace("_", " ")


def _is_json(request: Request) -> bool:
    return _JSON_TYPE.fullmatch(request.headers.get("content-type", "")) is not None


def _allowed_methods(request: Request) -> str:
    """Of all routes of this path: FastAPI itself lists the methods of the first one only."""
    path = getattr(request.scope.get("route"), "path", None)
    routes = [route for route in iter_route_contexts(request.app.routes) if route.path == path]
    return ", ".join(sorted({method for route in routes for method in route.methods or ()}))


ERROR_RESPONSES: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    AppError: _render_app_error,
    AppUserGone: _render_app_user_gone,
    AuthError: _render_auth_error,
    RequestValidationError: _render_invalid,
    HTTPException: _render_http_exception,
}
"""What renders each kind of exception."""
