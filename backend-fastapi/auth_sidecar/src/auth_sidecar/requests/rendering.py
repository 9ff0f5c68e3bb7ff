"""The one error body, `{"code", "message"}`, and how it is documented in an app's OpenAPI."""

from typing import Any

from fastapi import HTTPException, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import Receive, Scope, Send

from auth_sidecar.errors import AuthError


class ErrorBody(BaseModel):
    """The body of every error: a stable code for programs, a message to show."""

    code: str = Field(examples=["SESSION_REQUIRED"])
    message: str = Field(examples=["Sign in first."])


def _header(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "required": True, "schema": {"type": "string", **schema}}


auth_responses: dict[int | str, dict[str, Any]] = {
    401: {
        "model": ErrorBody,
        "description": "Nobody is signed in behind this request.",
        "headers": {"WWW-Authenticate": _header("The scheme to sign in with: RFC 6750.", {"const": "Bearer"})},
    },
    403: {"model": ErrorBody, "description": "The session cookie came from another site's page."},
    503: {
        "model": ErrorBody,
        "description": "It cannot be known who this is.",
        "headers": {"Retry-After": _header("Seconds to wait before trying again.", {"type": "integer", "minimum": 0})},
    },
}
"""For `responses=` of a router or route that asks for a user; 403 comes from unsafe methods only."""


async def render_auth_error(_request: Request, error: AuthError) -> JSONResponse:
    """The response to a refused request."""
    body = {"code": error.code, "message": error.message}
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


def offer_rendering(scope: Scope) -> bool:
    """Makes the app that is about to get an AuthError render it with the one body, unless it has its own handler.

    An app's handlers are fixed before its lifespan runs, and a mounted app has its own: so they are offered here,
    where Starlette looks them up. A service's handler for AuthError, or for HTTPException, is left in charge. False
    where nothing handles exceptions: in a middleware.
    """
    handlers: tuple[dict[Any, Any], object] | None = scope.get("starlette.exception_handlers")
    if handlers is None:
        return False
    by_type = handlers[0]
    if AuthError not in by_type and HTTPException not in by_type and _is_default(by_type.get(StarletteHTTPException)):
        by_type[AuthError] = render_auth_error
    return True


def _is_default(handler: object) -> bool:
    """FastAPI's own, or Starlette's."""
    of_starlette = ExceptionMiddleware.http_exception
    return handler is None or handler is http_exception_handler or getattr(handler, "__func__", None) is of_starlette


async def send_refusal(error: AuthError, scope: Scope, receive: Receive, send: Send) -> None:
    """Sends what the app would send if a route had raised it."""
    registered: dict[Any, Any] = getattr(scope.get("app"), "exception_handlers", {})
    handlers = {kind: handler for kind, handler in registered.items() if kind not in (500, Exception)}

    async def refuse(scope: Scope, _receive: Receive, _send: Send) -> None:
        offer_rendering(scope)
        raise error

    await ExceptionMiddleware(refuse, handlers=handlers)(scope, receive, send)
