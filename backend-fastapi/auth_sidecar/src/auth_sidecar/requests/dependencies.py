"""What routes depend on. However many of these a request has, it is checked once."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, TypeAlias

from fastapi import Depends
from starlette.requests import HTTPConnection

from auth_sidecar.check_result import CheckResult
from auth_sidecar.credential import names_bearer
from auth_sidecar.errors import AuthError, Unauthenticated
from auth_sidecar.identity import Identity, User
from auth_sidecar.requests.check import check_of
from auth_sidecar.requests.rendering import offer_rendering
from auth_sidecar.requests.schemes import Bearer, Cookie
from auth_sidecar.requirements import Requirement, refuse_unmet


async def current_identity(connection: HTTPConnection, _bearer: Bearer = None, _cookie: Cookie = None) -> Identity:
    """Who is behind the request. Raises AuthError; LifespanNotRun where the app was put together wrongly."""
    return (await identify(connection)).identity


async def current_user(connection: HTTPConnection, _bearer: Bearer = None, _cookie: Cookie = None) -> User:
    """The user behind the request. Raises as current_identity does."""
    return (await identify(connection)).identity.user


async def current_app_user(connection: HTTPConnection, _bearer: Bearer = None, _cookie: Cookie = None) -> object:
    """What the service's own LoadAppUser has for the user behind the request; None where AuthSidecar was given none.

    Raises as current_identity does, and what LoadAppUser raises. Declare its type where you use it:
    `CurrentAppUser: TypeAlias = Annotated[AppUser, Depends(current_app_user)]`.
    """
    return (await identify(connection)).app_user


async def optional_user(connection: HTTPConnection, _bearer: Bearer = None, _cookie: Cookie = None) -> User | None:
    """The user behind the request, or None: nothing was sent, or a session cookie that is no longer valid.

    A bearer token that is refused stays a 401 (its sender meant to be somebody), another site's unsafe
    request a 403, and "don't know" a 503.
    """
    try:
        return (await identify(connection)).identity.user
    except Unauthenticated:
        if names_bearer(connection.scope["headers"]):
            raise
        return None


async def identify(connection: HTTPConnection, requirements: Iterable[Requirement] = ()) -> CheckResult:
    """The result for this request, found once, if it meets the requirements. Raises AuthError and LifespanNotRun."""
    scope = connection.scope
    check = check_of(scope)
    try:
        result = await check.identify(scope)
        refuse_unmet(requirements, result.identity)
    except AuthError:
        if not offer_rendering(scope):
            check.refuse_outside()
        raise
    return result


def on_session_end(connection: HTTPConnection, callback: Callable[[], Awaitable[None] | None]) -> None:
    """Calls back, once, if the session behind this request ends while the request goes on.

    For streams and WebSockets, in a route that has asked for a user: `on_session_end(websocket, websocket.close)`.
    A sign-out, a revocation, a ban, a deletion and the expiry count; the auth server is asked before the callback is
    called, and while it is unavailable no session ends. Raises RuntimeError where the request was not identified, and
    in a `def` route or dependency: those run on a thread of their own, without the event loop.
    """
    check_of(connection.scope).watch(callback)


CurrentIdentity: TypeAlias = Annotated[Identity, Depends(current_identity)]
CurrentUser: TypeAlias = Annotated[User, Depends(current_user)]
OptionalUser: TypeAlias = Annotated[User | None, Depends(optional_user)]
