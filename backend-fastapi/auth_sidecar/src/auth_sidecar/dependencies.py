"""What routes ask for. However many of these a request meets, the auth server is asked once."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Security
from starlette.requests import HTTPConnection

from auth_sidecar.check import RequestCheck
from auth_sidecar.errors import AuthError, LifespanNotRun, Unauthenticated
from auth_sidecar.identity import Identity, User
from auth_sidecar.middleware import SCOPE_KEY
from auth_sidecar.rendering import offer_rendering
from auth_sidecar.schemes import bearer_scheme, cookie_scheme

_Bearer: TypeAlias = Annotated[None, Security(bearer_scheme)]
_Cookie: TypeAlias = Annotated[None, Security(cookie_scheme)]


async def current_identity(connection: HTTPConnection, _bearer: _Bearer, _cookie: _Cookie) -> Identity:
    """Who is behind the request. Raises AuthError; LifespanNotRun where the app was put together wrongly."""
    return await _identify(connection)


async def current_user(connection: HTTPConnection, _bearer: _Bearer, _cookie: _Cookie) -> User:
    """The user behind the request. Raises as current_identity does."""
    return (await _identify(connection)).user


async def optional_user(connection: HTTPConnection, _bearer: _Bearer, _cookie: _Cookie) -> User | None:
    """The user behind the request, or None: nothing was sent, or a session cookie that opens nothing any more.

    An Authorization header that is refused stays a 401 (its sender meant to be somebody), another site's unsafe
    request a 403, and "don't know" a 503.
    """
    try:
        return (await _identify(connection)).user
    except Unauthenticated:
        if "authorization" in connection.headers:
            raise
        return None


async def _identify(connection: HTTPConnection) -> Identity:
    check: RequestCheck | None = connection.scope.get(SCOPE_KEY)
    if check is None:
        raise LifespanNotRun
    try:
        return await check.identify(connection.scope)
    except AuthError:
        offer_rendering(connection.scope)
        raise


CurrentIdentity: TypeAlias = Annotated[Identity, Depends(current_identity)]
CurrentUser: TypeAlias = Annotated[User, Depends(current_user)]
OptionalUser: TypeAlias = Annotated[User | None, Depends(optional_user)]
