"""One request and the question who is behind it."""

import re
from collections.abc import Collection

from starlette.types import Scope

from auth_sidecar.credential import Credential, read_bearer, read_session_cookie, refuse_two_sessions
from auth_sidecar.csrf import refuse_cross_site
from auth_sidecar.errors import AuthError, SessionRequired, Unauthenticated
from auth_sidecar.identity import Identity
from auth_sidecar.source import IdentitySource

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class RequestCheck:
    """Asks at most once for a request, and remembers for the answer's headers what came of it."""

    def __init__(self, source: IdentitySource, allowed_origins: Collection[str]) -> None:
        self._source = source
        self._allowed_origins = allowed_origins
        self._outcome: Identity | AuthError | None = None
        self.renewed_cookies: tuple[str, ...] = ()

    @property
    def was_asked(self) -> bool:
        """Whether the answer depends on who is behind the request."""
        return self._outcome is not None

    async def identify(self, scope: Scope) -> Identity:
        """Raises an AuthError: Unauthenticated, CrossSiteRequest or AuthServerUnavailable."""
        if self._outcome is None:
            try:
                self._outcome = await self._identify(scope)
            except AuthError as error:
                self._outcome = error
        if isinstance(self._outcome, AuthError):
            raise self._outcome
        return self._outcome

    async def _identify(self, scope: Scope) -> Identity:
        cookie = read_session_cookie(scope["headers"])
        try:
            bearer = read_bearer(scope["headers"])
            if bearer is not None:
                refuse_two_sessions(bearer, cookie)
                return await self._ask(bearer, scope)
        except Unauthenticated:
            # A refused bearer is never replaced by the cookie beside it, and exempts that cookie from nothing.
            if cookie is not None:
                refuse_cross_site(scope, self._allowed_origins)
            raise
        if cookie is None:
            raise SessionRequired
        refuse_cross_site(scope, self._allowed_origins)
        return await self._ask(cookie, scope)

    async def _ask(self, credential: Credential, scope: Scope) -> Identity:
        answer = await self._source.identify(credential, _request_id(scope))
        self.renewed_cookies = answer.renewed_cookies
        return answer.identity


def _request_id(scope: Scope) -> str | None:
    """The caller's, so that one id finds the lines of all services; the auth server makes its own where it is None."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return value.decode("ascii") if _REQUEST_ID.fullmatch(value) else None
    return None
