"""Whatever goes wrong, as the one error body."""

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
from app.server.request_log import FAILURE
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
    """Answers what middleware raises, and 500 for a bug: in here, so that these answers have an id and CORS headers."""

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
            scope[FAILURE] = error
            if has_started or scope["type"] != "http":
                raise  # too late for another answer: the server closes the connection
            answer = error if isinstance(error, AppError) else errors.InternalError()
            await to_response(answer)(scope, receive, send)


def to_response(error: AppError, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"code": error.code, "message": error.message}
    return JSONResponse(body, status_code=error.status, headers={**error.headers, **(headers or {})})


def _answer(request: Request, error: AppError, headers: dict[str, str] | None = None) -> JSONResponse:
    request.scope[FAILURE] = error
    return to_response(error, headers)


async def _answer_app_error(request: Request, error: AppError) -> JSONResponse:
    return _answer(request, error)


async def _answer_app_user_gone(request: Request, error: AppUserGone) -> JSONResponse:
    request.app.state.auth.forget_user(error.user_id)
    return _answer(request, error)


async def _answer_auth_error(request: Request, error: AuthError) -> JSONResponse:
    request.scope[FAILURE] = error
    return await render_auth_error(request, error)


async def _answer_http_exception(request: Request, error: HTTPException) -> JSONResponse:
    """What the framework raises: unknown paths and methods, and bodies that cannot be read."""
    if error.status_code == errors.MethodNotAllowed.status:
        return _answer(request, errors.MethodNotAllowed(), {"Allow": _allowed_methods(request)})
    if error.status_code == errors.BadRequest.status and _is_json(request):
        return _answer(request, errors.InvalidJson())
    kind = _BY_STATUS.get(error.status_code)
    if kind is None:
        raise error  # nobody here raises these: a bug
    return _answer(request, kind())


async def _answer_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return _answer(request, errors.InvalidJson())
    if isinstance(error.body, bytes) and not _is_json(request):
        return _answer(request, errors.UnsupportedMediaType())
    return _answer(request, errors.ValidationFailed(_describe(faults)))


def _describe(faults: Sequence[dict[str, Any]]) -> str:
    """`text: String should have at most 2000 characters`."""
    return "; ".join(f"{fault['loc'][-1]}: {_rule(fault)}" for fault in faults)


def _rule(fault: dict[str, Any]) -> str:
    """Other messages of pydantic repeat parts of what was sent."""
    if fault["type"] in _RULES_WITHOUT_INPUT:
        return str(fault["msg"]).removeprefix("Value error, ")
    return str(fault["type"]).replace("_", " ")


def _is_json(request: Request) -> bool:
    return _JSON_TYPE.fullmatch(request.headers.get("content-type", "")) is not None


def _allowed_methods(request: Request) -> str:
    """Of all routes of this path: FastAPI answers with the methods of the first one only."""
    path = getattr(request.scope.get("route"), "path", None)
    routes = [route for route in iter_route_contexts(request.app.routes) if route.path == path]
    return ", ".join(sorted({method for route in routes for method in route.methods or ()}))


ERROR_RESPONSES: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    AppError: _answer_app_error,
    AppUserGone: _answer_app_user_gone,
    AuthError: _answer_auth_error,
    RequestValidationError: _answer_invalid,
    HTTPException: _answer_http_exception,
}
"""How each kind of exception is answered."""
