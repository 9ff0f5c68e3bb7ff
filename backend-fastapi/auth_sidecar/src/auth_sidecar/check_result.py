"""What a check of a credential results in, and what makes checks."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol, TypeAlias

from auth_sidecar.credential import Credential
from auth_sidecar.identity import Identity, User

LoadAppUser: TypeAlias = Callable[[User], Awaitable[object]]
"""Finds or makes the service's own record of a user. Called when a user is first seen, when the user has changed, and
when the session is no longer cached. What it returns is cached with the session and shared by requests: make it
immutable. It commits before it returns. It raises UserUnknown if the service's database does not have the user: the
auth server is then asked again, because only it can say whether they were deleted."""


class CheckResult(NamedTuple):
    """Who is behind a credential."""

    identity: Identity
    renewed_cookies: tuple[str, ...] = ()
    """`Set-Cookie` values for the browser, if this check has refreshed the session of a cookie."""
    app_user: object = None
    """What the service's LoadAppUser returned."""

    def without_cookies(self) -> "CheckResult":
        """For other requests: the cookie is for the browser that sent this one."""
        return CheckResult(self.identity, (), self.app_user) if self.renewed_cookies else self


class CheckFailed(Exception):
    """A check that failed with `error`: the service's own, or AuthServerUnavailable after cookies were renewed.

    The browser gets `renewed_cookies` nevertheless.
    """

    def __init__(self, error: Exception, renewed_cookies: tuple[str, ...]) -> None:
        super().__init__("the check failed")
        self.error = error
        self.renewed_cookies = renewed_cookies
        self._traceback = error.__traceback__

    def as_first_raised(self) -> Exception:
        """`error`, without the frames of the requests that have raised it before: all would be logged."""
        return self.error.with_traceback(self._traceback)


class IdentitySource(Protocol):
    """Finds out who is behind a credential. sessions/identify.py has the one with a cache."""

    def recall(self, credential: Credential) -> CheckResult | None:
        """The result if it is cached; None if the auth server has to be asked. Does no I/O."""
        ...

    async def identify(self, credential: Credential, request_id: str | None, *, is_safe: bool) -> CheckResult:
        """Who is behind the credential. `is_safe`: the request changes nothing (RFC 9110 §9.2.1).

        Raises Unauthenticated when the auth server says nobody, AuthServerUnavailable when it cannot be known, and
        CheckFailed.
        """
        ...
