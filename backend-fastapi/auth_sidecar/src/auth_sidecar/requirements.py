"""What a route may require of whoever is signed in, besides being signed in. Each requirement looks at an identity."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from auth_sidecar.errors import AuthError, EmailNotVerified, SecondFactorRequired, SessionNotFresh
from auth_sidecar.identity import Identity


class Requirement(Protocol):
    """One thing that a route requires. A service may have its own: a class with these three, for `require(...)`.

    It looks at nothing but the identity: it does no I/O, and has no state. It must be hashable, as a frozen dataclass
    is. What needs a query is a dependency of its own.
    """

    @property
    def needs(self) -> str:
        """For OpenAPI, as what follows "Requires": `a verified e-mail address`."""
        ...

    def is_met_by(self, identity: Identity) -> bool:
        """Called for each request, after its session was checked."""
        ...

    def refusal(self) -> AuthError:
        """What the request is refused with: a new error each time, such as `RequirementNotMet(code, message)`."""
        ...


@dataclass(frozen=True)
class VerifiedEmail:
    """The user has shown that the e-mail address is theirs."""

    needs = "a verified e-mail address"

    def is_met_by(self, identity: Identity) -> bool:
        """See Requirement."""
        return identity.user.email_verified

    def refusal(self) -> AuthError:
        """See Requirement."""
        return EmailNotVerified()


@dataclass(frozen=True)
class SecondFactor:
    """This session has passed a second factor, whenever that was."""

    needs = "a second factor"

    def is_met_by(self, identity: Identity) -> bool:
        """See Requirement."""
        return identity.session.second_factor_at is not None

    def refusal(self) -> AuthError:
        """See Requirement."""
        return SecondFactorRequired()


@dataclass(frozen=True)
class FreshSignIn:
    """The user has signed in less than `max_age` ago. An administrator who acts as the user has not, and neither has
    whoever brings a token of an old system: it may have been renewed, and nobody knows when the sign-in was."""

    max_age: timedelta

    def __post_init__(self) -> None:
        if self.max_age <= timedelta(0):
            raise ValueError("fresh must be longer than nothing: no sign-in would be fresh enough")

    @property
    def needs(self) -> str:
        """See Requirement."""
        return f"a sign-in within the last {_in_words(self.max_age)}"

    def is_met_by(self, identity: Identity) -> bool:
        """See Requirement."""
        session = identity.session
        if session.impersonated_by is not None or session.is_old_token:
            return False
        return datetime.now(UTC) - session.authenticated_at < self.max_age

    def refusal(self) -> AuthError:
        """See Requirement."""
        return SessionNotFresh()


def refuse_unmet(requirements: Iterable[Requirement], identity: Identity) -> None:
    """Raises the refusal of the first one that is not met."""
    for requirement in requirements:
        if not requirement.is_met_by(identity):
            raise requirement.refusal()


def _in_words(span: timedelta) -> str:
    for unit in ("day", "hour", "minute"):
        count, rest = divmod(span, timedelta(**{f"{unit}s": 1}))
        if not rest:
            return unit if count == 1 else f"{count} {unit}s"
    return f"{span.total_seconds():g} seconds"
