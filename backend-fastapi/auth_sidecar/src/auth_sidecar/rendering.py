"""The one error body, `{"code", "message"}`, and how it is documented in an app's OpenAPI."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.types import Scope

from auth_sidecar.errors import AuthError


class ErrorBody(BaseModel):
    """Every failure's body: a stable code for programs, a message for people."""

    code: str = Field(examples=["SESSION_REQUIRED"])
    message: str = Field(examples=["Sign in first."])


auth_responses: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "Nobody is signed in behind this request."},
    403: {"model": ErrorBody, "description": "The session cookie came from another site's page."},
    503: {"model": ErrorBody, "description": "It cannot be known who this is. Retry after the seconds given."},
}
"""For `responses=` of a router or route that asks for a user."""


async def render_auth_error(_request: Request, error: AuthError) -> JSONResponse:
    """The answer to a refused request."""
    body = {"code": error.code, "message": error.message}
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


def offer_rendering(scope: Scope) -> None:
    """Makes the app that is about to see an AuthError answer it with the one body, unless it has its own handler.

    An app's handlers are fixed before its lifespan runs, and a mounted app has its own: so they are offered here,
    where Starlette looks them up. Without them FastAPI answers the same status with `{"detail": {...}}`.
    """
    handlers = scope.get("starlette.exception_handlers")
    if handlers is not None:
        handlers[0].setdefault(AuthError, render_auth_error)
