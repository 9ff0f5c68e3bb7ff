"""The seam between "a request says who it is" and "who knows whether that is true"."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol, TypeAlias

from auth_sidecar.credential import Credential
from auth_sidecar.identity import Identity, User

LoadAppUser: TypeAlias = Callable[[User], Awaitable[object]]
"""Finds or makes the service's own record of a user. Called when a user is first seen, when the user changed, and
when the answer is no longer kept; what it returns is kept with the session and shared by requests: make it immutable.
Commits before it returns. Raises UserUnknown where the service's database does not know the user: only the auth server
can say whether they were deleted since, so it is asked again."""


class Answer(NamedTuple):
    """What a source knows about a credential."""

    identity: Identity
    renewed_cookies: tuple[str, ...] = ()
    """`Set-Cookie` values for the browser, when this check has extended the session of a cookie."""
    app_user: object = None
    """What the service's LoadAppUser returned."""

    def without_cookies(self) -> "Answer":
        """For requests to come: the renewal was for the browser that asked."""
        return Answer(self.identity, (), self.app_user) if self.renewed_cookies else self


class AskingFailed(Exception):
    """What was asked for failed with `error`: the service's own, or AuthServerUnavailable after cookies were renewed.

    `renewed_cookies` are the browser's all the same.
    """

    def __init__(self, error: Exception, renewed_cookies: tuple[str, ...]) -> None:
        super().__init__("what was asked for failed")
        self.error = error
        self.renewed_cookies = renewed_cookies
        self._traceback = error.__traceback__

    def as_first_raised(self) -> Exception:
        """`error`, to be raised in one more request: without the frames of those that have raised it before.

        All of them share it, and a traceback that grew with each would be logged with each.
        """
        return self.error.with_traceback(self._traceback)


class IdentitySource(Protocol):
    """Knows who is behind a credential. sessions.py is the one with a cache."""

    def recall(self, credential: Credential) -> Answer | None:
        """The answer where it is known already; None where somebody has to be asked. Does no I/O."""
        ...

    async def identify(self, credential: Credential, request_id: str | None, *, is_safe: bool) -> Answer:
        """Who is behind the credential. `is_safe`: the request changes nothing (RFC 9110 §9.2.1).

        Raises Unauthenticated when the auth server says nobody, AuthServerUnavailable when it cannot be known, and
        AskingFailed.
        """
        ...
